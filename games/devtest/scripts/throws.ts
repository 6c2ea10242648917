import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A throw in every tick: three within ten seconds, and the script rests on this object. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      throw new Error('Thrown in every tick');
    },
  },
  methods: { arm },
});
