import { defineObject } from 'roost';

const full = 24;

/** The egg basket. It holds 24 eggs that anybody brings; then there is a party for everyone, and chicks. */
export default defineObject({
  look: { shape: 'circle', color: '#c58a45', label: 'Egg basket' },
  body: { shape: 'circle', radius: 0.5, type: 'static' },
  contains: { max: full },
  state: { eggs: 0 },

  before: {
    enter: (_self, { what }) => (what.kind === 'egg' ? undefined : 'Only eggs go into the basket.'),
  },

  on: {
    activate(self) {
      const left = full - self.state.eggs;
      return `${self.state.eggs} ${self.state.eggs === 1 ? 'egg' : 'eggs'} so far. ${left} more, and something happens.`;
    },
  },

  methods: {
    put: {
      label: 'Put in',
      durable: true,
      handle(self, { by, world }) {
        let eggs = self.contents('egg').length;
        for (const egg of by.contents('egg')) if (eggs < full && egg.into(self)) eggs += 1;
        if (eggs === self.state.eggs) return 'Bring an egg. Hens leave them everywhere.';
        self.state.eggs = eggs;
        self.effect('put');
        if (eggs < full) return `${eggs} of ${full}.`;
        self.take('egg', full);
        self.state.eggs = 0;
        world.emit('party', { by: by.name, x: self.x, y: self.y });
        for (const hen of world.find('chicken')) self.send(hen, 'dance');
        for (let i = 0; i < 5; i++)
          world.spawn('chick', { at: { x: self.x - 1 + i * 0.5, y: self.y + 1 }, state: { by: by.name } });
      },
    },
  },
});
