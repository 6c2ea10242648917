import { defineObject, direction } from 'roost';

/** A ball that rolls on for a while. Walk into it, or kick it. */
export default defineObject({
  look: { shape: 'circle', color: '#fffdf6', size: 0.56, label: 'Ball' },
  body: { shape: 'circle', radius: 0.28, density: 0.5, restitution: 0.7, damping: 0.9, fast: true },

  methods: {
    kick: {
      label: 'Kick',
      reach: 1,
      handle(self, { by, world }) {
        const way = direction(by, self) + world.random(-0.08, 0.08);
        self.velocity(Math.cos(way) * 9, Math.sin(way) * 9);
        self.effect('kick');
      },
    },
  },

  messages: {
    /** Back to a place of the map: `{ to: 'kick-off' }`. */
    reset(self, { data, world }) {
      const spot = world.area(String(data.to));
      if (spot) self.teleport(spot.x, spot.y);
      self.stop();
    },
  },
});
