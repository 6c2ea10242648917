import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** JSON of what is nested a million deep. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      let deep: unknown = 1;
      for (let i = 0; i < 1e6; i++) deep = [deep];
      JSON.stringify(deep);
    },
  },
  methods: { arm },
});
