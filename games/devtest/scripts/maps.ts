import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A growing Map. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const all = new Map<number, number>();
      for (let i = 0; ; i++) all.set(i, i);
    },
  },
  methods: { arm },
});
