import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Code from text, by the constructor of any function. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const make = (self.say as unknown as { constructor: (code: string) => () => unknown }).constructor;
      make('for (;;);')();
    },
  },
  methods: { arm },
});
