import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Lines of the log without end: a hundred a second and object, the others are dropped. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      for (let i = 0; i < 10_000; i++) self.log('again', i);
    },
  },
  methods: { arm },
});
