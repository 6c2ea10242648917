import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** One list of a thousand million, by `Array.from`. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      Array.from({ length: 1e9 });
    },
  },
  methods: { arm },
});
