import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { bearer, post, refusalOf } from '../auth/people.ts';
import { startParty } from './party.ts';

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;
const names = async (client: TestClient) =>
  (await client.call<{ characters: { name: string }[] }>('character.list')).characters.map(({ name }) => name);

describe('characters', () => {
  it('CHR-01 are created by name, which is unique among everybody, also when it only looks the same', async () => {
    await using party = await startParty();
    const { client: ann } = await party.join('ann');
    const { client: bob } = await party.join('bob');
    expect(await ann.call('character.create', { name: 'Fox' })).toEqual({ name: 'Fox', game: 'trial' });
    expect(await ann.call('character.create', { name: 'Lily', game: 'farmyard' })).toMatchObject({ game: 'farmyard' });
    for (const name of ['Fox', 'fox', 'F0X', 'Ｆｏｘ', 'L1ly', 'ann', 'Ann', 'server', 'Adm1n', 'Trial', 'Guest7'])
      expect([name, await codeOf(bob.call('character.create', { name }))]).toEqual([name, 'character.taken']);
    for (const name of ['', 'x', 'Fox!', 'two words', 'x'.repeat(17), 'Fох'])
      expect([name, await codeOf(bob.call('character.create', { name }))]).toEqual([name, 'name.illegal']);
    expect(await codeOf(bob.call('character.create', { name: 'Hare', game: 'nowhere' }))).toBe(
      'character.unknown-game',
    );
    // One's own name is free, and of many at the same moment one gets it.
    await bob.call('character.create', { name: 'Bob' });
    const outcomes = await Promise.allSettled(
      [ann, bob, ann, bob].map((client) => client.call('character.create', { name: 'Hare' })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect((await names(ann)).length + (await names(bob)).length).toBe(4);
  });

  it('CHR-01 a name is not that of a guest who is here, nor does a guest take one', async () => {
    await using party = await startParty();
    const { client: ann } = await party.join('ann', 'Fox');
    const guest = await party.node.join('Hare', 'trial/yard');
    expect(await codeOf(ann.call('character.create', { name: 'Hare' }))).toBe('character.taken');
    guest.close();
    const other = await party.node.connect();
    for (const name of ['Fox', 'fOx', 'F0x', 'Ann', 'аnn'.normalize()])
      expect(['name.taken', 'name.illegal']).toContain(await codeOf(other.call('zone.enter', { name })));
    await other.enter('trial/yard', 'Stoat');
  });

  it('CHR-02 need a login, over each door', async () => {
    await using party = await startParty();
    const stranger = await party.node.connect();
    for (const [method, params] of [
      ['create', { name: 'Fox' }],
      ['list', {}],
      ['choose', { name: 'Fox' }],
      ['delete', { name: 'Fox' }],
      ['status', { name: 'Fox', status: 'online' }],
      ['move', { dx: 1 }],
    ] as const) {
      expect(await codeOf(stranger.call(`character.${method}`, params))).toBe('call.forbidden');
      expect(await codeOf(post(party.node, `character.${method}`, params))).toBe('call.forbidden');
    }
    for (const method of ['of', 'find', 'taken', 'purge'])
      expect(await codeOf(stranger.call(`character.${method}`, { account: 'x', name: 'x' }))).not.toBe(
        'character.taken',
      );
    const { token } = await party.join('ann');
    await post(party.node, 'character.create', { name: 'Fox' }, bearer(token));
    expect((await post(party.node, 'character.list', {}, bearer(token))).result).toMatchObject({
      characters: [{ name: 'Fox', online: false, zone: null }],
    });
  });

  it('CHR-03 are listed for their owner alone, and nobody else learns whose they are', async () => {
    await using party = await startParty();
    const { client: ann } = await party.join('ann', 'Fox', 'Lynx');
    const { client: bob } = await party.join('bob', 'Hare');
    expect(await names(ann)).toEqual(['Fox', 'Lynx']);
    expect(await names(bob)).toEqual(['Hare']);
    await ann.call('zone.enter', { name: 'Lynx' });
    await bob.enter('trial/yard');
    const [fox] = await party.asServer<{ account: string }[]>('character.of', { account: 'none' });
    expect(fox).toBeUndefined();
    const { account } = await party.asServer<{ account: string }>('character.find', { name: 'Fox' });
    expect(account).toMatch(/^[0-9a-f]{16}$/);
    await bob.until(() => [...bob.objects.values()].some(({ name }) => name === 'Lynx'));
    const told = [
      bob.messages,
      await bob.call('character.info', { name: 'Lynx' }),
      await bob.call('character.where', { name: 'Lynx' }),
      await bob.call('zone.who'),
      await bob.call('zone.objects'),
      await bob.call('character.delete', { name: 'Fox' }).catch((error: Error) => ({ ...error, text: error.message })),
      await bob.call('character.choose', { name: 'Fox' }).catch((error: Error) => ({ ...error, text: error.message })),
    ];
    expect(JSON.stringify(told)).not.toContain(account);
    expect(JSON.stringify(told)).not.toMatch(/\bann\b/);
  });

  it('CHR-03 an account has only so many', async () => {
    await using party = await startParty({ env: { ROOST_CHARACTERS_MOST: '2' } });
    const { client: ann } = await party.join('ann', 'Fox', 'Lynx');
    expect(await codeOf(ann.call('character.create', { name: 'Hare' }))).toBe('character.too-many');
    await ann.call('character.delete', { name: 'fox' });
    await ann.call('character.create', { name: 'Hare' });
    expect(await names(ann)).toEqual(['Hare', 'Lynx']);
  });

  it('CHR-04 CHR-10 anyone may ask where one is, also after it went elsewhere, and whether it is online', async () => {
    await using party = await startParty();
    const { client: ann } = await party.join('ann', 'Fox');
    const guest = await party.node.connect();
    const where = (name = 'Fox') => guest.call('character.where', { name });
    expect(await where()).toEqual({ name: 'Fox', game: 'trial', online: false, zone: null });
    expect(await codeOf(where('Nobody'))).toBe('character.not-found');
    await ann.enter('trial/yard');
    expect(await where('fox')).toEqual({ name: 'Fox', game: 'trial', online: true, zone: 'trial/yard' });
    await ann.call('object.call', { id: ann.character, method: 'go', params: { zone: 'trial/cave' } });
    await ann.until(() => ann.zone === 'trial/cave' && ann.objects.has(ann.character));
    expect(await where()).toMatchObject({ online: true, zone: 'trial/cave' });
    await ann.call('zone.enter', { zone: 'trial/yard' });
    expect(await where()).toMatchObject({ online: true, zone: 'trial/yard' });
    await ann.call('zone.leave');
    expect(await where()).toMatchObject({ online: false, zone: 'trial/yard' });
  });

  it('CHR-09 statistics and inventory are there for everybody to look up, what is secret is not', async () => {
    const walker = `import { defineObject } from 'roost';
export default defineObject({
  state: { wins: 0 }, own: { money: 5 }, secret: { plan: 'swordfish' },
  contains: { max: 5 },
  methods: { win: { durable: true, handle(self) {
    self.state.wins += 1;
    self.create('coin');
    self.create('trap');
  } } },
});`;
    const trap = `import { defineObject } from 'roost';
export default defineObject({ on: { create(self) { self.words.add('hidden'); } } });`;
    await using party = await startParty(
      {},
      { 'games/trial/scripts/walker.ts': walker, 'games/trial/scripts/trap.ts': trap },
    );
    const { client: ann } = await party.join('ann', 'Fox');
    const guest = await party.node.connect();
    const info = () => guest.call('character.info', { name: 'Fox' });
    const nowhere = { online: false, zone: null, stats: {}, inventory: [], more: false };
    expect(await info()).toEqual({ name: 'Fox', game: 'trial', ...nowhere });
    await ann.enter('trial/yard');
    await ann.call('object.call', { id: ann.character, method: 'win' });
    const known = {
      ...{ name: 'Fox', game: 'trial', zone: 'trial/yard', stats: { wins: 1 } },
      inventory: [{ id: expect.any(String), kind: 'coin', name: '', state: {} }],
      more: false,
    };
    expect(await info()).toEqual({ ...known, online: true });
    await ann.call('zone.leave');
    expect(await info()).toEqual({ ...known, online: false });
    // Who holds more than an answer does is looked up all the same.
    await guest.call('as.hold', {
      sql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
        insert into objects (id, zone, kind, name, holder, x, y, angle, vx, vy, scale, speed, words, physical, scripts, own, keep,
          changed, changed_tick, state)
        select printf('fffe%012x', i), zone, kind, name, holder, x, y, angle, vx, vy, scale, speed, words, physical, scripts, own, keep,
          changed, changed_tick, '{"text":"' || hex(zeroblob(4000)) || '"}' from n, objects where kind = 'coin'`,
    });
    await guest.call('as.release');
    expect(await info()).toMatchObject({ ...known, online: false, inventory: expect.any(Array), more: true });
  });

  it('CHR-06 are ruled by their owner alone', async () => {
    await using party = await startParty();
    const { client: ann } = await party.join('ann', 'Fox');
    const { client: bob } = await party.join('bob', 'Hare');
    await ann.enter('trial/yard');
    await bob.enter('trial/yard');
    const before = ann.objects.get(ann.character);
    for (const [method, params] of [
      ['character.status', { status: 'offline' }],
      ['character.status', { status: 'online', zone: 'trial/cave' }],
      ['character.choose', {}],
      ['character.delete', {}],
      ['character.move', { dx: 1, dy: 0 }],
      ['zone.enter', { zone: 'trial/cave' }],
    ] as const)
      expect([method, await codeOf(bob.call(method, { ...params, name: 'Fox' }))]).toEqual([
        method,
        'character.forbidden',
      ]);
    expect(await codeOf(bob.call('character.choose', { name: 'Nobody' }))).toBe('character.not-found');
    expect(await party.bodies('Fox', 'Hare')).toEqual([
      ['Fox', 'trial/yard'],
      ['Hare', 'trial/yard'],
    ]);
    expect(ann.objects.get(ann.character)).toMatchObject({ x: before?.x, y: before?.y });
  });

  it('CHR-03 go with their account, also those in play', async () => {
    await using party = await startParty();
    const { client: ann } = await party.join('ann', 'Fox', 'Lynx');
    const { client: bob } = await party.join('bob', 'Hare');
    await bob.enter('trial/yard');
    await ann.call('zone.enter', { name: 'Fox' });
    const { account } = await party.asServer<{ account: string }>('character.find', { name: 'Fox' });
    await party.asServer('character.purge', { account });
    expect(await party.asServer('character.of', { account })).toEqual([]);
    expect(await party.bodies('Fox', 'Lynx', 'Hare')).toEqual([['Hare', 'trial/yard']]);
    await bob.until(() => ![...bob.objects.values()].some(({ name }) => name === 'Fox'));
    expect(await codeOf(ann.call('zone.enter'))).toBe('character.none');
    await bob.call('character.create', { name: 'Fox' });
  });
});
