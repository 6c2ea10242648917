import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A growing Set. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const all = new Set<number>();
      for (let i = 0; ; i++) all.add(i);
    },
  },
  methods: { arm },
});
