import { type Data, defineObject, maybe } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** State of ten million characters: 16 KB are let through. */
export default defineObject({
  state: { armed: false, data: maybe<Data>() },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      self.state.data = Array.from({ length: 20 }, () => 'x'.repeat(5e5));
    },
  },
  methods: { arm },
});
