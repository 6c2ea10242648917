import { defineObject } from 'roost';

/** A sign. Its text is a property of the object on the map. */
export default defineObject({
  look: { shape: 'box', color: '#d3a271', width: 0.9, height: 0.2, label: 'Sign' },
  body: { shape: 'circle', radius: 0.15, type: 'static' },
  state: { text: '' },

  on: {
    activate: (self) => self.state.text || 'The rain has washed the letters off.',
  },
});
