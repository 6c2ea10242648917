import { type Caller, defineMethod, type Host, type Json, z } from 'roost/plugin';
import { type CharacterRow, getOwn, idOf } from './_characters.ts';
import { mine } from './_mine.ts';
import { nameParam } from './_params.ts';
import { placeOf } from './_places.ts';

/**
 * Brings a character of your account into a zone, `online`, or takes it out of the game, `offline`; however often.
 * @returns `{ name, online, zone, character }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  // As `zone.enter`.
  deadlineMs: 30_000,
  params: z.object({
    name: nameParam,
    status: z.enum(['online', 'offline']),
    zone: z.string().min(1).max(100).optional(),
  }),
  async handle({ caller, params, host }) {
    const character = await getOwn(host, mine(caller), params.name);
    const { name, owner } = character;
    if (params.status === 'offline') {
      await takeOut(host, caller, character);
      return { name, ...(await placeOf(host, character)), character: null };
    }
    if (caller.owner !== owner && caller.zone) await caller.leave();
    const zone = params.zone ?? (caller.owner === owner ? caller.zone?.id : undefined);
    const entered = (await host.call('zone.enter', { name, ...(zone === undefined ? {} : { zone }) })) as Entered;
    return { name, ...(await placeOf(host, character)), character: entered.character };
  },
});

type Entered = { readonly character: Json };

/** Wherever it is played from; one whose connection was lost is taken back first. */
async function takeOut(host: Host, caller: Caller, { owner, name }: CharacterRow): Promise<void> {
  const played = host.sessions.list().filter((session) => session.owner === owner && session.zone !== null);
  if (played.length > 0) {
    await Promise.all(played.map(({ id }) => host.sessions.find(id)?.leave()));
    return;
  }
  if (!(await placeOf(host, { owner })).online || caller.zone) return;
  const { owner: chosen, name: chosenName } = caller;
  await caller.play({ owner, name });
  await caller.leave();
  // Whom the session had chosen it still has.
  if (idOf(chosen) !== undefined && chosenName !== null) await caller.play({ owner: chosen, name: chosenName });
}
