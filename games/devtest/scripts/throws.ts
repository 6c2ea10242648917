import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A throw in every tick: three within ten seconds, and the script rests on this object. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      throw new Error('Thrown in every tick');
    },
  },
  methods: { arm },
});
