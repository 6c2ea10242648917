import { defineObject } from 'roost';

/** Words: `hidden` takes it out of sight, `fixed` out of reach of what pushes; others are its own. */
export default defineObject({
  look: '🏷️',
  body: { shape: 'circle', radius: 0.3 },
  on: {
    create: (self) => self.words.add('odd'),
  },
  methods: {
    word: {
      allow: 'view',
      params: { word: 'string', on: 'boolean' },
      handle(self, { params }) {
        if (params.on) self.words.add(params.word);
        else self.words.remove(params.word);
        return [...self.words];
      },
    },
  },
});
