import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Effects and events without end: one handler asks for two thousand things at most, then it fails. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self, { world }) {
      if (!isArmed(self)) return;
      for (let i = 0; i < 10_000; i++) {
        self.effect('spark', { i });
        world.emit('spark', { i });
      }
    },
  },
  methods: { arm },
});
