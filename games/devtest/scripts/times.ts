import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** Timers without end: 64 an object, then the handler fails. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      for (let i = 0; ; i++) self.after(60, `t${i}`);
    },
  },
  methods: { arm },
});
