import { defineObject } from 'roost';

/** Everything that `world.spawn` can be told; what it gives works at once. */
export default defineObject({
  look: '🥚',
  methods: {
    purse: {
      allow: 'view',
      durable: true,
      handle: (self, { by, world }) => world.spawn('purse', { at: self, owner: by, state: { worn: 2 } }).id,
    },
    dart: {
      allow: 'view',
      params: { angle: 'number' },
      handle: (self, { params, world }) =>
        world.spawn('dart', { at: self, angle: params.angle, speed: 20, ignore: [self], life: 2 }).id,
    },
    inside: {
      allow: 'view',
      handle: (_self, { by, world }) => world.spawn('pebble', { inside: by }).holder?.id ?? null,
    },
    short: { allow: 'view', handle: (self, { world }) => world.spawn('pebble', { at: self, life: 0.2 }).id },
  },
});
