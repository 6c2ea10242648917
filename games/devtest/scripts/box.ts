import { defineObject } from 'roost';

/** Holds two pebbles and nothing else: a third, or anything else, stays where it is. */
export default defineObject({
  look: { shape: 'box', color: '#864', label: 'Box' },
  body: { shape: 'box', width: 0.8, height: 0.8, type: 'static' },
  contains: { max: 2 },
  before: {
    enter: (_self, { what }) => (what.kind === 'pebble' ? undefined : 'Pebbles only.'),
  },
  methods: {
    /** One row changes its holder, or nothing happens. */
    deal: {
      allow: 'view',
      durable: true,
      handle(self, { by }) {
        return {
          given: by.give('pebble', 3),
          taken: by.take('pebble'),
          tooMany: by.take('pebble', 9),
          has: by.has('pebble', 2),
          intoBox: by.contents('pebble').map((pebble) => pebble.into(self)),
          full: self.give('pebble'),
          others: self.give('ball'),
          dropped: self.drop('pebble'),
          inside: self.contents().length,
        };
      },
    },
  },
});
