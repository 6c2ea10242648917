import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A regular expression that tries 2⁴⁰ ways: stopped like a loop. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      /^(a+)+$/.test(`${'a'.repeat(40)}!`);
    },
  },
  methods: { arm },
});
