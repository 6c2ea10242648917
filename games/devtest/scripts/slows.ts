import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';
import { burn } from './lib/burn.ts';

let ticks = 0;

/**
 * A hundred times slower than it was, after a second and a half when no trial looks any more: never over its budget, but
 * far over what the build before it cost.
 */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      ticks += 1;
      if (ticks > 30) burn(3);
    },
  },
  methods: { arm },
});
