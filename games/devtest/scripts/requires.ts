import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** The machine: `process`, `require`, `globalThis.process` are nothing. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const all = globalThis as unknown as Record<string, ((name: string) => unknown) | undefined>;
      const machine = all.process ?? all.require?.('fs') ?? all.global;
      if (machine === undefined) throw new ReferenceError('there is no machine');
      self.say(`Got out: ${typeof machine}`);
    },
  },
  methods: { arm },
});
