import { defineObject } from 'roost';

/** A bale of hay: light enough to push, too heavy to kick. */
export default defineObject({
  look: { shape: 'circle', color: '#efcb6a', label: 'Hay' },
  body: { shape: 'circle', radius: 0.55, density: 0.5, upright: false },
});
