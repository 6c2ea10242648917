import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A hook that would run whenever an error is looked at. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      (Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = () => {
        for (;;);
      };
      (null as unknown as { x: number }).x = 1;
    },
  },
  methods: { arm },
});
