import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A builtin that never looks at the clock: only the watchdog ends it, and the worker with it. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      new Array(2 ** 32 - 1).sort();
    },
  },
  methods: { arm },
});
