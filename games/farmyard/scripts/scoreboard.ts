import { defineObject } from 'roost';

const enough = 5;

/** The score. Everybody sees its state; the first team with five goals wins, and it starts again. */
export default defineObject({
  look: { shape: 'box', color: '#2f4a3c', width: 2.4, height: 0.3, label: 'Scoreboard' },
  body: { shape: 'box', width: 2.2, height: 0.3, type: 'static' },
  state: { red: 0, blue: 0 },

  on: {
    activate: (self) => `Red ${self.state.red}, blue ${self.state.blue}. The first with ${enough} wins.`,
  },

  messages: {
    goal(self, { data, world }) {
      const team = data.team === 'blue' ? 'blue' : 'red';
      self.state[team] += 1;
      const { red, blue } = self.state;
      const won = self.state[team] >= enough;
      world.emit('goal', { team, red, blue, won, x: data.x, y: data.y });
      if (won) self.after(6, 'again');
    },
  },

  timers: {
    again(self) {
      self.state.red = 0;
      self.state.blue = 0;
    },
  },
});
