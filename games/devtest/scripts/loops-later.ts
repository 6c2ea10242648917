import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** A timer without end: the blame names `timers.bang`, not the tick that set it. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      self.state.armed = false;
      self.after(0.05, 'bang');
    },
  },
  timers: {
    bang() {
      for (;;);
    },
  },
  methods: { arm },
});
