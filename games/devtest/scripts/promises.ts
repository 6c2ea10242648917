import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** There is no `Promise`, and no `async` to make one. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const name = 'Promise';
      const found = (globalThis as unknown as Record<string, typeof Promise | undefined>)[name];
      if (!found) throw new ReferenceError('there is no Promise');
      found.reject(new Error('left over')).then(() => {
        for (;;);
      });
    },
  },
  methods: { arm },
});
