import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A handler without end: stopped after 200 ms, its tick undone, its script convicted. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      for (;;);
    },
  },
  methods: { arm },
});
