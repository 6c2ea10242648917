import { defineObject } from 'roost';

/** Grows hungry with the day and the way home in every tick; in one of a hundred it eats. */
export default defineObject({
  state: { phase: 0, hunger: 0, meals: 0, homeX: 50, homeY: 25 },
  on: {
    tick(self, { world }) {
      const { state } = self;
      const away = Math.hypot(self.x - state.homeX, self.y - state.homeY);
      const day = 0.5 + 0.5 * Math.sin(world.time / 600 + state.phase);
      const hungry = state.hunger + day * away > 0.01;
      if (!hungry || (world.tick + state.phase) % 100 !== 0) return;
      state.hunger = Math.round(day * 10);
      state.meals += 1;
    },
  },
});
