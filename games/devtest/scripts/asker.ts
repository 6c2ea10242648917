import { defineObject } from 'roost';

/** Asks a player; the choice comes to `answers`, and only one that was offered to that player. */
export default defineObject({
  look: '❓',
  state: { chosen: '' },
  on: {
    activate(self, { by }) {
      self.ask(by, 'colour', 'Which colour?', ['red', 'blue']);
    },
  },
  answers: {
    colour(self, { choice }) {
      self.state.chosen = choice;
      return `${choice} it is.`;
    },
  },
});
