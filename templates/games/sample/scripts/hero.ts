import { clamp, defineObject } from 'roost';

/** A player's character. The page sends what the keys say as `input`; it holds until the next one comes. */
export default defineObject({
  look: { shape: 'circle', color: '#4178be', size: 0.7, label: 'Hero' },
  body: { shape: 'circle', radius: 0.35, damping: 2 },
  contains: { max: 3 },
  state: { eaten: 0 },
  secret: { x: 0, y: 0 },

  on: {
    input(self, { input }) {
      const x = clamp(Number(input.x) || 0, -1, 1);
      const y = clamp(Number(input.y) || 0, -1, 1);
      const speed = 4 / Math.max(1, Math.hypot(x, y));
      self.secret.x = x * speed;
      self.secret.y = y * speed;
      self.velocity(self.secret.x, self.secret.y);
    },

    tick(self) {
      const { x, y } = self.secret;
      if (x !== 0 || y !== 0) self.velocity(x, y);
    },

    // Nobody walks on for ever because a phone lost its network.
    owner(self, { connected }) {
      if (connected) return;
      self.secret.x = 0;
      self.secret.y = 0;
      self.stop();
    },
  },

  methods: {
    eat: {
      label: 'Eat an apple',
      durable: true, // the answer comes when it is on disk
      handle(self, { world }) {
        if (!self.take('apple')) return 'You carry no apple. Shake a tree!';
        self.state.eaten += 1;
        world.state.eaten = Number(world.state.eaten) + 1;
        self.effect('munch');
        return `Number ${self.state.eaten}. Crisp!`;
      },
    },
  },
});
