import { argon2Sync } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { bearer, type LoggedIn, makeAccount, password, post, refusalOf, whoIs, withPlugins } from './people.ts';

const wrong = 'not the password';
const many = { ROOST_ACCOUNT_SESSIONS: 'many' };
/** Rates of calls are for others to test. */
const roomy = { ...many, ROOST_CALLS_PER_SECOND: '10000', ROOST_CALL_BURST: '10000', ROOST_CALLS_IN_FLIGHT: '1000' };

const hashes = async (node: TestNode) => (await post<{ hashes: number }>(node, 'auth.load')).result.hashes;

/** Logs in at an address of this machine. */
const logIn = (node: TestNode, name: string, typed: string, from = '127.0.0.1') =>
  post<LoggedIn>(node, 'auth.login', { name, password: typed }, {}, from);

describe('a wrong login', () => {
  it('ACC-09 says and costs the same for an unknown name, a wrong password and an inactive account; the log tells them apart', async () => {
    await using node = await startTestNode({ env: many });
    const { token } = await makeAccount(node, 'Fox');
    const { token: hares } = await makeAccount(node, 'Hare');
    await post(node, 'auth.deactivate', { password }, bearer(hares));
    const answers = new Set<string>();
    for (const [name, typed, reason] of [
      ['Nobody', password, 'unknown name'],
      ['../../etc', password, 'unknown name'],
      ['Fox', wrong, 'wrong password'],
      ['Hare', password, 'inactive account'],
    ] as const) {
      const before = await hashes(node);
      const from = node.logs.length;
      const error = await logIn(node, name, typed).catch((refused: Error) => refused);
      answers.add(String(error));
      expect(error).toMatchObject({ code: 'auth.wrong', details: null });
      expect((await hashes(node)) - before).toBe(1);
      expect(await node.logged(({ msg }) => msg === 'login refused', from)).toMatchObject({ level: 'info', reason });
    }
    expect(answers.size).toBe(1);
    expect((await post(node, 'auth.me', {}, bearer(token))).result).toMatchObject({ account: { name: 'Fox' } });
  });

  it('is tried ten times by one address, then it waits, right or wrong, known or not, before anything is hashed', async () => {
    await using node = await startTestNode({ env: many });
    await makeAccount(node, 'Fox');
    for (const name of ['Fox', 'Nobody']) {
      for (let at = 1; at <= 10; at++)
        expect(await refusalOf(logIn(node, name, wrong, '127.0.0.7'))).toMatchObject({ code: 'auth.wrong' });
      const before = await hashes(node);
      for (const typed of [wrong, password]) {
        const { code, details } = await refusalOf(logIn(node, name.toLowerCase(), typed, '127.0.0.7'));
        expect({ code, details }).toEqual({ code: 'auth.throttled', details: { retryS: expect.any(Number) } });
        expect((details as { retryS: number }).retryS).toBeLessThanOrEqual(600);
      }
      expect(await hashes(node)).toBe(before);
    }
  });

  it('keeps no owner out where he has logged in before, however much others guess', async () => {
    await using node = await startTestNode({ env: many });
    await makeAccount(node, 'Fox');
    for (const from of ['127.0.0.7', '127.0.0.8'])
      for (let at = 1; at <= 10; at++) await refusalOf(logIn(node, 'Fox', wrong, from));
    // Somebody from elsewhere has to wait now, the owner not.
    expect(await refusalOf(logIn(node, 'Fox', password, '127.0.0.9'))).toMatchObject({ code: 'auth.throttled' });
    await logIn(node, 'Fox', password);
  });

  it('is tried thirty times by one address, whatever names it tries', async () => {
    await using node = await startTestNode({ env: roomy });
    await makeAccount(node, 'Fox');
    for (let at = 1; at <= 30; at++)
      expect(await refusalOf(logIn(node, `Nobody${at}`, wrong, '127.0.0.7'))).toMatchObject({ code: 'auth.wrong' });
    expect(await refusalOf(logIn(node, 'Fox', password, '127.0.0.7'))).toMatchObject({ code: 'auth.throttled' });
    await logIn(node, 'Fox', password, '127.0.0.8');
  });

  it('counts also where the password is asked for a second time', async () => {
    await using node = await startTestNode({ env: roomy });
    const { token } = await makeAccount(node, 'Fox');
    const guess = () =>
      refusalOf(post(node, 'auth.password', { old: wrong, new: password }, bearer(token), '127.0.0.7'));
    for (let at = 1; at <= 10; at++) expect(await guess()).toMatchObject({ code: 'auth.wrong' });
    expect(await guess()).toMatchObject({ code: 'auth.throttled' });
  });
});

describe('registration', () => {
  it('tells one address of sixty names an hour that they are taken, and no more', async () => {
    await using node = await startTestNode({ env: { ...roomy, ROOST_DEV: 'off' } });
    await makeAccount(node, 'Fox');
    const far = { 'x-forwarded-for': '203.0.113.9' };
    const codes: string[] = [];
    for (let n = 0; n < 62; n++)
      codes.push((await refusalOf(post(node, 'auth.register', { name: 'fox', password }, far))).code);
    expect(codes.filter((code) => code === 'auth.taken').length).toBeLessThanOrEqual(60);
    expect(codes.at(-1)).toBe('auth.throttled');
  });
});

describe('a flood of logins', () => {
  it('waits in turns, is refused as busy beyond what can wait, and whoever comes from elsewhere is served', async () => {
    await using node = await startTestNode({ env: roomy });
    await makeAccount(node, 'Fox');
    await makeAccount(node, 'Hare');
    const outcome = (login: Promise<unknown>) =>
      login.then(
        () => 'in',
        (error: { code: string }) => error.code,
      );
    const client = await node.connect();
    const waiting = async () => (await client.call<{ waiting: number }>('auth.load')).waiting;
    const flood = Array.from({ length: 200 }, () => outcome(logIn(node, 'Fox', password)));
    // Not before they wait.
    await expect.poll(waiting, { interval: 20, timeout: 20_000 }).toBeGreaterThan(16);
    const hare = outcome(logIn(node, 'Hare', password, '127.0.0.8'));
    const outcomes = await Promise.all(flood);
    expect(await hare).toBe('in');
    expect(new Set(outcomes)).toEqual(new Set(['in', 'auth.busy']));
    expect(outcomes.filter((code) => code === 'auth.busy').length).toBeGreaterThanOrEqual(200 - 64 - 64);
  });
});

describe('the cookie', () => {
  const me = { account: { name: 'Fox' } };

  it('is set instead of the token, for no script and no other site, and is good at both doors of this page', async () => {
    await using node = await startTestNode({ env: many });
    await makeAccount(node, 'Fox');
    const own = { origin: node.url };
    const { result, cookie = '' } = await post<LoggedIn>(
      node,
      'auth.login',
      { name: 'Fox', password, cookie: true },
      own,
    );
    expect(result).not.toHaveProperty('token');
    expect(cookie).toMatch(/^roost=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    const kept = { cookie: cookie.split(';')[0] ?? '' };
    expect((await post(node, 'auth.me', {}, { ...own, ...kept })).result).toMatchObject(me);
    const page = await node.connect({}, { ...own, ...kept });
    expect(await whoIs(page)).toBe('Fox');

    // Not as a bearer's stand-in of a program, nor of a page elsewhere.
    expect((await post(node, 'auth.me', {}, kept)).result).toMatchObject({ account: null });
    await expect(post(node, 'auth.me', {}, { ...kept, origin: 'https://evil.example' })).rejects.toMatchObject({
      code: 'session.origin',
    });
    await expect(node.connect({}, { ...kept, origin: 'https://evil.example' })).rejects.toThrow();

    const { cookie: gone = '' } = await post(node, 'auth.logout', {}, { ...own, ...kept });
    expect(gone).toMatch(/^roost=; Path=\/; Max-Age=0;/);
    expect((await post(node, 'auth.me', {}, { ...own, ...kept })).result).toMatchObject({ account: null });

    // Of several requests of one guest at once the answer sets it that was asked to, and no other.
    const { result: guest } = await post<{ resume: string }>(node, 'zone.enter', { zone: 'devtest/hall', name: 'Gus' });
    const asGuest = bearer(guest.resume);
    const login = post(node, 'auth.login', { name: 'Fox', password, cookie: true }, asGuest);
    for (let n = 0; n < 3; n++) expect((await post(node, 'host.ping', {}, asGuest)).cookie).toBeUndefined();
    expect((await login).cookie).toMatch(/^roost=[\w-]{43};/);
  });

  it('gives no power over others, nor does any login that a page made', async () => {
    await using own = await withPlugins();
    await using node = await startTestNode({ env: many, plugins: [own.folder] });
    const { token } = await makeAccount(node, 'Fox');
    const server = await node.connect();
    const { id } = await server.call<{ id: string }>('as.server', { method: 'auth.find', params: { name: 'Fox' } });
    await server.call('as.server', { method: 'auth.set-privileges', params: { id, privileges: ['admin'] } });
    expect((await post(node, 'as.builder', {}, bearer(token))).result).toBe('built');

    const origin = { origin: node.url };
    const { cookie = '' } = await post(node, 'auth.login', { name: 'Fox', password, cookie: true }, origin);
    const kept = { ...origin, cookie: cookie.split(';')[0] ?? '' };
    expect(await refusalOf(post(node, 'as.builder', {}, kept))).toMatchObject({ code: 'call.forbidden' });
    const page = await node.connect({}, kept);
    expect(await page.call('auth.me')).toMatchObject({
      account: { name: 'Fox', privileges: ['admin'], trusted: false },
    });
    expect(await refusalOf(page.call('as.builder'))).toMatchObject({ code: 'call.forbidden' });

    const other = await node.connect({}, origin);
    const login = await other.call<LoggedIn>('auth.login', { name: 'Fox', password });
    expect(login.account.trusted).toBe(false);
    expect(await refusalOf(other.call('as.builder'))).toMatchObject({ code: 'call.forbidden' });
    // The token of a page stays one, wherever it is presented.
    expect(await refusalOf(post(node, 'as.builder', {}, bearer(login.token)))).toMatchObject({
      code: 'call.forbidden',
    });
    // And a token that is trusted is not, when the browser sends it by itself.
    expect(await refusalOf(post(node, 'as.builder', {}, { ...origin, cookie: `roost=${token}` }))).toMatchObject({
      code: 'call.forbidden',
    });
  });

  it('is refused to a connection that cannot keep one', async () => {
    await using node = await startTestNode();
    const client = await node.connect();
    const login = client.call('auth.login', { name: 'demo', password: 'demodemo', cookie: true });
    expect(await refusalOf(login)).toMatchObject({ code: 'call.bad-params', details: [{ key: 'cookie' }] });
  });
});

describe('what plugins may ask', () => {
  it('no client may, whoever he is', async () => {
    await using own = await withPlugins();
    await using node = await startTestNode({ env: many, plugins: [own.folder] });
    const { token } = await makeAccount(node, 'Fox');
    const server = await node.connect();
    const as = <T>(method: string, params: object) => server.call<T>('as.server', { method, params });
    const { id } = await as<{ id: string }>('auth.find', { name: 'Fox' });
    await as('auth.set-privileges', { id, privileges: ['admin'] });
    const admin = await as<{ token: string }>('auth.issue', { kind: 'admin', account: id, seconds: 600 });
    const bot = await as<{ token: string; credential: string }>('auth.issue', { kind: 'bot', name: 'Quizmaster' });
    const asked = {
      'auth.find': { name: 'Fox' },
      'auth.set-privileges': { id, privileges: ['admin'] },
      'auth.set-state': { id, state: 'inactive' },
      'auth.remove': { id },
      'auth.check': { name: 'Fox', password },
      'auth.issue': { kind: 'admin', account: id },
      'auth.revoke': { credential: 'f'.repeat(16) },
    };
    const clients = [await node.connect()];
    for (const one of [token, admin.token, bot.token]) clients.push(await node.connect({ token: one }));
    for (const [method, params] of Object.entries(asked))
      for (const client of clients)
        expect(await refusalOf(client.call(method, params)), method).toMatchObject({ code: 'call.forbidden' });
    expect(await as('auth.find', { id })).toMatchObject({ name: 'Fox', state: 'active' });

    const [, , administrator, quizmaster] = clients as [never, never, typeof server, typeof server];
    expect(await administrator.call('as.builder')).toBe('built');
    expect(await whoIs(quizmaster)).toBe('Quizmaster');
    expect(await refusalOf(quizmaster.call('as.builder'))).toMatchObject({ code: 'call.forbidden' });
    for (const method of ['auth.logins', 'auth.profile'])
      expect(await refusalOf(quizmaster.call(method))).toMatchObject({ code: 'call.forbidden' });
    await as('auth.revoke', { credential: bot.credential });
    await quizmaster.until(() => !quizmaster.socket.connected);
  });
});

describe('a password hash', () => {
  it('that was cheaper than today is made anew at the next login, and not before the password was right', async () => {
    await using node = await startTestNode();
    await makeAccount(node, 'Fox');
    const salt = Buffer.from('salt of long ago');
    const cost = { parallelism: 1, memory: 8192, passes: 1, tagLength: 32 };
    const tag = argon2Sync('argon2id', { message: password, nonce: salt, ...cost });
    const plain = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const former = `$argon2id$v=19$m=8192,t=1,p=1$${plain(salt)}$${plain(tag)}`;
    const query = (sql: string, ...values: readonly string[]) => {
      using db = new DatabaseSync(join(node.data, 'roost.db'), { timeout: 5_000 });
      return db.prepare(sql).all(...values);
    };
    const kept = () => String(query("select password_hash from accounts where name = 'Fox'")[0]?.password_hash);
    query("update accounts set password_hash = ? where name = 'Fox'", former);
    await refusalOf(logIn(node, 'Fox', wrong));
    expect(kept()).toBe(former);
    await logIn(node, 'Fox', password);
    const now = kept();
    expect(now).not.toBe(former);
    expect(now).toMatch(/^\$argon2id\$v=19\$m=19456,t=3,p=1\$/);
    await logIn(node, 'Fox', password);
    expect(kept()).toBe(now);
  });
});
