import { defineObject } from 'roost';

/** A kinematic body: it goes at its own speed and carries away what is in its way. */
export default defineObject({
  look: { shape: 'box', color: '#558', label: 'Lift' },
  body: { shape: 'box', width: 1.5, height: 0.4, type: 'kinematic' },
  state: { up: false },
  methods: {
    ride: {
      allow: 'view',
      handle(self) {
        self.state.up = !self.state.up;
        self.velocity(0, self.state.up ? -1 : 1);
        self.after(1, 'stop');
      },
    },
  },
  timers: { stop: (self) => self.stop() },
});
