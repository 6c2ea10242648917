import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** An object with more and more keys. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const all: Record<string, number> = {};
      for (let i = 0; ; i++) all[`k${i}`] = i;
    },
  },
  methods: { arm },
});
