import { defineObject } from 'roost';

/** A barrel of rain water: heavier than a crate, and it rolls aside. */
export default defineObject({
  look: { shape: 'circle', color: '#8d5a35', size: 0.76, label: 'Barrel' },
  body: { shape: 'circle', radius: 0.38, density: 1.6 },

  on: {
    activate: () => 'Rain water. A tadpole looks back at you.',
  },
});
