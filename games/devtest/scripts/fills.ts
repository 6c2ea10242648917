import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** One list of a gigabyte, by `fill`: refused for its length, like `Array.from` and `apply` on as many. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      new Array(2 ** 27 - 3).fill(1);
    },
  },
  methods: { arm },
});
