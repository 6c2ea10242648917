import { defineMethod, HostError, type JsonObject, z } from 'roost/plugin';
import { checkOwner, checkReach, findMethod, findTarget, objectId } from './_target.ts';

/** Calls a method that an object's script offers; what it may be called by, and from how far, the script says. */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 20, burst: 40 },
  params: z.object({
    id: objectId,
    method: z.string().min(1).max(64),
    params: z.record(z.string().max(64), z.unknown()).optional(),
    seq: z.int().min(0).optional(),
    once: z.string().min(1).max(64).optional(),
  }),
  async handle({ caller, params: { id, method: name, params = {}, seq, once } }) {
    const object = findTarget(caller, id);
    const info = findMethod(caller, object, name);
    if (info?.allow === 'owner') checkOwner(caller, object);
    if (info?.allow === 'reach') checkReach(caller, object, info.reach);
    const durable = info?.durable ?? false;
    if (once !== undefined && !durable)
      throw new HostError('object.bad-params', `\`once\` is for durable methods; "${name}" is not`);
    const options = once === undefined ? { durable } : { durable, once };
    const { tick, result } = await caller.zone.call(caller.character, id, name, params as JsonObject, options);
    return { tick, result, seq };
  },
});
