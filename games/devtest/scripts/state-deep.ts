import { type Data, defineObject, maybe } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** State nested 10,000 deep: 16 are let through. */
export default defineObject({
  state: { armed: false, data: maybe<Data>() },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      let deep: Data = 1;
      for (let i = 0; i < 10_000; i++) deep = [deep];
      self.state.data = deep;
    },
  },
  methods: { arm },
});
