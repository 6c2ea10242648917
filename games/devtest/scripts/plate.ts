import { defineObject } from 'roost';

/** A sensor: it feels who steps on it and blocks nobody. `touch` once for each contact, then `part`. */
export default defineObject({
  look: { shape: 'box', color: '#cc8', label: 'Plate' },
  body: { shape: 'box', width: 1, height: 1, type: 'static', sensor: true },
  state: { on: 0, touched: 0 },
  on: {
    touch(self) {
      self.state.on += 1;
      self.state.touched += 1;
    },
    part(self) {
      self.state.on -= 1;
    },
  },
});
