import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

let thrown = false;

/** A throw in its first tick only; a module variable is not undone with the handler, and is gone after a reload. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      if (thrown) return;
      thrown = true;
      throw new Error('Thrown in the first tick');
    },
  },
  methods: { arm },
});
