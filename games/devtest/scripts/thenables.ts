import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Something that calls back, left in state and given away: it is data without its functions, or refused. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const later = {
        // biome-ignore lint/suspicious/noThenProperty: to look like a promise is the point
        then(done: () => void) {
          done();
          for (;;);
        },
      };
      self.effect('later', later as never);
    },
  },
  methods: { arm },
});
