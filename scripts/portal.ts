import { defineObject } from 'roost';

/** A way to another zone: who steps in comes out there, with what they carry. The map says where it leads. */
export default defineObject({
  look: { shape: 'box', color: '#ffecaa', width: 1.8, height: 0.5, label: 'Door' },
  body: { shape: 'box', width: 1.8, height: 0.5, type: 'static', sensor: true },
  state: { to: '', at: 'spawn' },

  on: {
    touch(self, { other, world }) {
      if (other.isPlayer && self.state.to) world.goto(other, self.state.to, self.state.at);
    },
  },
});
