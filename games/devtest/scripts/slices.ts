import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Lists in a list without end, by `slice`: holes are cheap to ask for and dear to copy. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const all: unknown[] = [];
      for (;;) all.push(new Array(1000).slice());
    },
  },
  methods: { arm },
});
