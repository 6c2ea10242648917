import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode } from '../../support/node.ts';
import { bearer, ended, type LoggedIn, makeAccount, password, post, refusalOf, whoIs, withPlugins } from './people.ts';

/** Calls that are made again until something has come of another. */
const patience = { interval: 300, timeout: 20_000 };
const codeOf = (error: unknown) => (error as { code: string }).code;

const many = { ROOST_ACCOUNT_SESSIONS: 'many' };

type Login = { readonly id: string; readonly page: boolean; readonly address: string; readonly current: boolean };

describe('a login', () => {
  it('ACC-10 is accepted by every door and after a restart; a tampered and an expired one by none', async () => {
    await using own = await withPlugins();
    await using node = await startTestNode({ env: many, plugins: [own.folder] });
    const { token } = await makeAccount(node, 'Fox');
    const check = async () => {
      const client = await node.connect({ token });
      expect(await whoIs(client)).toBe('Fox');
      expect((await post(node, 'auth.me', {}, bearer(token))).result).toMatchObject({ account: { name: 'Fox' } });
      client.close();
    };
    await check();
    await node.restart('SIGKILL');
    await check();

    const tampered = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const wrong of [tampered, 'A'.repeat(43)]) {
      expect(await refusalOf(post(node, 'auth.me', {}, bearer(wrong)))).toMatchObject({
        code: 'session.unknown-token',
      });
      expect(await ended(await node.connect({ token: wrong }))).toBe('session.unknown-token');
    }

    const server = await node.connect();
    const { id } = await server.call<{ id: string }>('as.server', { method: 'auth.find', params: { name: 'fox' } });
    const issued = await server.call<{ token: string }>('as.server', {
      method: 'auth.issue',
      params: { kind: 'full', account: id, seconds: 5 },
    });
    const short = await node.connect({ token: issued.token });
    expect(await whoIs(short)).toBe('Fox');
    expect(await ended(short)).toBe('session.logged-out');
    expect(await refusalOf(post(node, 'auth.me', {}, bearer(issued.token)))).toMatchObject({
      code: 'session.unknown-token',
    });
  });

  it('ACC-11 ends whole when it is logged out: here, on every other connection, with what it may do', async () => {
    await using own = await withPlugins();
    await using node = await startTestNode({ env: many, plugins: [own.folder] });
    const { token } = await makeAccount(node, 'Fox');
    const server = await node.connect();
    const { id } = await server.call<{ id: string }>('as.server', { method: 'auth.find', params: { name: 'Fox' } });
    await server.call('as.server', { method: 'auth.set-privileges', params: { id, privileges: ['admin'] } });
    const here = await node.connect({ token });
    const there = await node.connect({ token });
    const elsewhere = await node.connect();
    const { token: other } = await elsewhere.call<LoggedIn>('auth.login', { name: 'Fox', password });
    for (const client of [here, there, elsewhere]) expect(await client.call('as.builder')).toBe('built');

    await here.call('auth.logout');
    expect(await ended(there)).toBe('session.logged-out');
    expect(await whoIs(here)).toBeUndefined();
    expect(await refusalOf(here.call('as.builder'))).toMatchObject({ code: 'call.forbidden' });
    expect(await refusalOf(here.call('auth.logout'))).toMatchObject({ code: 'call.forbidden' });
    expect(await refusalOf(post(node, 'auth.me', {}, bearer(token)))).toMatchObject({ code: 'session.unknown-token' });
    // The other login is another login.
    expect(await elsewhere.call('as.builder')).toBe('built');
    await post(node, 'auth.logout', {}, bearer(other));
    expect(await ended(elsewhere)).toBe('session.logged-out');
  });

  it('ACC-11 is over for the rest of a batch as well', async () => {
    await using node = await startTestNode();
    const { token } = await makeAccount(node, 'Fox');
    const answer = await fetch(`${node.url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token) },
      body: JSON.stringify(
        ['auth.me', 'auth.logout', 'auth.me'].map((method, id) => ({ jsonrpc: '2.0', id, method, params: {} })),
      ),
    });
    expect(await answer.json()).toMatchObject([
      { result: { account: { name: 'Fox' } } },
      { result: {} },
      { error: { data: { code: 'session.unknown-token' } } },
    ]);
  });

  it('a privilege that is taken away stops working at once on connections that are open, and one that is given works', async () => {
    await using own = await withPlugins();
    await using node = await startTestNode({ env: many, plugins: [own.folder] });
    const { token } = await makeAccount(node, 'Fox');
    const server = await node.connect();
    const { id } = await server.call<{ id: string }>('as.server', { method: 'auth.find', params: { name: 'Fox' } });
    const set = (privileges: readonly string[]) =>
      server.call('as.server', { method: 'auth.set-privileges', params: { id, privileges } });
    const fox = await node.connect({ token });
    expect(await refusalOf(fox.call('as.builder'))).toMatchObject({ code: 'call.forbidden' });
    await set(['build']);
    expect(await fox.call('as.builder')).toBe('built');
    expect((await post(node, 'as.builder', {}, bearer(token))).result).toBe('built');
    await set([]);
    expect(await refusalOf(fox.call('as.builder'))).toMatchObject({ code: 'call.forbidden' });
    expect(await refusalOf(post(node, 'as.builder', {}, bearer(token)))).toMatchObject({ code: 'call.forbidden' });
  });

  it.each([
    ['replace', 'session.replaced'],
    ['many', undefined],
  ])('ACC-13 of somebody who is here already: with `%s` the first goes, or stays beside it', async (policy, code) => {
    await using node = await startTestNode({ env: { ROOST_ACCOUNT_SESSIONS: policy } });
    await post(node, 'auth.register', { name: 'Fox', password });
    const first = await node.connect();
    await first.call('auth.login', { name: 'Fox', password });
    const second = await node.connect();
    await second.call('auth.login', { name: 'Fox', password });
    expect(await whoIs(second)).toBe('Fox');
    if (code === undefined) expect(await whoIs(first)).toBe('Fox');
    else expect(await ended(first)).toBe(code);
  });

  it('ACC-13 of somebody who is here already is refused where that is configured, until he is gone', async () => {
    await using node = await startTestNode({ env: { ROOST_ACCOUNT_SESSIONS: 'refuse' } });
    const { token } = await makeAccount(node, 'Fox');
    const first = await node.connect();
    await first.call('auth.login', { name: 'Fox', password });
    const second = await node.connect();
    const logIn = () => second.call('auth.login', { name: 'Fox', password });
    expect(await refusalOf(logIn())).toMatchObject({ code: 'session.elsewhere' });
    expect(await whoIs(second)).toBeUndefined();
    expect(await ended(await node.connect({ token }))).toBe('session.elsewhere');
    // The refused one left no login behind: there are that of the program and that of the first.
    expect((await first.call<{ logins: readonly Login[] }>('auth.logins')).logins).toHaveLength(2);
    first.close();
    await expect.poll(() => logIn().then(() => true, codeOf), patience).toBe(true);
  });

  it('is listed and ended by its owner, and by nobody else', async () => {
    await using node = await startTestNode({ env: many });
    const { token } = await makeAccount(node, 'Fox');
    const page = await node.connect({}, { origin: node.url });
    await page.call('auth.login', { name: 'Fox', password });
    const fox = await node.connect({ token });
    const { logins } = await fox.call<{ logins: readonly Login[] }>('auth.logins');
    expect(logins.map(({ page, current, address }) => ({ page, current, address }))).toEqual(
      expect.arrayContaining([
        { page: false, current: true, address: '127.0.0.1' },
        { page: true, current: false, address: '127.0.0.1' },
      ]),
    );
    expect(JSON.stringify(logins)).not.toContain(token);
    const mine = logins.find(({ page }) => page)?.id ?? '';

    const { token: hares } = await makeAccount(node, 'Hare');
    const hare = await node.connect({ token: hares });
    expect(await refusalOf(hare.call('auth.end-login', { id: mine }))).toMatchObject({ code: 'auth.unknown-login' });
    expect(await whoIs(page)).toBe('Fox');
    await fox.call('auth.end-login', { id: mine });
    expect(await ended(page)).toBe('session.logged-out');
    expect((await fox.call<{ logins: readonly Login[] }>('auth.logins')).logins).toHaveLength(1);
  });
});

describe('without an account', () => {
  it('ACC-14 anyone may enter under a free name, beside those who have one', async () => {
    await using node = await startTestNode();
    const guest = await node.connect();
    await guest.enter('devtest/rules', 'Wanderer');
    expect(await guest.call('auth.me')).toMatchObject({ account: null, open: { guests: true } });
    const other = await node.connect();
    expect(await refusalOf(other.call('zone.enter', { zone: 'devtest/rules', name: 'wanderer' }))).toMatchObject({
      code: 'name.taken',
    });
  });

  it('ACC-14 keeps the name no longer than its game: then it may be that of somebody who has an account', async () => {
    await using node = await startTestNode();
    const guest = await node.connect();
    await guest.enter('devtest/rules', 'Wanderer');
    await makeAccount(node, 'Wanderer');
    // As long as he plays it stays his.
    await guest.enter('devtest/hall');
    await guest.call('zone.leave');
    for (const params of [{}, { name: 'Wanderer' }, { name: 'wanderer' }])
      expect(await refusalOf(guest.call('zone.enter', { zone: 'devtest/rules', ...params }))).toMatchObject({
        code: 'name.taken',
      });
    expect(await guest.enter('devtest/rules', 'Stroller')).toMatchObject({ name: 'Stroller' });
  });

  it('ACC-14 nobody may, where guests are switched off: a name needs an account', async () => {
    await using node = await startTestNode({ env: { ROOST_GUESTS: 'false' } });
    const client = await node.connect();
    expect(await client.call('auth.me')).toMatchObject({ open: { guests: false } });
    expect(await refusalOf(client.call('zone.enter', { zone: 'devtest/rules', name: 'Wanderer' }))).toMatchObject({
      code: 'auth.account-needed',
    });
    await client.call('auth.register', { name: 'Fox', password });
    await client.call('auth.login', { name: 'Fox', password });
    await client.call('character.create', { name: 'Reynard', game: 'devtest' });
    expect(await client.enter('devtest/rules')).toMatchObject({ zone: 'devtest/rules', name: 'Reynard' });
  });
});

/** On its way while its owner has the password set anew: by whom he shut out, it may be. */
describe('a change that the owner’s new password overtakes', () => {
  for (const [method, params] of [
    ['auth.password', { old: password, new: 'the thief’s own' }],
    ['auth.rename', { name: 'Thief', password }],
    ['auth.change-profile', { email: 'thief@example.org', password }],
  ] as const)
    it(`does not come after it: ${method}`, async () => {
      await using own = await withPlugins();
      await using node = await startTestNode({ plugins: [own.folder] });
      const next = 'a better password';
      await post(node, 'auth.register', { name: 'Model', password: next });
      await post(node, 'auth.register', { name: 'Fox', password, email: 'fox@example.org' });
      const thief = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password })).result.token;
      const hashes = async () => (await post<{ hashes: number }>(node, 'auth.load')).result.hashes;
      const before = await hashes();
      const hash = "(select password_hash from accounts where name = 'Model')";
      await post(node, 'as.hold', { sql: `update accounts set password_hash = ${hash} where name = 'Fox'` });
      const change = refusalOf(post(node, method, params, bearer(thief)));
      // The former password was found right.
      await expect.poll(hashes, patience).toBeGreaterThan(before);
      await post(node, 'as.release');
      expect(await change).toMatchObject({ code: 'auth.wrong' });
      const fox = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password: next })).result.token;
      const { result } = await post(node, 'auth.profile', {}, bearer(fox));
      expect(result).toMatchObject({ email: 'fox@example.org' });
    });
});

describe('an account that is at rest', () => {
  it('ACC-12 cannot log in once deactivated; reactivating restores it with its data', async () => {
    await using node = await startTestNode({ env: many });
    await post(node, 'auth.register', { name: 'Fox', password, email: 'fox@example.org' });
    const { token } = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password })).result;
    const fox = await node.connect({ token });
    const other = await node.connect({ token });
    await fox.call('auth.set-avatar', { avatar: '🦊' });
    expect(await refusalOf(fox.call('auth.deactivate', { password: 'not the password' }))).toMatchObject({
      code: 'auth.wrong',
    });
    await fox.call('auth.deactivate', { password });
    expect(await ended(other)).toBe('session.logged-out');
    expect(await whoIs(fox)).toBeUndefined();
    expect(await refusalOf(post(node, 'auth.me', {}, bearer(token)))).toMatchObject({ code: 'session.unknown-token' });
    expect(await refusalOf(fox.call('auth.login', { name: 'Fox', password }))).toMatchObject({ code: 'auth.wrong' });
    expect(await refusalOf(post(node, 'auth.register', { name: 'fox', password }))).toMatchObject({
      code: 'auth.taken',
    });

    expect(await refusalOf(fox.call('auth.reactivate', { name: 'Fox', password: 'not the password' }))).toMatchObject({
      code: 'auth.wrong',
    });
    await fox.call('auth.reactivate', { name: 'fox', password });
    await fox.call('auth.login', { name: 'Fox', password });
    expect(await fox.call('auth.me')).toMatchObject({ account: { name: 'Fox', email: 'fox@example.org', logins: 2 } });
    expect(await fox.call('auth.avatar')).toMatchObject({ avatar: '🦊' });
  });

  it('ACC-12 stays so when others have closed it, whatever its owner does', async () => {
    await using own = await withPlugins();
    await using node = await startTestNode({ plugins: [own.folder] });
    const { token } = await makeAccount(node, 'Fox');
    const fox = await node.connect({ token });
    const server = await node.connect();
    const as = (method: string, params: object) => server.call<{ id: string }>('as.server', { method, params });
    const { id } = await as('auth.find', { name: 'Fox' });
    await as('auth.set-state', { id, state: 'inactive' });
    expect(await ended(fox)).toBe('session.logged-out');
    for (const method of ['auth.login', 'auth.reactivate'])
      expect(await refusalOf(post(node, method, { name: 'Fox', password }))).toMatchObject({ code: 'auth.wrong' });
    await as('auth.set-state', { id, state: 'active' });
    await post(node, 'auth.login', { name: 'Fox', password });
  });

  it('is gone with all that was its own when it is deleted', async () => {
    await using own = await withPlugins();
    await using node = await startTestNode({ env: many, plugins: [own.folder] });
    await post(node, 'auth.register', { name: 'Fox', password, email: 'fox@example.org' });
    const { token } = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password })).result;
    const fox = await node.connect({ token });
    const other = await node.connect({ token });
    await fox.call('auth.set-avatar', { avatar: '🦊' });
    await fox.call('auth.change-profile', { firstName: 'Reynard' });
    const server = await node.connect();
    const { id } = await server.call<{ id: string }>('as.server', { method: 'auth.find', params: { name: 'Fox' } });
    expect(await refusalOf(fox.call('auth.delete', { password: 'not the password' }))).toMatchObject({
      code: 'auth.wrong',
    });
    await fox.call('auth.delete', { password });
    expect(await ended(other)).toBe('session.logged-out');
    expect(await whoIs(fox)).toBeUndefined();
    expect(await server.call('as.server', { method: 'auth.find', params: { id } })).toBeNull();
    expect(await server.call('as.rows', { id })).toEqual([]);
    expect(await refusalOf(fox.call('auth.login', { name: 'Fox', password }))).toMatchObject({ code: 'auth.wrong' });
    // Somebody else's now, with nothing of the former.
    const { token: again } = await makeAccount(node, 'fox');
    const vixen = await node.connect({ token: again });
    expect(await vixen.call('auth.me')).toMatchObject({ account: { name: 'fox', email: null, logins: 1 } });
    expect(await vixen.call('auth.avatar')).toMatchObject({ avatar: null });
  });
});

describe('what belongs to an account', () => {
  it('ACC-19 counts logins and the minutes that its sessions last', async () => {
    await using node = await startTestNode({ env: many });
    await post(node, 'auth.register', { name: 'Fox', password });
    const told = async (client: TestClient) =>
      (await client.call<{ account: { logins: number; onlineMinutes: number } }>('auth.me')).account;
    const fox = await node.connect();
    await fox.call('auth.login', { name: 'Fox', password });
    expect(await told(fox)).toMatchObject({ logins: 1, onlineMinutes: 0 });
    await fox.call('auth.logout');
    await fox.call('auth.login', { name: 'Fox', password });
    const first = await told(fox);
    expect(first.logins).toBe(2);
    expect(first.onlineMinutes).toBeGreaterThan(0);

    // A login over HTTP is one as well; a connection that comes with its token is none, and lasts.
    const { token } = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password })).result;
    const other = await node.connect({ token });
    expect(await told(other)).toMatchObject({ logins: 3, onlineMinutes: first.onlineMinutes });
    other.close();
    await expect.poll(async () => (await told(fox)).onlineMinutes, patience).toBeGreaterThan(first.onlineMinutes);
    expect((await told(fox)).logins).toBe(3);
  });

  it('ACC-22 its owner changes the password, with the old one; every other login ends', async () => {
    await using node = await startTestNode({ env: many });
    const { token } = await makeAccount(node, 'Fox');
    const fox = await node.connect();
    await fox.call('auth.login', { name: 'Fox', password });
    const other = await node.connect({ token });
    const next = 'a better password';
    for (const [params, code] of [
      [{ old: 'not the password', new: next }, 'auth.wrong'],
      [{ old: password, new: 'short' }, 'auth.password-length'],
    ] as const)
      expect(await refusalOf(fox.call('auth.password', params))).toMatchObject({ code });
    await fox.call('auth.password', { old: password, new: next });
    expect(await ended(other)).toBe('session.logged-out');
    expect(await whoIs(fox)).toBe('Fox');
    expect(await refusalOf(post(node, 'auth.login', { name: 'Fox', password }))).toMatchObject({ code: 'auth.wrong' });
    await post(node, 'auth.login', { name: 'Fox', password: next });
    const stranger = await node.connect();
    expect(await refusalOf(stranger.call('auth.password', { old: next, new: password }))).toMatchObject({
      code: 'call.forbidden',
    });
  });

  it('ACC-22 its owner changes the name, with the password; the former is free', async () => {
    await using node = await startTestNode();
    const { token } = await makeAccount(node, 'Fox');
    await makeAccount(node, 'Hare');
    const fox = await node.connect({ token });
    for (const [name, typed, code] of [
      ['Vixen', 'not the password', 'auth.wrong'],
      ['hare', password, 'auth.taken'],
      ['admin', password, 'auth.taken'],
      ['a fox', password, 'name.illegal'],
    ] as const)
      expect(await refusalOf(fox.call('auth.rename', { name, password: typed }))).toMatchObject({ code });
    await fox.call('auth.rename', { name: 'FOX', password });
    await fox.call('auth.rename', { name: 'Vixen', password });
    expect(await whoIs(fox)).toBe('Vixen');
    await post(node, 'auth.register', { name: 'Fox', password });
    expect((await post<LoggedIn>(node, 'auth.login', { name: 'vixen', password })).result.account.name).toBe('Vixen');
  });
});

describe('the demo account', () => {
  const demo = { name: 'demo', password: 'demodemo' };
  const production = { flags: ['--production'] };

  /** A folder that several nodes use, one after the other. */
  async function withData(): Promise<{ readonly data: string } & AsyncDisposable> {
    const data = await mkdtemp(join(tmpdir(), 'roost-demo-'));
    return { data, [Symbol.asyncDispose]: () => rm(data, { recursive: true, force: true }) };
  }

  it('ACC-24 is there in a fresh folder of development, and closed when that serves the public', async () => {
    await using folder = await withData();
    const { data } = folder;
    {
      await using node = await startTestNode({ data });
      const client = await node.connect();
      await client.call('auth.login', demo);
      await node.logged(({ name }) => name === 'demo');
      expect(node.words).not.toContain(demo.password);
    }
    await using node = await startTestNode({ data, ...production });
    await node.logged(({ msg }) => msg.startsWith('the demo account has its default password'));
    for (const method of ['auth.login', 'auth.reactivate'])
      expect(await refusalOf(post(node, method, demo))).toMatchObject({ code: 'auth.wrong' });
  });

  it('ACC-24 is not there in production, where the name is anybody’s', async () => {
    await using node = await startTestNode(production);
    expect(await refusalOf(post(node, 'auth.login', demo))).toMatchObject({ code: 'auth.wrong' });
    await post(node, 'auth.register', demo);
    await post(node, 'auth.login', demo);
  });

  it('ACC-24 is let be in production when it has a password of its own', async () => {
    await using folder = await withData();
    const { data } = folder;
    {
      await using node = await startTestNode({ data });
      const client = await node.connect();
      await client.call('auth.login', demo);
      await client.call('auth.password', { old: demo.password, new: password });
    }
    await using node = await startTestNode({ data, ...production });
    await post(node, 'auth.login', { name: 'demo', password });
  });

  it('ACC-24 is made once: deleted, it does not come back', async () => {
    await using node = await startTestNode();
    const client = await node.connect();
    await client.call('auth.login', demo);
    await client.call('auth.delete', { password: demo.password });
    await node.restart('SIGTERM');
    expect(await refusalOf(post(node, 'auth.login', demo))).toMatchObject({ code: 'auth.wrong' });
  });
});
