import { defineObject } from 'roost';

/** A crate to push about. Crates that overlap push each other apart and come to rest. */
export default defineObject({
  look: { shape: 'box', color: '#c98f52', width: 0.9, height: 0.9, label: 'Crate' },
  body: { shape: 'box', width: 0.9, height: 0.9, density: 0.5, friction: 0.4 },
});
