import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** Catches being stopped, again and again: what is stopped cannot be caught. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
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
