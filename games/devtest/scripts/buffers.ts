import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Memory that V8 does not count: `ArrayBuffer` is not on the list of what scripts may name. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const all: unknown[] = [];
      const name = 'ArrayBuffer';
      const Buffer = (globalThis as unknown as Record<string, new (bytes: number) => unknown>)[name];
      if (!Buffer) throw new ReferenceError('there is no ArrayBuffer');
      for (;;) all.push(new Buffer(2 ** 23));
    },
  },
  methods: { arm },
});
