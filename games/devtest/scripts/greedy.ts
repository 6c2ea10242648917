import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';
import { burn } from './lib/burn.ts';

/** Over its budget in every tick, never over the limit: its `tick` runs every 2nd, 4th, 8th time, then rests. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      burn(3);
    },
  },
  methods: { arm },
});
