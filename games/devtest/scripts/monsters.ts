import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** An error that never ends when it is read. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
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
