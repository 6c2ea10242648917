import { type Data, defineObject, maybe } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** State that is no number: NaN and Infinity are refused. */
export default defineObject({
  state: { armed: false, data: maybe<Data>() },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      self.state.data = [Number.NaN, Number.POSITIVE_INFINITY];
    },
  },
  methods: { arm },
});
