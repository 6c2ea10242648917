import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A message handler without end: its message does not come a second time. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      self.state.armed = false;
      self.send(self, 'bang');
    },
  },
  messages: {
    bang() {
      for (;;);
    },
  },
  methods: { arm },
});
