import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';
import { burn } from './lib/burn.ts';

/** A hundred times slower than it was: over its budget never, but over what the build before it cost. */
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
