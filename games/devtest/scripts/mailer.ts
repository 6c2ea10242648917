import { defineObject, list } from 'roost';

/** Messages come in the next tick, in order per sender; one to nobody is not sent. */
export default defineObject({
  look: '📮',
  state: { got: list<number>(), from: '', at: 0, sent: 0, nobody: true },
  methods: {
    post: {
      allow: 'view',
      handle(self, { world }) {
        for (const n of [1, 2, 3]) self.send(self, 'letter', n);
        self.state.sent = world.tick;
        self.state.nobody = self.send('ffffffffffffffff', 'letter', 4);
      },
    },
  },
  messages: {
    letter(self, { from, data, world }) {
      self.state.got = [...self.state.got, Number(data)];
      self.state.from = from?.id ?? '';
      self.state.at = world.tick;
    },
  },
});
