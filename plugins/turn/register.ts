import { defineMethod, line, z } from 'roost/plugin';
import { askFor } from './_desk.ts';
import { registerCost } from './_spam.ts';

/** So long that nobody guesses that of another. */
const once = z.string().min(16).max(64).optional();

/**
 * Registers somebody who wants a partner, and gives the key that all else is asked with.
 * @returns `{ key, seconds }`
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({ name: line(64), partner: line(64).optional(), patient: z.boolean().optional(), once }),
  handle: ({ caller, params: { name, partner: wants = null, patient = false, once = null }, host }) =>
    askFor(
      host,
      caller,
      (relay, from, nowS) => relay.register({ name, wants, patient, once }, from, nowS),
      registerCost,
    ),
});
