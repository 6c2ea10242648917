import { type Data, defineObject, maybe } from 'roost';
import { arm } from './lib/arm.ts';

/** State that is no number: NaN and Infinity are refused. */
export default defineObject({
  state: { armed: false, data: maybe<Data>() },
  on: {
    tick(self) {
      if (!self.state.armed) return;
      self.state.data = [Number.NaN, Number.POSITIVE_INFINITY];
    },
  },
  methods: { arm },
});
