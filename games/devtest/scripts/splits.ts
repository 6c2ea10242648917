import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A text of 268 million characters, taken apart. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      'a'.repeat(2 ** 28).split('');
    },
  },
  methods: { arm },
});
