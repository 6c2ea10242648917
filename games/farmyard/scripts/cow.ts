import { defineObject } from 'roost';

/** Berta. She counts pats. */
export default defineObject({
  look: { shape: 'box', color: '#fbf4ea', width: 1.7, height: 0.8, label: 'Cow' },
  body: { shape: 'box', width: 1.7, height: 0.7, type: 'static' },

  on: {
    create: (self) => self.every(20, 'low'),
    activate(self, { by }) {
      const memory = self.memory<{ pats: number }>(by);
      memory.pats = (memory.pats ?? 0) + 1;
      self.say('Moooo.');
      self.effect('moo');
      if (memory.pats === 1) return `${self.name} leans into your hand.`;
      return `${memory.pats} pats. ${self.name} has counted, too.`;
    },
  },

  timers: {
    low: (self) => self.sayOneOf(['Moo.', 'Mmmmh.', '*chews*']),
  },
});
