import { defineMethod, type Host, HostError, line, type Transaction, z } from 'roost/plugin';
import { befriend, checkCount, countRequests, findBuddy, insertBuddy, isBlocked, requestsMost } from './_buddies.ts';
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

async function ask(trx: Transaction, host: Host, { me, other, params }: Request) {
  const now = host.clock.now();
  const mine = await findBuddy(trx.run, me.owner, other.owner);
  const theirs = await findBuddy(trx.run, other.owner, me.owner);
  if (mine?.state === 'friend') return 'friends';
  if (await isBlocked(trx.run, me.owner, other.owner))
    throw new HostError('friends.blocked', 'You have blocked this character: unblock it first');
  if (theirs && !theirs.withdrawn) {
    await befriend(trx, me.owner, other.owner, now);
    return 'befriended';
  }
  if (mine) {
    await trx.run('update buddies set withdrawn = 0 where owner = ? and other = ?', [me.owner, other.owner]);
    return 'asked';
  }
  await checkCount(trx, me.owner);
  const ignored = await isBlocked(trx.run, other.owner, me.owner);
  if (!ignored && (await countRequests(trx, other.owner)) >= requestsMost)
    throw new HostError('friends.too-many', `${other.name} has ${requestsMost} requests to answer already`);
  const { text = null, note = null, rating = null } = params;
  const state = ignored ? 'ignored' : 'asked';
  await insertBuddy(trx, { owner: me.owner, other: other.owner, state, text, note, rating, created: now });
  return ignored ? 'asked' : 'notify';
}
