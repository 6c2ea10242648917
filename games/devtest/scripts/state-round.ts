import { type Data, defineObject, maybe } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** State that contains itself. */
export default defineObject({
  state: { armed: false, data: maybe<Data>() },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const round: Data[] = [];
      round.push(round);
      self.state.data = round;
    },
  },
  methods: { arm },
});
