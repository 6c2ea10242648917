import { defineObject } from 'roost';

/** Chance: dice, and the rest of it. More than 100 dice, or what is no dice, is an error of the handler and nothing else. */
export default defineObject({
  look: '🎲',
  methods: {
    roll: { allow: 'view', params: { dice: 'string' }, handle: (_self, { params, world }) => world.roll(params.dice) },
    chance: {
      allow: 'view',
      handle: (_self, { world }) => ({
        never: world.chance(0),
        always: world.chance(1),
        number: world.random(2, 3),
        pick: world.pick(['one']),
        babble: world.babble('Hello'),
      }),
    },
  },
});
