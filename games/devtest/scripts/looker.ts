import { defineObject } from 'roost';

/** Every verb that looks: nearest first, itself left out, at most 64. */
export default defineObject({
  look: { shape: 'circle', color: '#a6b', label: 'Looker' },
  body: { shape: 'circle', radius: 0.3, type: 'static' },
  methods: {
    look: {
      allow: 'view',
      handle(self, { by, world }) {
        return {
          nearest: self.nearest('player', 100)?.id ?? null,
          around: self.around(100, { kind: 'pebble' }).map((pebble) => pebble.name),
          touching: self.touching().length,
          distance: self.distance(by),
          sees: self.sees(by),
          found: world.find({ word: 'odd' }).map((thing) => thing.kind),
          count: world.count('pebble'),
          players: world.players().length,
          area: world.area('spawn')?.has(by) ?? null,
          itself: world.get(self.id)?.kind ?? null,
          nobody: world.get('ffffffffffffffff') === undefined,
        };
      },
    },
  },
});
