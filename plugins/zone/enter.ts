import { type Caller, defineMethod, type Entered, type Host, HostError, toSkeleton, z } from 'roost/plugin';
import { toZoneId } from './_zone.ts';

/**
 * Puts your character into a zone: `farmyard/meadow`, or `farmyard` for where that game starts.
 * @returns `{ zone, character, name, resume }`
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  // A zone may take twenty seconds to start, and says so itself when it does not.
  deadlineMs: 30_000,
  params: z.object({
    zone: z.string().min(1).max(100).optional(),
    name: z.string().max(64).optional(),
  }),
  handle: ({ caller, params, host }) =>
    caller.account ? enterAs(caller, caller.account.id, params, host) : enterAsGuest(caller, params, host),
});

type Params = { readonly zone?: string | undefined; readonly name?: string | undefined };

/** A character of an account, as `character.of` gives it. */
type Character = { readonly owner: string; readonly name: string; readonly game: string };

async function enterAsGuest(caller: Caller, { zone, name }: Params, host: Host): Promise<Entered> {
  if (!host.settings.guests) throw new HostError('auth.account-needed', 'Nobody plays here without an account');
  const wanted = name || caller.name;
  // A guest has his name as long as he is here, and no longer: meanwhile it may be that of somebody who has an account.
  const isHis = caller.zone !== null && wanted === caller.name;
  if (wanted && !isHis && (await isTaken(wanted, host))) throw new HostError('name.taken');
  return await caller.enter(toZoneId(host, zone ?? host.game), name);
}

/** Whether an account has it, or a character of one. */
async function isTaken(name: string, host: Host): Promise<boolean> {
  try {
    return (await host.call('character.taken', { name }, { as: 'server' })) === true;
  } catch (error) {
    // A node without accounts has nobody who could.
    if (error instanceof HostError && error.code === 'call.unknown-method') return false;
    throw error;
  }
}

async function enterAs(caller: Caller, account: string, { zone, name }: Params, host: Host): Promise<Entered> {
  const to = zone === undefined ? undefined : toZoneId(host, zone);
  const character = await choose(caller, await charactersOf(account, host), { game: to && gameOf(to), name }, host);
  if (to !== undefined && gameOf(to) !== character.game)
    throw new HostError('character.other-game', `The character belongs to ${character.game}`);
  // A logout may have come in between: nobody without the account plays what belongs to it.
  if (caller.account?.id !== account) throw new HostError('zone.interrupted');
  await caller.play(character);
  const entered = to === undefined ? await enterAnew(caller, character, host) : await caller.enter(to);
  // It may have been deleted meanwhile: then nobody is to be left in the world whom nobody owns. While the deletion goes on, it is
  // for that to erase it, or to be refused.
  if ((await charactersOf(account, host)).some(({ owner }) => owner === character.owner)) return entered;
  await caller.leave();
  await host.call('character.sweep', { owner: character.owner }, { as: 'server' });
  throw new HostError('character.not-found');
}

/** Who is named, else who was chosen, else the only one. */
async function choose(
  caller: Caller,
  own: readonly Character[],
  { game, name }: { readonly game: string | undefined; readonly name: string | undefined },
  host: Host,
): Promise<Character> {
  if (name) {
    const named = own.find((one) => toSkeleton(one.name) === toSkeleton(name));
    if (named) return named;
    const isThere = (await host.call('character.find', { name }, { as: 'server' })) !== null;
    throw new HostError(isThere ? 'character.forbidden' : 'character.not-found');
  }
  const chosen = own.find(({ owner }) => owner === caller.owner);
  if (chosen) return chosen;
  const [only, ...more] = own.filter((one) => game === undefined || one.game === game);
  if (only && more.length === 0) return only;
  throw new HostError('character.none');
}

/** Where it is or was last; where its game starts when it was nowhere, or may not go back there. */
async function enterAnew(caller: Caller, { owner, game }: Character, host: Host): Promise<Entered> {
  const last = caller.zone?.id ?? (await host.characters.find(owner))?.zone;
  const start = toZoneId(host, game);
  if (last === undefined || last === start || gameOf(last) !== game) return await caller.enter(start);
  // An instance that is full, or not open any more, stands for any of them.
  for (const zone of new Set([last, last.replace(/#\d+$/, '')]))
    try {
      return await caller.enter(zone);
    } catch (error) {
      const code = error instanceof HostError ? error.code : '';
      if (!closed.has(code) && !(code === 'zone.full' && zone.includes('#'))) throw error;
    }
  return await caller.enter(start);
}

/** What says that there is no such zone any more, or not for this character. */
const closed: ReadonlySet<string> = new Set(['zone.malformed', 'zone.unknown', 'zone.forbidden', 'zone.dev-only']);

async function charactersOf(account: string, host: Host): Promise<readonly Character[]> {
  return (await host.call('character.of', { account }, { as: 'server' })) as readonly Character[];
}

function gameOf(zone: string): string {
  return zone.slice(0, zone.indexOf('/'));
}
