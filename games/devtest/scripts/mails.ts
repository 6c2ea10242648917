import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Messages without end: twenty a second and object, then `send` is false. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      for (let i = 0; i < 10_000; i++) self.send(self, 'more');
    },
  },
  messages: { more() {} },
  methods: { arm },
});
