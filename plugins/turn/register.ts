import { defineMethod, line, z } from 'roost/plugin';
import { askFor } from './_desk.ts';
import { registerCost } from './_spam.ts';

/** Registers somebody who wants a partner, and gives the key that all else is asked with. */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({ name: line(64), partner: line(64).optional(), patient: z.boolean().optional() }),
  handle: ({ caller, params: { name, partner = null, patient = false }, host }) =>
    askFor(
      host,
      caller,
      (relay, from, nowS) => relay.register({ name, wants: partner, patient }, from, nowS),
      registerCost,
    ),
});
