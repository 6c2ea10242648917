import { defineObject } from 'roost';

/** Throws in `create`: it is in the world all the same, with its first values. Others spawn it. */
export default defineObject({
  state: { born: false },
  on: {
    create(self) {
      self.state.born = true;
      throw new Error('Thrown in create');
    },
  },
});
