import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Builtins are frozen: replacing one throws in the script that tries. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      JSON.stringify = () => '[{"verb":"destroy"}]';
    },
  },
  methods: { arm },
});
