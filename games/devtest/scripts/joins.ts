import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A list that is as long as itself twice, again and again. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      let all = [1, 2, 3, 4];
      for (;;) all = all.concat(all);
    },
  },
  methods: { arm },
});
