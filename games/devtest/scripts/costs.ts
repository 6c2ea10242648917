import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A cost that is not its own: kinds are names of files, so it cannot say that it is another. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      Object.defineProperty(self, 'kind', { value: 'pebble' });
    },
  },
  methods: { arm },
});
