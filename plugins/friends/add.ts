import { defineMethod, type Host, HostError, line, type Transaction, z } from 'roost/plugin';
import {
  befriend,
  checkCount,
  countRequests,
  findBuddy,
  insertBuddy,
  isBlocked,
  noteBuddy,
  requestsMost,
} from './_buddies.ts';
import { getCharacter, type Person, selfOf, someName } from './_characters.ts';
import { tellOnline } from './_online.ts';

/**
 * Asks a character to be your friend, whether it is online or not; a line may go with the request, a note and a rating are for
 * you alone. When it has asked you already, you are friends. Whether it declines, or has blocked you, you are not told.
 * @returns `{ name, state }`, `asked` or `friend`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 0.2, burst: 5 },
  params: z.object({
    name: someName,
    text: line(200).optional(),
    note: line(200).optional(),
    rating: z.int().min(1).max(5).optional(),
  }),
  async handle({ caller, params, host }) {
    const me = selfOf(caller);
    // What goes with a request is said to somebody.
    if (params.text !== undefined) await host.call('chat.voice', { session: caller.id }, { as: 'server' });
    const other = await getCharacter(host, params.name);
    if (other.owner === me.owner) throw new HostError('friends.yourself', 'You are your own friend already');
    const outcome = await host.db.transaction((trx) => ask(trx, host, { me, other, params }));
    if (outcome === 'notify') {
      host.send({ user: other.owner }, 'friend-request', { from: me.name, text: params.text ?? null });
    }
    if (outcome === 'befriended') await tellOnline(host, me, other);
    const friends = outcome === 'befriended' || outcome === 'friends';
    return { name: other.name, state: friends ? 'friend' : 'asked' };
  },
});

type Request = {
  readonly me: Person;
  readonly other: Person;
  readonly params: {
    readonly text?: string | undefined;
    readonly note?: string | undefined;
    readonly rating?: number | undefined;
  };
};

async function ask(trx: Transaction, host: Host, request: Request) {
  const outcome = await askFor(trx, host.clock.now(), request);
  const { me, other, params } = request;
  await noteBuddy(trx, [me.owner, other.owner], params);
  return outcome;
}

async function askFor(trx: Transaction, now: number, { me, other, params }: Request) {
  const pair = [me.owner, other.owner] as const;
  const mine = await findBuddy(trx.run, ...pair);
  const theirs = await findBuddy(trx.run, other.owner, me.owner);
  if (mine?.state === 'friend') return 'friends';
  if (await isBlocked(trx.run, ...pair))
    throw new HostError('friends.blocked', 'You have blocked this character: unblock it first');
  if (theirs && !theirs.withdrawn) {
    await befriend(trx, ...pair, now);
    return 'befriended';
  }
  const walled = await isBlocked(trx.run, other.owner, me.owner);
  const wasWalled = mine?.state === 'walled' && !walled;
  if (mine && !mine.withdrawn && !wasWalled) return 'asked';
  // The same for who is blocked: he is not told.
  if (!mine || mine.withdrawn) await checkRoom(trx, me, other, mine ? 0 : 1);
  const { text = null } = params;
  const state = walled ? 'walled' : mine === undefined || wasWalled ? 'asked' : mine.state;
  if (mine)
    await trx.run(
      'update buddies set withdrawn = 0, state = ?, text = coalesce(?, text) where owner = ? and other = ?',
      [state, text, ...pair],
    );
  else
    await insertBuddy(trx, {
      owner: me.owner,
      other: other.owner,
      state,
      text,
      note: null,
      rating: null,
      created: now,
    });
  return !walled && (!mine || wasWalled) ? 'notify' : 'asked';
}

/** @throws HostError friends.too-many */
async function checkRoom(trx: Transaction, me: Person, other: Person, added: 0 | 1): Promise<void> {
  await checkCount(trx, me.owner, added);
  if ((await countRequests(trx, other.owner)) >= requestsMost)
    throw new HostError('friends.too-many', `${other.name} has ${requestsMost} requests to answer already`);
}
