import { defineMethod, HostError, type JsonObject, type MethodInfo, type PlayerCaller, z } from 'roost/plugin';
import { checkName, checkOwner, checkReach, findMethod, findTarget, objectId } from './_target.ts';

/**
 * Calls a method that an object's script offers, or with the zone's own id the zone's script; what it may be called by,
 * and from how far, the script says.
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 20, burst: 40 },
  params: z.object({
    id: z.union([objectId, z.string().max(100).includes('/')], 'wanted 16 hex digits, or the id of your zone'),
    method: z.string().min(1).max(64),
    params: z.record(z.string().max(64), z.unknown()).optional(),
    seq: z.int().min(0).optional(),
    once: z.string().min(1).max(64).optional(),
  }),
  async handle({ caller, params: { id, method: name, params = {}, seq, once } }) {
    checkName(name);
    const object = id === caller.zone.id ? null : id;
    const info = object === null ? undefined : checkMethod(caller, object, name);
    // Of scripts that the mirror does not know, the zone's own and further ones, the zone says what is durable.
    const durable = info?.durable ?? once !== undefined;
    if (once !== undefined && !durable)
      throw new HostError('object.bad-params', `\`once\` is for durable methods; "${name}" is not`);
    const options = once === undefined ? { durable } : { durable, once };
    const { tick, result } = await caller.zone.call(caller.character, object, name, params as JsonObject, options);
    return { tick, result, seq };
  },
});

/** @returns What the kind's own script says of the method. @throws HostError object.* when the caller may not call it */
function checkMethod(caller: PlayerCaller, id: string, name: string): MethodInfo | undefined {
  const object = findTarget(caller, id);
  const info = findMethod(caller, object, name);
  if (info?.allow === 'owner') checkOwner(caller, object);
  if (info?.allow === 'reach') checkReach(caller, object, info.reach);
  return info;
}
