/** Matches through the front door: over sockets, and by people who have nothing but HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestNode } from '../../support/node.ts';
import { bearer, makeAccount, password, refusalOf } from '../auth/people.ts';
import type { Estate } from '../zone/estate.ts';
import { find, inState, Poller, type Status, startArcade, told } from './arcade.ts';

const roomy = { ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000', ROOST_CALLS_PER_SECOND: '1000' };
let arcade: Estate;
let node: TestNode;
beforeAll(async () => {
  arcade = await startArcade({ env: roomy });
  node = arcade.node;
}, 60_000);
afterAll(() => arcade?.[Symbol.asyncDispose]());

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;
const seatsOf = ({ match }: Status) => match?.seats.map((seat) => seat?.name);

describe('over sockets', () => {
  it('two who come are in a zone of their own, which knows their seats, and nobody else comes in', async () => {
    const [ann, bob, eve] = [await node.connect(), await node.connect(), await node.connect()];
    expect(await find(ann, { mode: 'duel', name: 'Ann' })).toMatchObject({
      ...{ state: 'waiting', why: null, game: 'trial', mode: 'duel', name: 'Ann', waited: 0 },
      ...{ party: null, accept: null, match: null },
    });
    expect(await refusalOf(find(ann, { mode: 'duel' }))).toMatchObject({
      code: 'match.already',
      details: { state: 'waiting' },
    });
    await find(bob, { mode: 'duel', name: 'Bob' });
    const [one, other] = [await inState(ann, 'started'), await inState(bob, 'started')];
    expect([seatsOf(one), seatsOf(other)]).toEqual([
      ['Ann', 'Bob'],
      ['Ann', 'Bob'],
    ]);
    expect([one.match?.seat, other.match?.seat, other.match?.zone]).toEqual([0, 1, one.match?.zone]);
    const zone = one.match?.zone ?? '';
    expect(zone).toMatch(/^trial\/table@m[0-9a-f]{20}$/);
    expect(await codeOf(eve.call('zone.enter', { zone, name: 'Eve' }))).toBe('zone.forbidden');
    for (const shut of ['trial/table', 'trial/table@ann', `trial/table@m${'0'.repeat(20)}`])
      expect(await codeOf(eve.call('zone.enter', { zone: shut, name: 'Eve' }))).toBe('zone.forbidden');
    // Whoever is told the zone may watch.
    expect(await eve.call('zone.watch', { zone, x: 4, y: 4, distance: 8 })).toEqual({ zone });

    await ann.call('match.enter', {});
    await bob.enter(zone, 'Bob');
    await ann.until(() => ann.all('walker').length === 2);
    await ann.until(() => JSON.stringify(ann.world).includes('Bob is here'));
    expect(ann.world).toMatchObject({ seats: { 0: 'Ann is here', 1: 'Bob is here' } });
    await told(ann, ({ match }) => match?.seats.every((seat) => seat?.there) === true);
    // A player who calls what the server calls is seen through.
    const forged = { match: 'm', mode: 'm', seats: 2, seat: 0, bot: true, open: false };
    await bob.call('object.call', { id: zone, method: 'seat', params: forged });
    await ann.until(() => ann.world.forged === 1);
    expect(ann.world).toMatchObject({ seats: { 0: 'Ann is here' } });

    const out = bob.next<{ code?: string }>('zone', ({ code }) => code === 'match.left');
    expect(await bob.call('match.leave', {})).toMatchObject({ state: 'over', why: 'match.left', match: null });
    await told(ann, ({ match }) => match?.seats[1] === null);
    await ann.until(() => JSON.stringify(ann.world).includes('open'));
    // He does not stand in the way of whoever gets the seat.
    expect(await out).toEqual({ zone, state: 'closed', code: 'match.left' });
    await ann.until(() => ann.all('walker').length === 1);
    // He dropped out on her: they do not meet again for a while, though nobody else is there.
    await ann.call('match.leave', {});
    await find(bob, { mode: 'duel', name: 'Bobby' });
    await find(ann, { mode: 'duel', name: 'Anna' });
    expect((await inState(ann, 'waiting')).why).toBeNull();
    expect((await inState(ann, 'started')).match?.seats).toHaveLength(2);
  }, 60_000);

  it('TRN-02 two who name each other, and nobody else gets either', async () => {
    const [ann, bob, cat, dan] = await Promise.all([node.connect(), node.connect(), node.connect(), node.connect()]);
    await find(ann, { mode: 'duel', name: 'Nora', with: ['Nils'] });
    await find(cat, { mode: 'duel', name: 'Carla' });
    expect(await codeOf(find(bob, { mode: 'duel', name: 'nora', with: ['Nora'] }))).toBe('match.name-taken');
    await find(bob, { mode: 'duel', name: 'Nils', with: ['Nora'] });
    await find(dan, { mode: 'duel', name: 'Dora' });
    expect(seatsOf(await inState(ann, 'started'))).toEqual(['Nora', 'Nils']);
    expect(seatsOf(await inState(cat, 'started'))).toEqual(['Carla', 'Dora']);
  });

  it('TRN-06 a partner declines: who came by chance is back in the queue, who named him is out, by two codes', async () => {
    const [ann, bob, cat, dan] = await Promise.all([node.connect(), node.connect(), node.connect(), node.connect()]);
    await find(ann, { mode: 'asked', name: 'Anja' });
    await find(bob, { mode: 'asked', name: 'Boris' });
    await find(cat, { mode: 'asked', name: 'Clara', with: ['Dirk'] });
    await find(dan, { mode: 'asked', name: 'Dirk', with: ['Clara'] });
    for (const client of [ann, bob, cat, dan]) await inState(client, 'found');
    expect(await ann.call('match.accept', {})).toMatchObject({ accept: { you: true, yes: 1, of: 2 } });
    expect(await ann.call('match.accept', {})).toMatchObject({ accept: { you: true, yes: 1, of: 2 } });
    await bob.call('match.cancel', {});
    await dan.call('match.cancel', {});
    expect(await told(ann, ({ why }) => why === 'match.partner-gone')).toMatchObject({ state: 'waiting' });
    expect(await inState(cat, 'cancelled')).toMatchObject({ why: 'match.named-gone' });
    // The next one is hers, and both come.
    await find(cat, { mode: 'asked', name: 'Clara' });
    await inState(ann, 'found');
    for (const client of [ann, cat]) await client.call('match.accept', {});
    expect(seatsOf(await inState(ann, 'started'))).toEqual(['Anja', 'Clara']);
  });

  it('a party comes together by its code; blocked ones do not meet; a bot takes a seat', async () => {
    const [ann, bob, cat, dan] = await Promise.all([node.connect(), node.connect(), node.connect(), node.connect()]);
    await ann.enter('trial/yard', 'Amsel');
    await bob.enter('trial/yard', 'Bussard');
    await ann.call('friends.block', { name: 'Bussard' });
    await find(ann, { mode: 'duel' });
    await find(bob, { mode: 'duel' });
    const party = await find(cat, { mode: 'yard', name: 'Chloe', party: 3 });
    expect(party).toMatchObject({ state: 'gathering', party: { size: 3, names: ['Chloe'] } });
    const code = party.party?.code ?? '';
    await find(dan, { name: 'Daria', party: code });
    await bob.call('match.cancel', {});
    expect(await codeOf(find(bob, { party: 'wrong' }))).toBe('match.no-party');
    await find(bob, { party: code });
    const { match } = await inState(cat, 'started');
    expect([match?.zone, match?.seats.map((seat) => seat?.name)]).toEqual([
      'trial/yard',
      ['Chloe', 'Daria', 'Bussard'],
    ]);
    expect(await ann.call('match.status', {})).toMatchObject({ state: 'waiting' });
    await ann.call('match.cancel', {});
    await find(ann, { mode: 'wren' });
    expect((await inState(ann, 'started')).match?.seats[1]).toEqual({ name: null, bot: true, there: true });
    await ann.call('match.enter', {});
    await ann.until(() => JSON.stringify(ann.world).includes('Amsel is here'));
    expect(ann.world).toMatchObject({ seats: { 0: 'Amsel is here', 1: 'bot' } });
  });

  it('a relay is opened for those who are to write to each other, and passes what they write', async () => {
    const [ann, bob] = [await node.connect(), await node.connect()];
    await find(ann, { mode: 'letters', name: 'Agnes' });
    await find(bob, { mode: 'letters', name: 'Bruno' });
    const [mine, theirs] = [(await inState(ann, 'started')).match?.relay, (await inState(bob, 'started')).match?.relay];
    expect([mine?.names, mine?.match]).toEqual([['Agnes', 'Bruno'], theirs?.match]);
    await ann.call('turn.send', { key: mine?.key, counter: 0, text: 'Dear Bruno,\nhow, are you?' });
    const { texts } = await bob.call<{ texts: readonly { text: string }[] }>('turn.send', {
      key: theirs?.key,
      counter: 0,
    });
    expect(texts.map(({ text }) => text)).toEqual(['Dear Bruno,\nhow, are you?']);
    // It goes on by itself: whoever wants another one need not leave it.
    expect(await find(ann, { mode: 'letters', name: 'Agnes' })).toMatchObject({ state: 'waiting' });
    await find(bob, { mode: 'letters', name: 'Bruno' });
    const keys = [
      await told(ann, ({ match }) => match !== null && match.relay?.match !== mine?.match),
      await told(bob, ({ match }) => match !== null && match.relay?.match !== mine?.match),
    ].map(({ match }) => match?.relay?.key);
    // With the relay the match is at its end, and its place is free.
    await ann.call('turn.quit', { key: keys[0] });
    await bob.call('turn.quit', { key: keys[1] });
    expect(await inState(ann, 'over')).toMatchObject({ why: 'match.ended' });
  }, 30_000);

  it('TRN-03 an account has one ticket over all its connections, and nobody else acts with it', async () => {
    const { token } = await makeAccount(node, 'Wanda');
    const account = new Poller(node, bearer(token));
    const { ticket } = await account.find({ mode: 'duel', name: 'Wanda2' });
    expect(await codeOf(account.call('match.find', { mode: 'duel' }))).toBe('match.already');
    expect(await account.call('match.status', {})).toMatchObject({ ticket, state: 'waiting' });
    const thief = await node.connect();
    for (const method of ['match.status', 'match.accept', 'match.cancel', 'match.leave', 'match.enter'])
      expect([method, await codeOf(thief.call(method, { ticket }))]).toEqual([method, 'match.unknown-ticket']);
    expect(await codeOf(thief.call('match.status', {}))).toBe('match.unknown-ticket');
    expect(await account.call('match.cancel', {})).toMatchObject({ state: 'cancelled', why: 'match.cancelled' });
    expect(await account.call('match.cancel', {})).toMatchObject({ state: 'cancelled' });
  });
});

describe('accounts', () => {
  it('TRN-03 a guest who logs in keeps his ticket, and does not meet himself', async () => {
    (await arcade.join('lodger', 'Lodger')).close();
    const [guest, bob] = [await node.connect(), await node.connect()];
    const { ticket } = await find(guest, { mode: 'duel', name: 'Visitor' });
    await guest.call('auth.login', { name: 'lodger', password });
    expect(await refusalOf(find(guest, { mode: 'duel' }))).toMatchObject({
      code: 'match.already',
      details: { ticket },
    });
    await find(bob, { mode: 'duel', name: 'Bodo' });
    const { match } = await inState(guest, 'started');
    expect(await guest.call('match.enter', { name: 'Lodger' })).toMatchObject({ zone: match?.zone, name: 'Lodger' });
    await told(bob, (status) => status.match?.seats[0]?.there === true);
    await guest.call('match.leave', {});
    await bob.call('match.cancel', {});
  }, 30_000);

  it('by HTTP goes by its character, and does not meet who blocked any character of it', async () => {
    const ann = await arcade.join('annika', 'Annika');
    const wanda = await arcade.join('wilma', 'Wilma');
    await ann.enter('trial/yard');
    await ann.call('friends.block', { name: 'Wilma' });
    await wanda.call('character.create', { name: 'Other' });
    const poller = new Poller(node, bearer(await arcade.tokenOf('wilma')));
    await find(ann, { mode: 'asked' });
    expect(await poller.find({ mode: 'asked', name: 'other' })).toMatchObject({ name: 'Other' });
    const cat = await node.connect();
    await find(cat, { mode: 'asked', name: 'Chiara' });
    await inState(ann, 'found');
    expect(await poller.call('match.status')).toMatchObject({ state: 'waiting' });
    for (const one of [ann, cat, poller]) await one.call('match.cancel', {});
  }, 30_000);
});

describe('over HTTP alone', () => {
  it('two strangers find each other, play in their zone, and leave when it is over', async () => {
    const [ann, bob] = [new Poller(node), new Poller(node)];
    const once = 'a1b2c3d4e5f6a7b8';
    const { ticket } = await ann.find({ mode: 'duel', name: 'Hanna', once });
    // The answer was lost, and the question is asked again.
    expect((await ann.find({ mode: 'duel', name: 'Hanna', once })).ticket).toBe(ticket);
    await bob.find({ mode: 'duel', name: 'Henry' });
    const { match } = await ann.until(({ state }) => state === 'started');
    const { zone = '' } = match ?? {};
    const entered = await ann.call<{ resume: string; zone: string; name: string }>('match.enter', { ticket });
    expect([entered.zone, entered.name]).toEqual([zone, 'Hanna']);
    const other = await bob.call<{ resume: string }>('match.enter', { ticket: bob.ticket });
    await ann.until((status) => status.match?.seats.every((seat) => seat?.there) === true);
    ann.headers = bearer(entered.resume);
    bob.headers = bearer(other.resume);
    const { objects } = await ann.call<{ objects: readonly object[] }>('zone.objects');
    expect(objects).toHaveLength(2);
    expect(await ann.call('match.status')).toMatchObject({ ticket });
    await ann.call('object.call', { id: zone, method: 'finish' });
    expect(await ann.call('match.leave', { ticket })).toMatchObject({ state: 'over' });
    // It was over: nobody dropped out on anybody, and they may play again.
    await bob.until((status) => status.match?.seats[0] === null);
    await bob.call('match.leave', { ticket: bob.ticket });
    for (const poller of [ann, bob]) {
      await poller.call('zone.leave');
      poller.headers = {};
    }
    await bob.find({ mode: 'duel', name: 'Henry' });
    await ann.find({ mode: 'duel', name: 'Hanna' });
    expect(seatsOf(await ann.until(({ state }) => state === 'started'))).toEqual(['Henry', 'Hanna']);
  }, 60_000);

  it('TRN-06 whoever does not come loses the seat, and who came is at the head of the queue', async () => {
    const [ann, bob] = [new Poller(node), new Poller(node)];
    await ann.find({ mode: 'short', name: 'Ida' });
    await bob.find({ mode: 'short', name: 'Ingo' });
    await ann.until(({ state }) => state === 'started');
    await ann.call('match.enter', { ticket: ann.ticket });
    expect(await ann.until(({ state }) => state === 'waiting')).toMatchObject({ why: 'match.partner-gone' });
    expect(await bob.call('match.status', { ticket: bob.ticket })).toMatchObject({
      state: 'over',
      why: 'match.silent',
    });
    const cat = new Poller(node);
    await cat.find({ mode: 'short', name: 'Inga' });
    expect(seatsOf(await ann.until(({ state }) => state === 'started'))).toEqual(['Ida', 'Inga']);
  }, 60_000);

  it('limits and slips have codes, and one address does not fill the queue', async () => {
    const far = { 'x-forwarded-for': '203.0.113.7' };
    const stranger = new Poller(node, far, '127.0.0.7');
    for (let i = 0; i < 16; i++) await stranger.find({ mode: 'asked', with: ['Nobody'], name: `Far${i}` });
    expect(await codeOf(stranger.find({ mode: 'duel' }))).toBe('match.too-many');
    const other = new Poller(node, far, '127.0.0.8');
    const slips: readonly (readonly [object, string])[] = [
      [{ mode: 'chess' }, 'match.unknown-mode'],
      [{ game: 'chess' }, 'match.unknown-mode'],
      [{}, 'match.unknown-mode'],
      [{ mode: 'duel', with: ['Ann'] }, 'match.name-needed'],
      [{ mode: 'duel', name: 'Otto', host: 'open' }, 'match.no-hosts'],
      [{ mode: 'duel', name: 'Otto', with: [' otto '] }, 'match.bad-property'],
      [{ mode: 'duel', numbers: { skill: 5 } }, 'match.bad-property'],
      [{ mode: 'duel', name: 'Otto', party: 3 }, 'match.bad-property'],
      [{ mode: 'duel', name: 'x' }, 'name.illegal'],
      [{ mode: 'duel', texts: { a: 'x'.repeat(33) } }, 'call.bad-params'],
      [
        { mode: 'duel', numbers: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`n${i}`, 1])) },
        'call.bad-params',
      ],
      [{ mode: 'duel', numbers: JSON.parse('{"__proto__": 1}') }, 'call.bad-params'],
    ];
    for (const [params, code] of slips) expect([params, await codeOf(other.find(params))]).toEqual([params, code]);
    expect(await codeOf(other.call('match.status', { ticket: 'T'.repeat(32) }))).toBe('match.unknown-ticket');
    const { ticket } = await other.find({ mode: 'duel' });
    expect(await codeOf(other.call('match.leave', { ticket }))).toBe('match.not-started');
    expect(await codeOf(other.call('match.enter', { ticket }))).toBe('match.not-started');
    await other.call('match.cancel', { ticket });
    const { queues } = await new Poller(node).call<{ queues: readonly { mode: string }[] }>('match.list');
    expect(queues.find(({ mode }) => mode === 'asked')).toMatchObject({ waiting: 16 });
    expect(await codeOf(stranger.call('match.list'))).toBe('call.forbidden');
  });
});
