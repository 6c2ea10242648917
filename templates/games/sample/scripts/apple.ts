import { defineObject } from 'roost';

/** An apple. Whoever is quickest has it. */
export default defineObject({
  look: { shape: 'circle', color: '#d8483e', size: 0.36, label: 'Apple' },
  body: { shape: 'circle', radius: 0.18, density: 0.4 },

  on: {
    activate(self, { by }) {
      if (self.holder) return 'Somebody was quicker.';
      if (!self.into(by)) return 'You carry three already: eat one.';
      self.effect('take');
    },
  },
});
