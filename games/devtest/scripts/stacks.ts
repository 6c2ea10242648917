import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A hook that would run whenever an error is looked at. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      (Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = () => {
        for (;;);
      };
      (null as unknown as { x: number }).x = 1;
    },
  },
  methods: { arm },
});
