import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestNode } from '../../support/node.ts';
import { bearer, type LoggedIn, makeAccount, password, post, refusalOf } from './people.ts';

describe('an account', () => {
  it('ACC-01 is made by a name and a password, with or without an e-mail, and can log in', async () => {
    await using node = await startTestNode();
    const client = await node.connect();
    expect(await client.call('auth.register', { name: 'Fox', password })).toEqual({ account: { name: 'Fox' } });
    await client.call('auth.register', { name: 'Hare', password, email: 'hare@example.org' });
    for (const name of ['Fox', 'Hare']) {
      const other = await node.connect();
      const { token, account } = await other.call<LoggedIn>('auth.login', { name, password });
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(account).toEqual({ name, privileges: [], trusted: true });
    }
  });

  it('ACC-02 is not made without a name or a password, and the error says what is missing', async () => {
    await using node = await startTestNode();
    for (const [params, key] of [
      [{ password }, 'name'],
      [{ name: 'Fox' }, 'password'],
    ] as const) {
      const { code, details } = await refusalOf(post(node, 'auth.register', params));
      expect({ code, details }).toEqual({ code: 'call.bad-params', details: [{ key, problem: 'is missing' }] });
    }
    expect(await refusalOf(post(node, 'auth.register', { name: '', password }))).toMatchObject({
      code: 'name.illegal',
    });
    expect(await refusalOf(post(node, 'auth.register', { name: 'Fox', password: '' }))).toMatchObject({
      code: 'auth.password-length',
    });
    expect(await refusalOf(post(node, 'auth.login', { name: 'Fox', password }))).toMatchObject({ code: 'auth.wrong' });
  });

  it('ACC-03 a taken name is refused, in any case of its letters and at the same moment; the first spelling stays', async () => {
    await using node = await startTestNode();
    await post(node, 'auth.register', { name: 'RedFox', password });
    for (const name of ['RedFox', 'redfox', 'REDFOX'])
      expect(await refusalOf(post(node, 'auth.register', { name, password }))).toMatchObject({ code: 'auth.taken' });
    const { result } = await post<LoggedIn>(node, 'auth.login', { name: 'redFOX', password });
    expect(result.account.name).toBe('RedFox');

    const made = await Promise.allSettled(
      ['Hare', 'hare', 'HARE', 'hArE'].map((name) => post(node, 'auth.register', { name, password })),
    );
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    for (const one of made) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'auth.taken' });
    for (const name of ['admin', 'Server', 'ROOST'])
      expect(await refusalOf(post(node, 'auth.register', { name, password }))).toMatchObject({ code: 'auth.taken' });
  });

  it('ACC-04 two may have one e-mail address', async () => {
    await using node = await startTestNode();
    for (const name of ['Fox', 'Hare']) await post(node, 'auth.register', { name, password, email: 'all@example.org' });
    for (const name of ['Fox', 'Hare']) await post(node, 'auth.login', { name, password });
  });

  it('ACC-05 a name has 2 to 16 letters or digits', async () => {
    await using node = await startTestNode();
    for (const name of ['F', 'a'.repeat(17), 'Red Fox', 'fox!', 'Füchsin', 'fox\u200b', '../fox', "fox';--", 'Fоx'])
      expect(await refusalOf(post(node, 'auth.register', { name, password }))).toMatchObject({ code: 'name.illegal' });
    for (const name of ['F2', '1234567890abcdef']) await post(node, 'auth.register', { name, password });
  });

  it('a password has 8 to 200 characters, whatever they are, in one form of Unicode', async () => {
    await using node = await startTestNode();
    for (const wrong of ['1234567', 'ä'.repeat(201)])
      expect(await refusalOf(post(node, 'auth.register', { name: 'Fox', password: wrong }))).toMatchObject({
        code: 'auth.password-length',
      });
    // The same letters, composed and decomposed.
    await post(node, 'auth.register', { name: 'Fox', password: 'Ärgernis' });
    await post(node, 'auth.login', { name: 'Fox', password: 'A\u0308rgernis' });
    await post(node, 'auth.register', { name: 'Hare', password: '🐇'.repeat(200) });
    await post(node, 'auth.login', { name: 'Hare', password: '🐇'.repeat(200) });
  });

  it('ACC-08 neither password nor token stands anywhere in the data folder, the log or an answer', async () => {
    await using node = await startTestNode({ env: { ROOST_LOG: 'debug', ROOST_ACCOUNT_SESSIONS: 'many' } });
    const secret = 'xyzzy-plugh-4711';
    const wrong = 'quux-frobnicate-0815';
    await post(node, 'auth.register', { name: 'Fox', password: secret });
    const client = await node.connect();
    const { token } = await client.call<LoggedIn>('auth.login', { name: 'Fox', password: secret });
    const twice = await node.connect({ token });
    await twice.call('auth.me');
    await post(node, 'auth.me', {}, bearer(token));
    await refusalOf(post(node, 'auth.login', { name: 'Fox', password: wrong }));
    // Some type their password where the name belongs.
    await refusalOf(post(node, 'auth.login', { name: wrong, password: 'Fox' }));
    await client.call('auth.password', { old: secret, new: wrong });
    const { token: again } = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password: wrong })).result;
    await node.kill('SIGTERM');

    const files = (await readdir(node.data, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
    const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), 'latin1')));
    const told = JSON.stringify([client.messages, twice.messages]);
    expect(texts.join('')).toContain('$argon2id$v=19$');
    for (const word of [secret, wrong, token, again]) {
      expect(texts.filter((text) => text.includes(word))).toEqual([]);
      expect(node.words).not.toContain(word);
      expect(told).not.toContain(word);
    }
  });

  it('has another salt than any other with the same password', async () => {
    await using node = await startTestNode();
    await makeAccount(node, 'Fox');
    await makeAccount(node, 'Hare');
    await node.kill('SIGTERM');
    const database = await readFile(join(node.data, 'roost.db'), 'latin1');
    const hashes = database.match(/\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+/g) ?? [];
    // The third is that of the demo account.
    expect(new Set(hashes).size).toBe(3);
  });
});
