import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** An object with more and more keys. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      const all: Record<string, number> = {};
      for (let i = 0; ; i++) all[`k${i}`] = i;
    },
  },
  methods: { arm },
});
