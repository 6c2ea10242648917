import { defineObject } from 'roost';

const names = ['Biscuit', 'Pip', 'Marigold', 'Button', 'Hazel', 'Ginger', 'Poppy', 'Tansy', 'Fern', 'Waffle'];
const mostHens = 16;

/** A chick out of the basket. It runs after the nearest hen, and is one itself when it is three minutes old. */
export default defineObject({
  look: { shape: 'circle', color: '#ffd95c', size: 0.3, label: 'Chick' },
  body: { shape: 'circle', radius: 0.14, density: 0.3 },
  speed: 1.4,
  every: 0.3,
  /** Who filled the basket. */
  state: { by: '' },

  on: {
    create(self, { world }) {
      self.every(world.random(4, 8), 'peep');
      self.after(world.random(150, 210), 'grow');
    },

    tick(self) {
      const hen = self.nearest('chicken', 20);
      if (hen && self.distance(hen) > 1) self.walkTo(hen);
      else self.wander(0.8);
    },
  },

  timers: {
    peep: (self) => self.sayOneOf(['Peep!', 'Peep peep!', 'Cheep.']),
    grow(self, { world }) {
      self.say('Peep… bok?');
      if (world.count('chicken') < mostHens) {
        const name = world.pick(names);
        world.spawn('chicken', { at: self, name: self.state.by ? `${self.state.by}'s ${name}` : name });
      }
      self.destroy();
    },
  },
});
