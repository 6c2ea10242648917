import { defineObject } from 'roost';

/** A gate: whoever uses it opens or closes it for everybody. */
export default defineObject({
  look: { shape: 'box', color: '#e8d9bb', width: 2, height: 0.3, label: 'Gate' },
  body: { shape: 'box', width: 2, height: 0.3, type: 'static' },
  state: { open: false },

  on: {
    load(self) {
      self.body.solid = !self.state.open;
    },

    activate(self) {
      if (self.state.open && self.touching('player').length > 0) return 'Mind your toes: somebody stands in the gate.';
      self.state.open = !self.state.open;
      self.body.solid = !self.state.open;
      self.effect('gate');
    },
  },
});
