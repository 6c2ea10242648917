import { defineObject } from 'roost';

/** A fast body: one metre a tick, and it does not go through what is thinner. */
export default defineObject({
  look: { shape: 'box', width: 0.4, height: 0.05, color: '#a33' },
  body: { shape: 'circle', radius: 0.05, fast: true, damping: 0 },
  state: { hit: '' },
  on: {
    touch(self, { other }) {
      self.state.hit = other.kind;
    },
  },
});
