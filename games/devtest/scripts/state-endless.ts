import { type Data, defineObject, maybe } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** State whose fields never come to an end when they are read. */
export default defineObject({
  state: { armed: false, data: maybe<Data>() },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      self.state.data = Object.defineProperty({}, 'now', {
        enumerable: true,
        get() {
          for (;;);
        },
      });
    },
  },
  methods: { arm },
});
