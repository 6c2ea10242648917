import { describe, expect, it } from 'vitest';
import type { Seen, TestClient } from '../../support/client.ts';
import { bearer, makeAccount, password, post, refusalOf } from '../auth/people.ts';
import { startParty } from './party.ts';

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;
const named = (client: TestClient, name: string) => [...client.objects.values()].filter((one) => one.name === name);
const metres = (seen: Seen | undefined) => seen && { x: seen.x / 100, y: seen.y / 100 };

type Moved = { readonly tick: number; readonly object: { readonly x: number; readonly y: number; speed: number } };

describe('a character', () => {
  it('CHR-05 is online as one object however often that is said, or offline as none', async () => {
    await using party = await startParty({ env: { ROOST_ACCOUNT_SESSIONS: 'many' } });
    const { client: ann } = await party.join('ann', 'Fox', 'Lynx');
    const { client: bob } = await party.join('bob', 'Hare');
    await bob.enter('trial/yard');
    const status = (params: object) => ann.call<{ character: string }>('character.status', { name: 'Fox', ...params });
    const first = await status({ status: 'online', zone: 'trial/yard' });
    expect(first).toMatchObject({ name: 'Fox', online: true, zone: 'trial/yard' });
    for (const again of await Promise.all([1, 2, 3].map(() => status({ status: 'online' }))))
      expect(again).toEqual(first);
    await bob.until(() => named(bob, 'Fox').length === 1);
    expect(await party.bodies('Fox')).toEqual([['Fox', 'trial/yard']]);

    for (let times = 0; times < 2; times++)
      expect(await status({ status: 'offline' })).toMatchObject({ online: false, zone: 'trial/yard', character: null });
    await bob.until(() => named(bob, 'Fox').length === 0);
    expect(await party.bodies('Fox')).toEqual([['Fox', 'away:trial/yard']]);
    for (const params of [{ status: 'asleep' }, {}, { status: true }])
      expect(await codeOf(status(params))).toBe('call.bad-params');

    // It is the same object again, and another of the account takes its place in the session.
    expect(await status({ status: 'online' })).toMatchObject({ character: first.character });
    await ann.call('character.status', { name: 'Lynx', status: 'online' });
    await bob.until(() => named(bob, 'Lynx').length === 1 && named(bob, 'Fox').length === 0);
    expect(await party.bodies('Fox', 'Lynx')).toEqual([
      ['Fox', 'away:trial/yard'],
      ['Lynx', 'trial/yard'],
    ]);

    // Taking out of the game whom a lost connection has left behind is no choice of him.
    ann.close();
    type Who = { characters: { name: string; connected: boolean }[] };
    const isConnected = async () =>
      (await bob.call<Who>('zone.who')).characters.some(({ name, connected }) => name === 'Lynx' && connected);
    for (let stays = true; stays; ) stays = await isConnected();
    const { result: login } = await post<{ token: string }>(party.node, 'auth.login', { name: 'ann', password });
    const again = await party.node.connect({ token: login.token });
    await again.call('character.choose', { name: 'Fox' });
    await again.call('character.status', { name: 'Lynx', status: 'offline' });
    await again.call('zone.enter', { zone: 'trial/yard' });
    await bob.until(() => named(bob, 'Fox').length === 1 && named(bob, 'Lynx').length === 0);
  });

  it('CHR-07 moves by delta × its speed and is given as it is then; what stands in the way is said', async () => {
    await using party = await startParty();
    const { client: ann, token } = await party.join('ann', 'Fox');
    const { character } = await ann.enter('trial/yard');
    const [start] = named(ann, 'Fox').map(metres);
    const { x = 0, y = 0 } = start ?? {};
    const { object } = await ann.call<Moved>('character.move', { dx: -0.5, dy: -0.25 });
    expect(object).toMatchObject({ id: character, name: 'Fox', kind: 'walker', speed: 4 });
    expect(object.x).toBeCloseTo(x - 2, 6);
    expect(object.y).toBeCloseTo(y - 1, 6);
    expect(metres(named(ann, 'Fox')[0])).toEqual({ x: object.x, y: object.y });
    const { result } = await post<Moved>(party.node, 'character.move', { dx: 0, dy: 0.25, name: 'fox' }, bearer(token));
    expect(result.object).toMatchObject({ x: object.x, y: expect.closeTo(y, 6) });
    // The post stands one metre to the right of where everybody appears.
    await ann.until(() => metres(named(ann, 'Fox')[0])?.y === y);
    expect(await codeOf(ann.call('character.move', { dx: 0.75, dy: 0 }))).toBe('object.blocked');
    expect(metres(named(ann, 'Fox')[0])).toEqual({ x: object.x, y });
    for (const params of [{ dx: 3 }, { dx: '1' }, { dx: 0, dz: 1 }])
      expect(await codeOf(ann.call('character.move', params))).toBe('call.bad-params');
    expect(await codeOf(ann.call('character.move', { dx: 1.9, dy: 0 }))).toBe('object.too-fast');
  });

  it('CHR-08 goes on where it was, and from the spawn point when that place is lost', async () => {
    const games = (zones: object) => JSON.stringify({ title: 'Trial', start: 'yard', character: 'walker', zones });
    const yard = { map: 'maps/yard.tmj' };
    const wide = { width: 40, height: 40 };
    const file = 'games/trial/game.json';
    await using party = await startParty(
      {},
      { [file]: games({ yard, old: wide, gone: wide, field: wide, heath: wide }) },
    );
    const anns = await party.join('ann', 'Ant', 'Bee');
    const bobs = await party.join('bob', 'Cat', 'Dog');
    for (const [client, name, zone, leaves] of [
      [anns.client, 'Ant', 'old', true],
      [anns.client, 'Bee', 'gone', false],
      [bobs.client, 'Cat', 'field', true],
      [bobs.client, 'Dog', 'heath', false],
    ] as const) {
      await client.call('character.choose', { name });
      await client.enter(`trial/${zone}`);
      await client.call('character.move', { dx: 1, dy: 0 });
      const { object } = await client.call<Moved>('character.move', { dx: 0, dy: 0.5 });
      expect(object).toMatchObject({ x: 24, y: 22 });
      // Of two the node dies while they play, once all is on disk.
      if (leaves) await client.call('zone.leave');
      else await client.call('object.call', { id: client.character, method: 'coin' });
    }
    await party.node.kill('SIGKILL');
    await party.trial.write(file, games({ yard, field: wide, heath: { width: 20, height: 20 } }));
    await party.node.start();
    const ann = await party.node.connect({ token: anns.token });
    const bob = await party.node.connect({ token: bobs.token });
    const lost: Record<string, unknown> = {};
    for (const [client, name] of [
      [ann, 'Ant'],
      [ann, 'Bee'],
      [bob, 'Cat'],
      [bob, 'Dog'],
    ] as const) {
      await client.call('zone.leave');
      const { zone, character } = await client.call<{ zone: string; character: string }>('zone.enter', { name });
      lost[name] = { zone, ...metres(await client.until(() => client.objects.get(character))) };
      expect((await client.call<{ zone: string }>('character.where', { name })).zone).toBe(zone);
    }
    expect(lost).toEqual({
      Ant: { zone: 'trial/yard', x: 8, y: 8 },
      Bee: { zone: 'trial/yard', x: 8, y: 8 },
      Cat: { zone: 'trial/field', x: 24, y: 22 },
      Dog: { zone: 'trial/heath', x: 10, y: 10 },
    });
    expect((await party.bodies('Ant', 'Bee', 'Cat', 'Dog')).map(([name]) => name)).toEqual([
      'Ant',
      'Bee',
      'Cat',
      'Dog',
    ]);
  }, 240_000);

  it('CHR-06 is played by who is named, chosen, or the only one, in its own game', async () => {
    await using party = await startParty();
    const { client: ann } = await party.join('ann');
    const enter = (params: object = {}) => ann.call<{ name: string; zone: string }>('zone.enter', params);
    expect(await codeOf(enter())).toBe('character.none');
    await ann.call('character.create', { name: 'Fox' });
    expect(await enter()).toMatchObject({ name: 'Fox', zone: 'trial/yard' });
    await ann.call('zone.leave');
    await ann.call('character.create', { name: 'Lynx' });
    await ann.call('character.create', { name: 'Lily', game: 'farmyard' });
    expect(await enter()).toMatchObject({ name: 'Fox' });
    expect(await codeOf(enter({ name: 'Lynx' }))).toBe('session.playing');
    await ann.call('zone.leave');
    expect(await codeOf(enter({ name: 'Lily', zone: 'trial/yard' }))).toBe('character.other-game');
    expect(await ann.call('character.choose', { name: 'LYNX' })).toMatchObject({ name: 'Lynx', online: false });
    expect(await enter({ zone: 'trial/cave' })).toMatchObject({ name: 'Lynx', zone: 'trial/cave' });
    expect(await ann.call('character.list')).toMatchObject({
      characters: [{ name: 'Fox', chosen: false }, { name: 'Lily' }, { name: 'Lynx', chosen: true, online: true }],
    });
    expect(await codeOf(ann.call('character.delete', { name: 'Lynx' }))).toBe('character.in-play');
    await ann.call('zone.leave');
    await ann.call('character.delete', { name: 'Lynx' });
    expect(await party.bodies('Lynx')).toEqual([]);
    expect(await codeOf(enter())).toBe('character.none');
    expect(await enter({ zone: 'farmyard' })).toMatchObject({ name: 'Lily', zone: 'farmyard/meadow' });
  });

  it('CHR-05 CHR-07 is played over HTTP alone', async () => {
    await using party = await startParty();
    const { token } = await makeAccount(party.node, 'ann');
    const call = async <T = object>(method: string, params: object = {}) =>
      (await post<T>(party.node, method, params, bearer(token))).result;
    await call('character.create', { name: 'Fox' });
    await call('character.create', { name: 'Lynx' });
    await call('character.choose', { name: 'Lynx' });
    const { character } = await call<{ character: string }>('zone.enter', { zone: 'trial/yard' });
    expect(await call('character.move', { dx: -0.5 })).toMatchObject({ object: { id: character, name: 'Lynx', x: 6 } });
    expect(await call('character.where', { name: 'Lynx' })).toMatchObject({ online: true, zone: 'trial/yard' });
    expect(await call('character.status', { name: 'Lynx', status: 'offline' })).toMatchObject({ online: false });
    expect(await call('character.status', { name: 'Fox', status: 'online' })).toMatchObject({ online: true });
    expect(await call('character.list')).toMatchObject({
      characters: [{ name: 'Fox', chosen: true }, { name: 'Lynx' }],
    });
    expect(await party.bodies('Fox', 'Lynx')).toEqual([
      ['Fox', 'trial/yard'],
      ['Lynx', 'away:trial/yard'],
    ]);
  });

  it('CHR-06 nobody plays without an account where guests are off', async () => {
    await using party = await startParty({ env: { ROOST_GUESTS: 'off' } });
    const stranger = await party.node.connect();
    expect(await codeOf(stranger.call('zone.enter', { name: 'Fox' }))).toBe('auth.account-needed');
    const { client: ann } = await party.join('ann', 'Fox');
    expect(await ann.call('zone.enter', { zone: 'trial/yard' })).toMatchObject({ name: 'Fox', resume: null });
  });
});
