import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Other people’s ids and its own inventions: what is asked for is checked outside, whoever asks. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self, { world }) {
      if (!isArmed(self)) return;
      for (const id of ['', 'ffffffffffffffff', '__proto__', 'constructor', ' ', '0'.repeat(16)]) {
        self.send(id, 'forged', { verb: 'destroy', id });
        if (world.get(id)) throw new Error('Got somebody else');
      }
      for (const view of self.around(100)) {
        Object.assign(view, { id: self.id, owner: 'guest:0000000000000000' });
      }
      Object.assign(self, { intents: [{ verb: 'destroy', id: self.id }], costs: { kinds: [] }, tick: -1 });
    },
  },
  methods: { arm },
});
