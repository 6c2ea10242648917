import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A hundred million arguments. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      Math.max.apply(null, { length: 1e8 } as unknown as number[]);
    },
  },
  methods: { arm },
});
