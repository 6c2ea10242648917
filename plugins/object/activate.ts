import { defineMethod, z } from 'roost/plugin';
import { activateReach, checkReach, findTarget, objectId } from './_target.ts';

/**
 * Uses an object within two metres: opens, talks to, picks up, whatever its scripts do.
 * @returns `{ tick, result: { results, text? } }`
 */
export default defineMethod({
  allow: 'player',
  params: z.object({ id: objectId }),
  async handle({ caller, params: { id } }) {
    checkReach(caller, findTarget(caller, id), activateReach);
    const { tick, result } = await caller.zone.activate(caller.character, id);
    return { tick, result };
  },
});
