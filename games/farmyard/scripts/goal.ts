import { defineObject } from 'roost';

/** A goal: the ball in it counts for the other team. `team` says whose goal it is. */
export default defineObject({
  look: { shape: 'box', color: '#fffaf0', width: 0.8, height: 3, label: 'Goal' },
  body: { shape: 'box', width: 0.6, height: 2.9, type: 'static', sensor: true },
  state: { team: 'red' },

  on: {
    touch(self, { other, world }) {
      if (other.kind !== 'ball' || !self.cooldown('goal', 2)) return;
      const team = self.state.team === 'red' ? 'blue' : 'red';
      for (const board of world.find('scoreboard')) self.send(board, 'goal', { team, x: self.x, y: self.y });
      self.send(other, 'reset', { to: 'kick-off' });
    },
  },
});
