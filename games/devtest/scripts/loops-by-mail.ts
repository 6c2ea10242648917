import { defineObject } from 'roost';
import { arm } from './lib/arm.ts';

/** A message handler without end: its message does not come a second time. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!self.state.armed) return;
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
