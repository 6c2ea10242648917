import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

const kept: unknown[] = [];

/** A little more in every tick, kept in a variable: no single tick is to blame. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      kept.push(new Array(50_000).fill(self.id));
    },
  },
  methods: { arm },
});
