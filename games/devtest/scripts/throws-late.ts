import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A throw in its fiftieth tick. */
export default defineObject({
  state: { armed: false },
  secret: { ticks: 0 },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      self.secret.ticks += 1;
      if (self.secret.ticks === 50) throw new Error('Thrown in the fiftieth tick');
    },
  },
  methods: { arm },
});
