import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

function deeper(n: number): number {
  return 1 + deeper(n + 1);
}

/** Recursion without end: a RangeError in its handler, undone like any throw. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      deeper(0);
    },
  },
  methods: { arm },
});
