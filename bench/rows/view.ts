/** Row view: what it costs that everybody sees what is near, and only that. */
import type { Context, Measured, Row } from '../row.ts';
import { contest, type Field, measureColyseus, ticksPerSecond } from '../support/field.ts';
import { repeatOffRate, tell } from '../support/traffic.ts';

/**
 * Colyseus shows exact circles, we whole cells. With this circle both show the same number of others, and each at least
 * 70 m: what is compared is what a thing in view costs, and not how sharp the edge is.
 */
const field: Field = { clients: 600, side: 1000, radius: 70, cell: 64, circle: 123 };

async function run(context: Context): Promise<Measured> {
  const measured = await contest(context, field);
  if (context.quick) return measured;
  const exact = await repeatOffRate(context, () => measureColyseus(context, { ...field, circle: field.radius }));
  const coarse = await repeatOffRate(context, () => measureColyseus(context, field, 16));
  return {
    ...measured,
    notes: [
      ...(measured.notes ?? []),
      tell('beside it, no target: Colyseus with circles of exactly 70 m', exact),
      tell('beside it, no target: Colyseus with places in steps of 1.5 cm', coarse),
    ],
  };
}

export const row: Row = {
  name: 'view',
  what:
    `${field.clients} clients in ${field.side} × ${field.side} m who see ${field.radius} m, all moving, ` +
    `10 inputs/s each, ${ticksPerSecond} ticks/s`,
  against: 'Colyseus 0.18 with StateView on its WebSocket transport',
  figures: {
    cpu: {
      unit: 'µs CPU per client-tick',
      target: { of: 'ratio', atMost: 0.8 },
      aim: { of: 'ratio', atMost: 0.6 },
    },
    bytes: {
      unit: 'bytes per client-tick',
      target: { of: 'ratio', atMost: 0.7 },
      aim: { of: 'ratio', atMost: 0.5 },
    },
    'in view': { unit: 'things in view' },
    walked: { unit: 'metres a second' },
  },
  run,
};
