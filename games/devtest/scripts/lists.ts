import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** One list of a thousand million, by `Array.from`. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      Array.from({ length: 1e9 });
    },
  },
  methods: { arm },
});
