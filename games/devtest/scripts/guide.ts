import { defineObject } from 'roost';

/** Takes a player to another zone, and himself to one that is not there: `refused` says why he is still here. */
export default defineObject({
  look: '🧭',
  state: { refused: '' },
  on: {
    activate(_self, { by, world }) {
      world.goto(by, 'hall');
    },
    refused(self, { verb, reason }) {
      self.state.refused = `${verb}: ${reason}`;
    },
  },
  methods: {
    leave: { allow: 'view', handle: (self, { world }) => world.goto(self, 'nowhere') },
  },
});
