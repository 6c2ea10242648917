import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** JSON of what is nested a hundred thousand deep. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      let deep: unknown = 1;
      for (let i = 0; i < 1e5; i++) deep = [deep];
      JSON.stringify(deep);
    },
  },
  methods: { arm },
});
