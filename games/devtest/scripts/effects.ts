import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** Effects and events without end. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self, { world }) {
      if (!self.state.armed) return;
      for (let i = 0; i < 10_000; i++) {
        self.effect('spark', { i });
        world.emit('spark', { i });
      }
    },
  },
  methods: { arm },
});
