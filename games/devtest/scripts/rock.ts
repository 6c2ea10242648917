import { defineObject } from 'roost';

/** Scripts cannot push it: `before.push` says no. Bodies can. */
export default defineObject({
  look: { shape: 'circle', color: '#777', label: 'Rock' },
  body: { shape: 'circle', radius: 0.5, density: 4 },
  before: { push: () => 'It is heavy.' },
});
