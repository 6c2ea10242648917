import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A throw in its fiftieth tick. */
export default defineObject({
  state: { armed: false },
  secret: { ticks: 0 },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      self.secret.ticks += 1;
      if (self.secret.ticks === 50) throw new Error('Thrown in the fiftieth tick');
    },
  },
  methods: { arm },
});
