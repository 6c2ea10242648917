import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A text of 268 million characters, taken apart. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      'a'.repeat(2 ** 28).split('');
    },
  },
  methods: { arm },
});
