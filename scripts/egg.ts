import { defineObject } from 'roost';

/** An egg. Whoever is quickest has it: it is one thing with one holder, so it is never there twice. */
export default defineObject({
  look: { shape: 'circle', color: '#fff7ea', size: 0.3, label: 'Egg' },
  body: { shape: 'circle', radius: 0.14, density: 0.4, restitution: 0.2 },

  methods: {
    take: {
      label: 'Pick up',
      durable: true, // the answer comes when it is on disk: nobody loses an egg that they were told they have
      handle(self, { by }) {
        if (self.holder) return 'Somebody was quicker.';
        self.effect('take');
        if (!self.into(by)) return 'Your arms are full.';
      },
    },
  },
});
