import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Prototypes are frozen too: what would forge the answers of everybody else. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      Object.assign(Object.prototype, { toJSON: () => ({ forged: true }) });
    },
  },
  methods: { arm },
});
