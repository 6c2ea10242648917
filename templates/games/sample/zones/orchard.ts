import { defineZone } from 'roost';

/** What every script of the zone can read and set in `world.state`, and every page sees. */
declare module 'roost' {
  interface ZoneState {
    /** Apples eaten here since the beginning. */
    eaten: number;
  }
}

/** The orchard itself: it tells everybody who comes. */
export default defineZone({
  state: { eaten: 0 },

  on: {
    enter: (world, { who }) => world.emit('welcome', { name: who.name, eaten: world.state.eaten }),
  },
});
