/** Row arena: what it costs that everybody sees everybody. */
import type { Row } from '../row.ts';
import { contest, type Field, ticksPerSecond } from '../support/field.ts';

/** 140 m corner to corner are less than the 200 m of the view. */
const field: Field = { clients: 200, side: 140, radius: 200, cell: 50, circle: null };

export const row: Row = {
  name: 'arena',
  what: `${field.clients} clients who all see each other, all moving, 10 inputs/s each, ${ticksPerSecond} ticks/s`,
  against: 'Colyseus 0.18 with plain state, one encoding for all',
  figures: {
    cpu: { unit: 'µs CPU per client-tick', target: { of: 'ratio', atMost: 0.8 } },
    bytes: { unit: 'bytes per client-tick', target: { of: 'ratio', atMost: 0.8 } },
    'in view': { unit: 'things in view' },
    walked: { unit: 'metres a second' },
  },
  run: (context) => contest(context, field),
};
