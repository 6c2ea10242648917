import { defineObject } from 'roost';

/** Three ways to remember a player: for ever, once, and for a while. */
export default defineObject({
  look: '🐘',
  on: {
    activate(self, { by }) {
      const memory = self.memory<{ visits: number }>(by);
      memory.visits = (memory.visits ?? 0) + 1;
      return {
        visits: memory.visits,
        firstEver: self.once(by, 'ever'),
        firstToday: self.once(by, 'day', 'today'),
        rested: self.cooldown('rest', 3600, by),
      };
    },
  },
});
