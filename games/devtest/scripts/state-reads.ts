import { type Data, defineObject, maybe } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** State whose fields run code when they are read: they are read once, in the handler, where throwing is undone. */
export default defineObject({
  state: { armed: false, data: maybe<Data>() },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      self.state.data = Object.defineProperty({}, 'now', {
        enumerable: true,
        get() {
          throw new Error('read');
        },
      });
    },
  },
  methods: { arm },
});
