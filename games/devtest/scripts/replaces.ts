import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** Builtins are frozen: replacing one throws in the script that tries. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      JSON.stringify = () => '[{"verb":"destroy"}]';
    },
  },
  methods: { arm },
});
