import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** Code from text, by the constructor of any function. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      const make = (self.say as unknown as { constructor: (code: string) => () => unknown }).constructor;
      make('for (;;);')();
    },
  },
  methods: { arm },
});
