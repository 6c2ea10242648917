import { defineObject } from 'roost';

/** A thing to be had. With the word `stuck` it refuses to be taken. */
export default defineObject({
  look: { shape: 'circle', color: '#999', size: 0.2, label: 'Pebble' },
  before: {
    take: (self) => (self.words.has('stuck') ? 'It is stuck.' : undefined),
  },
  on: {
    activate: (self, { by }) => (self.into(by) ? 'You take it.' : 'It stays.'),
  },
});
