import { defineObject } from 'roost';

/** The least that a `tick` can do: what is left is the price of calling it. */
export default defineObject({
  state: { phase: 0, meals: 0 },
  on: {
    tick(self, { world }) {
      if ((world.tick + self.state.phase) % 100 === 0) self.state.meals += 1;
    },
  },
});
