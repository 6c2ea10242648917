import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A cost that is not its own: kinds are names of files, so it cannot say that it is another. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      Object.defineProperty(self, 'kind', { value: 'pebble' });
    },
  },
  methods: { arm },
});
