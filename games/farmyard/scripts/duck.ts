import { defineObject } from 'roost';

/** A duck. The pond's edge keeps it in, and it likes it there. */
export default defineObject({
  look: { shape: 'circle', color: '#b98d5f', label: 'Duck' },
  body: { shape: 'circle', radius: 0.32 },
  every: 0.4,

  on: {
    create: (self, { world }) => self.every(world.random(9, 15), 'quack'),
    tick(self, { world }) {
      const pond = world.area('pond');
      if (pond && self.distance(pond) > 3) self.walkTo(pond, 0.6);
      else self.wander(0.45);
    },
  },

  methods: {
    feed: {
      label: 'Feed',
      reach: 3,
      handle(self, { by }) {
        self.effect('grain', { by: by.id });
        self.say('Quack!');
      },
    },
  },

  timers: {
    quack(self) {
      self.sayOneOf(['Quack.', 'Quack quack.', 'Wak!']);
      self.effect('splash');
      self.effect('quack');
    },
  },
});
