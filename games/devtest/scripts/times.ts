import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

const names = Array.from({ length: 200 }, (_, i) => `t${i}`);

/** Timers without end: 64 an object, then the handler fails. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      for (const name of names) self.after(60, name);
    },
  },
  timers: Object.fromEntries(names.map((name) => [name, () => {}])),
  methods: { arm },
});
