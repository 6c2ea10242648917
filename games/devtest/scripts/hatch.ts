import { defineObject } from 'roost';

/** A static body that is solid or not, as it is told. */
export default defineObject({
  look: { shape: 'box', color: '#853', label: 'Hatch' },
  body: { shape: 'box', width: 1, height: 0.3, type: 'static' },
  state: { open: false },
  on: {
    activate(self) {
      self.state.open = !self.state.open;
      self.body.solid = !self.state.open;
    },
  },
});
