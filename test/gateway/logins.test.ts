import { describe, expect, it } from 'vitest';
import type { Entered, Snapshot } from '../../core/contract/protocol.ts';
import { type Guest, type House, openHouse } from './house.ts';

const meadow = 'devtest/meadow';
const yard = 'devtest/yard';
const zones = [{}, { name: 'yard' }];

/** A connection that plays one of its account's characters. */
async function playing(house: House, token: string, name: string, zone = meadow): Promise<Guest & { self: string }> {
  const guest = house.connect({ token });
  expect(await guest.call('character.choose', { name })).toMatchObject({ ok: true });
  const { character } = await guest.enter(zone);
  return { ...guest, self: character };
}

const desk = { authorization: 'Bearer fox-desk' };

/** A call over HTTP. */
async function post(house: House, headers: Record<string, string>, method: string, params = {}) {
  const response = await fetch(`${house.url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return (await response.json()) as { readonly result: unknown; readonly error?: { readonly data: object } };
}

/** Those in a zone, as it has them. */
const inside = (house: House, zone: string) => [...house.zones.get(zone).things.values()].map(({ name }) => name);

describe('a login', () => {
  it('has no character of its own: it plays one that was chosen', async () => {
    await using house = await openHouse();
    const fox = house.connect({ token: 'fox-desk' });
    await expect(fox.enter(meadow, 'Fox')).rejects.toMatchObject({ code: 'character.none' });
    await fox.call('character.choose', { name: 'Hero' });
    expect(await fox.enter(meadow)).toMatchObject({ name: 'Hero', resume: null });
  });

  it('that is not known is told so and disconnected: it would play as somebody else than it thinks', async () => {
    await using house = await openHouse();
    const fox = house.connect({ token: 'nobody' });
    const gone = fox.next('disconnect');
    expect(await fox.next('notice')).toMatchObject({ code: 'session.unknown-token' });
    await gone;
    // A browser sends its cookie by itself.
    const page = house.connect({ headers: { cookie: 'roost=0000000000000000', origin: house.url } });
    expect(await page.call('auth.me')).toEqual({ ok: true, result: null });
  });

  it('is taken back by its next connection, with what was said meanwhile and in the same place', async () => {
    await using house = await openHouse();
    const before = await playing(house, 'fox-desk', 'Hero');
    before.socket.disconnect();
    await house.untilLogged('session closed');
    expect(house.gateway.deliver({ account: 'fox' }, 'whisper', { text: 'still there?' })).toBe(true);
    expect(house.gateway.deliver({ owner: 'character:foxHero' }, 'whisper', { text: 'hello?' })).toBe(true);
    expect(house.gateway.deliver({ account: 'hare' }, 'whisper', { text: 'nobody' })).toBe(false);
    const after = house.connect({ token: 'fox-desk' });
    expect(await after.next<Entered>('resumed')).toMatchObject({ character: before.self, name: 'Hero', resume: null });
    expect((await after.next<Snapshot>('snapshot')).self).toBe(before.self);
    expect(await after.next('whisper')).toEqual({ text: 'still there?' });
    expect(await after.next('whisper')).toEqual({ text: 'hello?' });
    expect(inside(house, meadow)).toEqual(['Hero']);
  });

  it('has what was said to it alone wait for a connection, however often it asks over HTTP meanwhile', async () => {
    await using house = await openHouse();
    const before = await playing(house, 'fox-desk', 'Hero');
    before.socket.disconnect();
    await house.untilLogged('session closed');
    expect(house.gateway.deliver({ account: 'fox' }, 'whisper', { text: 'while away' })).toBe(true);
    expect((await post(house, desk, 'zone.who')).result).toMatchObject([{ name: 'Hero', connected: true }]);
    expect(house.gateway.deliver({ owner: 'character:foxHero' }, 'whisper', { text: 'while asking' })).toBe(true);
    const after = house.connect({ token: 'fox-desk' });
    expect(await after.next('whisper')).toEqual({ text: 'while away' });
    expect(await after.next('whisper')).toEqual({ text: 'while asking' });
  });

  it('ACC-13 takes the place of the former connection of its account', async () => {
    await using house = await openHouse();
    const desk = await playing(house, 'fox-desk', 'Hero');
    const gone = desk.next('disconnect');
    const phone = house.connect({ token: 'fox-phone' });
    expect((await phone.next<Snapshot>('snapshot')).self).toBe(desk.self);
    expect(await desk.next('notice')).toMatchObject({ code: 'session.replaced' });
    await gone;
    expect(inside(house, meadow)).toEqual(['Hero']);
  });

  it('ACC-13 is refused while the account is here, where the node wants that', async () => {
    await using house = await openHouse({ accountSessions: 'refuse' });
    const desk = await playing(house, 'fox-desk', 'Hero');
    const phone = house.connect({ token: 'fox-phone' });
    expect(await phone.next('notice')).toMatchObject({ code: 'session.elsewhere' });
    await phone.next('disconnect');
    expect(await desk.call('auth.me')).toMatchObject({ ok: true, result: { id: 'fox' } });
  });

  it('may be there twice, where the node wants that, but plays no character twice', async () => {
    await using house = await openHouse({ accountSessions: 'many' });
    await playing(house, 'fox-desk', 'Hero');
    const phone = house.connect({ token: 'fox-phone' });
    expect(await phone.call('character.choose', { name: 'Hero' })).toMatchObject({
      error: { code: 'session.elsewhere' },
    });
    await phone.call('character.choose', { name: 'Thief' });
    await phone.enter(meadow);
    expect(inside(house, meadow).sort()).toEqual(['Hero', 'Thief']);
  });

  it('of two connections that choose one character, one plays it', async () => {
    await using house = await openHouse({ accountSessions: 'many' }, zones);
    const [desk, phone] = [house.connect({ token: 'fox-desk' }), house.connect({ token: 'fox-phone' })];
    for (const one of [desk, phone])
      expect(await one.call('character.choose', { name: 'Hero' })).toMatchObject({ ok: true });
    const outcomes = await Promise.allSettled([desk.enter(meadow), phone.enter(yard)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'session.elsewhere' },
    });
    expect([...house.zones.running.keys()].flatMap((zone) => inside(house, zone))).toEqual(['Hero']);
  });
});

describe('a kept character', () => {
  it('is put away when it leaves, and comes back the same', async () => {
    await using house = await openHouse({}, zones);
    const fox = await playing(house, 'fox-desk', 'Hero');
    await fox.call('zone.leave');
    expect(inside(house, meadow)).toEqual([]);
    expect(house.zones.away.get('character:foxHero')).toMatchObject({ object: fox.self, zone: meadow });
    expect(await fox.enter(yard)).toMatchObject({ character: fox.self });
    expect(inside(house, yard)).toEqual(['Hero']);
  });

  it('is in one zone, whichever it enters, and however often', async () => {
    await using house = await openHouse({}, zones);
    const fox = await playing(house, 'fox-desk', 'Hero');
    const entered = await Promise.all([yard, meadow, yard, yard, meadow].map((zone) => fox.enter(zone)));
    expect(new Set(entered.map(({ character }) => character))).toEqual(new Set([fox.self]));
    expect(inside(house, meadow)).toEqual(['Hero']);
    expect(inside(house, yard)).toEqual([]);
  });

  it('goes when its login goes', async () => {
    await using house = await openHouse();
    const fox = await playing(house, 'fox-desk', 'Hero');
    const [session] = [...house.gateway.sessions()];
    if (session === undefined) throw new Error('no session');
    await house.gateway.identify(session, null);
    expect(inside(house, meadow)).toEqual([]);
    expect(await fox.call('auth.me')).toEqual({ ok: true, result: null });
    expect(await fox.enter(meadow, 'Stray')).toMatchObject({ name: 'Stray' });
  });

  it('stays out of the zone when its connection goes while it comes in', async () => {
    await using house = await openHouse();
    const gate = Promise.withResolvers<void>();
    house.zones.gate = gate.promise;
    const fox = house.connect({ token: 'fox-desk' });
    await fox.call('character.choose', { name: 'Hero' });
    fox.call('zone.enter', { zone: meadow });
    await fox.call('test.echo');
    fox.socket.disconnect();
    await house.untilLogged('session closed');
    gate.resolve();
    await expect.poll(() => house.zones.away.has('character:foxHero')).toBe(true);
    expect(inside(house, meadow)).toEqual([]);
    expect(house.gateway.plays('character:foxHero')).toBe(false);
  });
});

describe('what a login may do', () => {
  it('ADM-03 changes at once on an open connection', async () => {
    await using house = await openHouse();
    const fox = house.connect({ token: 'fox-desk' });
    expect(await fox.call('test.power')).toEqual({ ok: true, result: true });
    house.gateway.changeAccount('fox', { privileges: [] });
    expect(await fox.call('test.power')).toEqual({ ok: true, result: false });
    house.gateway.changeAccount('fox', { privileges: ['admin'] });
    expect(await fox.call('test.power')).toEqual({ ok: true, result: true });
  });

  it('is nothing privileged when its cookie says who it is, and a foreign page sends none', async () => {
    await using house = await openHouse({ origins: ['https://ally.example'] });
    const cookie = 'other=1; roost=fox-cookie-00000000';
    const page = (origin: string | undefined) =>
      house.connect({ headers: { cookie, ...(origin === undefined ? {} : { origin }) } });
    const own = page(house.url);
    expect(await own.call('auth.me')).toMatchObject({ result: { id: 'fox', trusted: false } });
    expect(await own.call('test.power')).toEqual({ ok: true, result: false });
    for (const other of ['https://ally.example', undefined])
      expect(await page(other).call('auth.me')).toEqual({ ok: true, result: null });
  });

  it('H-15 is told over HTTP by the bearer alone, or by the cookie of a page of this node', async () => {
    await using house = await openHouse({ origins: ['https://ally.example'] });
    const ask = async (headers: Record<string, string>, method = 'auth.me') =>
      (await post(house, headers, method)).result;
    const cookie = 'roost=fox-cookie-00000000';
    expect(await ask(desk)).toMatchObject({ id: 'fox', trusted: true });
    expect(await ask(desk, 'test.power')).toBe(true);
    expect(await ask({ cookie, origin: house.url })).toMatchObject({ id: 'fox', trusted: false });
    expect(await ask({ cookie, origin: house.url }, 'test.power')).toBe(false);
    expect(await ask({ cookie, 'sec-fetch-site': 'same-origin' })).toMatchObject({ id: 'fox' });
    expect(await ask({ cookie, origin: 'https://ally.example' })).toBeNull();
    expect(await ask({ cookie })).toBeNull();
  });
});

describe('a request over HTTP', () => {
  it('sees what its account plays over a connection, and does not take it away', async () => {
    await using house = await openHouse({}, zones);
    const ask = (method: string, params = {}) => post(house, desk, method, params);
    const sessions = () => [...house.gateway.sessions()].map(({ via }) => via);
    const hero = await playing(house, 'fox-desk', 'Hero');
    expect((await ask('zone.who')).result).toMatchObject([{ name: 'Hero' }]);
    expect((await ask('zone.enter', { zone: yard })).error?.data).toMatchObject({ code: 'session.elsewhere' });
    expect(sessions()).toEqual(['socket']);
    expect(await hero.enter(yard)).toMatchObject({ character: hero.self });
    await ask('zone.leave');
    expect(inside(house, yard)).toEqual([]);
  });

  it('logs itself out, and not what another login plays', async () => {
    await using house = await openHouse();
    const hero = await playing(house, 'fox-desk', 'Hero');
    const script = { authorization: 'Bearer fox-script' };
    expect((await post(house, script, 'auth.logout')).result).toBeNull();
    expect(await hero.call('zone.who')).toMatchObject({ ok: true, result: [{ name: 'Hero', connected: true }] });
  });

  it('H-17 keeps no more players from one address than that may have connections', async () => {
    await using house = await openHouse({ connectionsPerAddress: 3 });
    const enter = (name: string) => post(house, {}, 'zone.enter', { zone: meadow, name });
    for (const name of ['Ant', 'Bee', 'Cat']) expect((await enter(name)).error).toBeUndefined();
    expect((await enter('Dog')).error?.data).toMatchObject({ code: 'session.too-many' });
    expect(inside(house, meadow)).toEqual(['Ant', 'Bee', 'Cat']);
    expect((await post(house, {}, 'test.echo')).error).toBeUndefined();
  });

  it('ACC-15 a guest who only asks has no more time than others', async () => {
    await using house = await openHouse({ guestMs: 1 });
    await post(house, {}, 'zone.enter', { zone: meadow, name: 'Ant' });
    await expect.poll(() => inside(house, meadow), { timeout: 10_000 }).toEqual([]);
  });

  it('plays over many requests, and is the same player in each', async () => {
    await using house = await openHouse();
    const ask = async (method: string, params = {}) => (await post(house, desk, method, params)).result;
    await ask('character.choose', { name: 'Hero' });
    const { character } = (await ask('zone.enter', { zone: meadow })) as Entered;
    expect(await ask('zone.objects')).toMatchObject([{ id: character }]);
    expect(await ask('zone.who')).toMatchObject([{ id: character, connected: true }]);
    const socket = house.connect({ token: 'fox-desk' });
    expect(await socket.next<Entered>('resumed')).toMatchObject({ character });
  });
});

describe('an address that is barred', () => {
  it('is refused at every door, and who is in goes', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    await fox.enter(meadow, 'Fox');
    house.gateway.bar(new Map([['127.0.0.1', null]]));
    expect(await fox.next('notice')).toMatchObject({ code: 'session.barred' });
    await expect.poll(() => inside(house, meadow)).toEqual([]);
    const refused = house.connect();
    await new Promise((resolve) => refused.socket.once('connect_error', resolve));
    for (const [path, method] of [
      ['/rpc', 'POST'],
      ['/', 'GET'],
      ['/healthz', 'GET'],
    ] as const)
      expect((await fetch(house.url + path, { method })).status).toBe(403);
    house.gateway.bar(new Map([['127.0.0.1', 1]]));
    expect((await fetch(`${house.url}/healthz`)).status).toBe(200);
  });
});

describe('a guest', () => {
  it('ACC-15 is told to go when the time is over, with his character; who has an account stays', async () => {
    await using house = await openHouse({ guestMs: 1 });
    const hero = await playing(house, 'fox-desk', 'Hero');
    const stray = house.connect();
    const gone = stray.next('disconnect');
    await stray.enter(meadow, 'Stray');
    expect(house.gateway.who(meadow)).toMatchObject([
      { name: 'Hero', guest: false },
      { name: 'Stray', guest: true },
    ]);
    expect(await stray.next('notice')).toMatchObject({ code: 'session.time-over' });
    await gone;
    await expect.poll(() => inside(house, meadow), { timeout: 10_000 }).toEqual(['Hero']);
    expect(await hero.call('test.echo')).toMatchObject({ ok: true });
  });
});

describe('a client', () => {
  it.each([
    ['speaks another protocol', { protocol: '2.0' }, 'session.protocol'],
    ['is too old', { client: '1.3.9' }, 'session.version'],
    ['does not say which it is, though it says so', { client: 'newest' }, 'session.version'],
  ])('ACC-17 that %s is told so and disconnected', async (_what, auth, code) => {
    await using house = await openHouse({ clientLeast: '1.4' });
    const old = house.connect({ auth });
    const gone = old.next('disconnect');
    expect(await old.next('notice')).toMatchObject({ code });
    await gone;
    const fine = house.connect({ auth: { protocol: '1.0', client: '1.4.0' } });
    expect(await fine.call('test.echo')).toMatchObject({ ok: true });
  });
});
