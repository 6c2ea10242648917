import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** Prototypes are frozen too: what would forge the answers of everybody else. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      Object.assign(Object.prototype, { toJSON: () => ({ forged: true }) });
    },
  },
  methods: { arm },
});
