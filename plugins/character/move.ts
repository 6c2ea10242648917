import { defineMethod, HostError, z } from 'roost/plugin';
import { getOwn } from './_characters.ts';
import { nameParam } from './_params.ts';

/** Seconds of walking, to the right and down. */
const delta = z.number().min(-2).max(2).default(0);

/**
 * Moves your character by delta × its speed, so many seconds of walking at once, and gives it as it is then.
 * @returns `{ tick, object }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 10, burst: 20 },
  params: z.object({ dx: delta, dy: delta, name: nameParam.optional() }),
  async handle({ caller, params: { dx, dy, name }, host }) {
    if (name !== undefined && name !== caller.name) {
      const { owner } = await getOwn(host, caller.account?.id, name);
      if (owner !== caller.owner) throw new HostError('object.no-character', 'This session plays another character');
    }
    const { zone, character } = caller;
    const { tick, ...now } = await zone.move(character, dx, dy);
    return { tick, object: { id: character, ...zone.object(character), ...now } };
  },
});
