import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** Spawns without end: five a second and object, then `spawn` throws and its handler is undone. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self, { world }) {
      if (!self.state.armed) return;
      for (;;) world.spawn('pebble', { at: self });
    },
  },
  methods: { arm },
});
