import { defineObject } from 'roost';

/** `near` when a player comes within three metres, `far` when he goes a little beyond; `hear` what is said. */
export default defineObject({
  look: '👮',
  near: { radius: 3 },
  state: { near: 0, far: 0, heard: '' },
  on: {
    near(self) {
      self.state.near += 1;
    },
    far(self) {
      self.state.far += 1;
    },
    hear(self, { text }) {
      self.state.heard = text;
      self.say('Never heard by itself.');
    },
  },
});
