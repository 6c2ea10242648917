import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A builtin that never looks at the clock, on four thousand million places: refused for its length. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      new Array(2 ** 32 - 1).sort();
    },
  },
  methods: { arm },
});
