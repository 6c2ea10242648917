import { defineZone } from 'roost';

/** The meadow has a sky: its hours go round, and every script can read them in `world.state`. */
declare module 'roost' {
  interface ZoneState {
    /** 0 … 24. */
    hour: number;
    night: boolean;
  }
}

const dusk = 20.5;
const dawn = 5.5;
const stepS = 2;

export default defineZone({
  state: { hour: 8, night: false },

  on: {
    create: (world) => world.every(stepS, 'clock'),
  },

  timers: {
    /** The clock stands still while nobody is here: a zone without players sleeps. */
    clock(world) {
      const minutes = Number(world.settings[world.state.night ? 'nightMinutes' : 'dayMinutes'] ?? 2);
      const hours = world.state.night ? 24 - dusk + dawn : dusk - dawn;
      const hour = (world.state.hour + (hours * stepS) / (minutes * 60)) % 24;
      world.state.hour = Math.round(hour * 100) / 100;
      world.state.night = hour >= dusk || hour < dawn;
    },
  },
});
