import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Catches being stopped, again and again: what is stopped cannot be caught. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      for (;;) {
        try {
          for (;;);
        } finally {
        }
      }
    },
  },
  methods: { arm },
});
