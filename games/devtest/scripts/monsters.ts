import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** An error that never ends when it is read. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      throw {
        get message() {
          for (;;);
        },
        get stack() {
          for (;;);
        },
      };
    },
  },
  methods: { arm },
});
