import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A throw in `create` of what it spawns: that one stands there, and says why. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self, { world }) {
      if (!isArmed(self)) return;
      self.state.armed = false;
      world.spawn('stillborn', { at: self });
    },
  },
  methods: { arm },
});
