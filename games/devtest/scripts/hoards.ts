import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

const kept: unknown[] = [];

/** A little more in every tick, kept in a variable: no single tick is to blame. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      kept.push(new Array(50_000).fill(self.id));
    },
  },
  methods: { arm },
});
