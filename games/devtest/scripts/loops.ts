import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A handler without end: stopped after 200 ms, its tick undone, its script convicted. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      for (;;);
    },
  },
  methods: { arm },
});
