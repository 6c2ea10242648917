import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Spawns without end: five a second and object, then `spawn` throws and its handler is undone. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self, { world }) {
      if (!isArmed(self)) return;
      for (;;) world.spawn('pebble', { at: self });
    },
  },
  methods: { arm },
});
