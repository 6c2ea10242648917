import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A hundred million arguments. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      Math.max.apply(null, { length: 1e8 } as unknown as number[]);
    },
  },
  methods: { arm },
});
