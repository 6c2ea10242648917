import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Lines without end: five a second and object, the others are dropped. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      for (let i = 0; i < 10_000; i++) self.say(`Line ${i}.`);
    },
  },
  methods: { arm },
});
