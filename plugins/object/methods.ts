import { defineMethod, z } from 'roost/plugin';

/**
 * Tells what objects of these kinds offer in your zone: whether they can be used, and their methods with label, `allow`, reach and
 * params.
 * @returns `{ kinds: [{ kind, activates, methods }] }`, what scripts offer
 */
export default defineMethod({
  allow: 'player',
  params: z.object({ kinds: z.array(z.string().min(1).max(64)).max(64) }),
  handle: ({ caller, params: { kinds } }) => ({
    kinds: kinds.map((kind) => ({
      kind,
      activates: caller.zone.activates(kind),
      methods: caller.zone.methods(kind).map((method) => ({ ...method })),
    })),
  }),
});
