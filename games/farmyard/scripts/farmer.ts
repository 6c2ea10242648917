import { clamp, defineObject } from 'roost';

const walking = 3.2;
const running = 5.6;
const gestures = ['clap', 'wave', 'dance'];

/** You. The page sends what your keys say as `input`; it holds until the next one comes. */
export default defineObject({
  look: { shape: 'circle', color: '#3f8fb0', label: 'Farmer' },
  body: { shape: 'circle', radius: 0.32, density: 1.2, damping: 2 },
  contains: { max: 6 },
  state: { hat: '' },
  secret: { x: 0, y: 0 },

  on: {
    input(self, { input }) {
      const x = clamp(Number(input.x) || 0, -1, 1);
      const y = clamp(Number(input.y) || 0, -1, 1);
      const speed = (input.run === true ? running : walking) / Math.max(1, Math.hypot(x, y));
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
    drop: {
      label: 'Put down',
      durable: true,
      handle(self) {
        for (const thing of self.contents()) self.drop(thing);
      },
    },

    gesture: {
      label: 'Wave',
      params: { name: 'string' },
      handle(self, { params: { name } }) {
        if (!gestures.includes(name)) return 'You try, and look silly.';
        self.effect(name);
        if (name === 'clap') for (const fox of self.around(9, 'fox')) self.send(fox, 'scare');
        if (name === 'dance') for (const hen of self.around(5, 'chicken')) self.send(hen, 'dance');
        if (name === 'wave') for (const hand of self.around(7, 'farmhand')) self.send(hand, 'wave');
      },
    },
  },

  messages: {
    gift(self, { data }) {
      self.state.hat = String(data.hat);
    },
  },
});
