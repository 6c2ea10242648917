import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { type Mail, startSmtp } from '../../support/smtp.ts';
import { bearer, type LoggedIn, ended as overWith, password, post, refusalOf } from './people.ts';

const another = 'battery staple';
const asked = { asked: true };

const codeIn = ({ text }: Mail) => /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? '';

/** Why no code was sent, of all lines of the log so far. */
const reasons = (node: TestNode) =>
  node.logs.filter(({ msg }) => msg === 'no code was sent').map(({ reason }) => String(reason));

/** Does something to the accounts of a running node that no method does. */
function change(node: TestNode, sql: string): void {
  const db = new DatabaseSync(join(node.data, 'roost.db'), { timeout: 5000 });
  db.exec(sql);
  db.close();
}

describe('a forgotten password', () => {
  it('ACC-23 is set anew by a code that goes to the own address of the account, once; every login ends', async () => {
    await using smtp = await startSmtp();
    await using node = await startTestNode({ env: { ROOST_SMTP: smtp.url, ROOST_MAIL_FROM: 'hens@farm.example' } });
    const fox = await node.connect();
    await fox.call('auth.register', { name: 'Fox', password, email: 'fox@example.org' });
    const { token } = await fox.call<{ token: string }>('auth.login', { name: 'Fox', password });
    const lost = await node.connect();
    // Nobody says where the code goes.
    for (const email of ['thief@example.org', 'fox@example.org'])
      await expect(lost.call('auth.recover', { name: 'Fox', email })).rejects.toMatchObject({
        code: 'call.bad-params',
      });
    expect(await lost.call('auth.recover', { name: 'fOX' })).toEqual(asked);
    const [mail] = (await smtp.have(1)) as [Mail];
    expect(mail).toMatchObject({ from: 'hens@farm.example', to: ['fox@example.org'] });
    expect(mail.text).toContain('Hello Fox,');
    expect(mail.raw).not.toContain(password);
    expect(await fox.call('auth.me')).toMatchObject({ account: { name: 'Fox' } });
    await fox.call('auth.login', { name: 'Fox', password });

    const ended = fox.next('notice');
    const typed = codeIn(mail).toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    await expect(lost.call('auth.reset', { name: 'Fox', code: typed, password: 'short' })).rejects.toMatchObject({
      code: 'auth.password-length',
    });
    expect(await lost.call('auth.reset', { name: 'fox', code: typed, password: another })).toEqual({ name: 'Fox' });
    expect(await ended).toMatchObject({ code: 'session.logged-out' });
    expect(await lost.call('auth.me')).toMatchObject({ account: null });
    await expect(lost.call('auth.login', { name: 'Fox', password })).rejects.toMatchObject({ code: 'auth.wrong' });
    expect(await overWith(await node.connect({ token }))).toBe('session.unknown-token');
    await lost.call('auth.login', { name: 'Fox', password: another });

    await expect(
      lost.call('auth.reset', { name: 'Fox', code: codeIn(mail), password: 'third of them' }),
    ).rejects.toMatchObject({ code: 'auth.wrong-code' });
    await lost.call('auth.login', { name: 'Fox', password: another });
    const [, told] = await smtp.have(2);
    expect(told).toMatchObject({ to: ['fox@example.org'], text: expect.stringContaining('was set anew') });
  });

  it('ACC-23 ACC-04 gets the same answer whoever it is of, and a mailbox three mails an hour', async () => {
    await using smtp = await startSmtp();
    await using node = await startTestNode({ env: { ROOST_SMTP: smtp.url } });
    for (const [name, email] of [['Fox', 'den@example.org'], ['Vixen', 'DEN@example.org'], ['Hare']])
      await post(node, 'auth.register', { name, password, ...(email ? { email } : {}) });
    const ask = async (from: string, ...names: readonly string[]) => {
      for (const name of names) expect((await post(node, 'auth.recover', { name }, {}, from)).result).toEqual(asked);
    };
    // Nothing tells them apart, and each counts as one.
    await ask('127.0.0.2', 'Nobody', 'Hare', "x' or '1'='1");
    await node.logged(() => reasons(node).length === 3);
    await ask('127.0.0.2', 'Fox');
    await node.logged(({ reason }) => reason === 'too often from this address');
    await ask('127.0.0.3', 'Fox');
    await smtp.have(1);
    await ask('127.0.0.3', 'Vixen');
    await smtp.have(2);
    await ask('127.0.0.4', 'Fox');
    await smtp.have(3);
    await ask('127.0.0.5', 'Fox', 'Vixen');
    await node.logged(() => reasons(node).filter((reason) => reason === 'too often for this account').length === 2);
    expect(reasons(node).sort()).toEqual(
      [
        ...['no e-mail address', 'too often for this account', 'too often for this account'],
        ...['too often from this address', 'unknown name', 'unknown name'],
      ].sort(),
    );
    expect(smtp.mails.map(({ to }) => to.join().toLowerCase())).toEqual(Array(3).fill('den@example.org'));
    // An hour later.
    change(node, 'update auth_mails set at = at - 3601');
    await ask('127.0.0.2', 'Fox');
    await smtp.have(4);

    // From everywhere at once: what is too much waits or is dropped, and the answer is still the same.
    await Promise.all(Array.from({ length: 400 }, (_, n) => ask(`127.0.${1 + (n % 200)}.9`, `Nobody${n}`)));
    await post(node, 'auth.login', { name: 'Fox', password });
    const { plugins } = (await post<{ plugins: { plugin: string }[] }>(node, 'host.plugins')).result;
    expect(plugins.find(({ plugin }) => plugin === 'auth')).toMatchObject({ failures: 0, state: 'running' });
    // Hundreds of connections.
  }, 120_000);

  it('ACC-23 a code is good for its account alone, whatever others try, for half an hour, and until the next', async () => {
    await using smtp = await startSmtp();
    await using node = await startTestNode({ env: { ROOST_SMTP: smtp.url } });
    for (const name of ['Fox', 'Hare'])
      await post(node, 'auth.register', { name, password, email: `${name}@example.org` });
    let mails = 0;
    const ask = async (from: string, name = 'Fox') => {
      await post(node, 'auth.recover', { name }, {}, from);
      mails += 1;
      return codeIn((await smtp.have(mails))[mails - 1] as Mail);
    };
    const reset = (name: string, code: string, from = '127.0.0.9') =>
      post(node, 'auth.reset', { name, code, password: another }, {}, from);
    const isWrong = async (name: string, code: string, from?: string) =>
      expect(await refusalOf(reset(name, code, from))).toMatchObject({ code: 'auth.wrong-code' });

    const first = await ask('127.0.0.2');
    await isWrong('Hare', first);
    await isWrong('Nobody', first);
    const second = await ask('127.0.0.2');
    expect(second).not.toBe(first);
    await isWrong('Fox', first);
    for (let tries = 1; tries < 10; tries++) await isWrong('Fox', '0000-0000-0000', '127.0.0.10');
    await reset('Fox', second, '127.0.0.8');
    mails += 1;
    await smtp.have(mails);
    const { token: owners } = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password: another })).result;
    await post(node, 'auth.password', { old: another, new: password }, bearer(owners));

    const third = await ask('127.0.0.2');
    change(node, 'update auth_codes set expires = expires - 1801');
    await isWrong('Fox', third, '127.0.0.8');
    await post(node, 'auth.login', { name: 'Fox', password });

    // Mail to another address is another's: a code to the former one is void.
    change(node, 'delete from auth_mails');
    const fourth = await ask('127.0.0.2');
    const { token } = (await post<LoggedIn>(node, 'auth.login', { name: 'Fox', password })).result;
    await post(node, 'auth.change-profile', { email: 'vixen@example.org', password }, bearer(token));
    mails += 1;
    expect((await smtp.have(mails)).at(-1)).toMatchObject({ to: ['Fox@example.org'] });
    await isWrong('Fox', fourth, '127.0.0.8');

    // Who closed his account comes back by two steps; who was closed out by none.
    await post(node, 'auth.deactivate', { password }, bearer(token));
    await reset('Fox', await ask('127.0.0.2'), '127.0.0.8');
    mails += 1;
    await smtp.have(mails);
    const logIn = () => post(node, 'auth.login', { name: 'Fox', password: another });
    expect(await refusalOf(logIn())).toMatchObject({ code: 'auth.wrong' });
    await post(node, 'auth.reactivate', { name: 'Fox', password: another });
    await logIn();
    change(node, "update accounts set state = 'inactive', held = 1 where name = 'Fox'");
    await post(node, 'auth.recover', { name: 'Fox' }, {}, '127.0.0.6');
    await node.logged(({ reason }) => reason === 'held account');

    // Of two at once, one has used it up.
    const hares = await ask('127.0.0.3', 'Hare');
    const both = await Promise.allSettled([reset('Hare', hares, '127.0.0.7'), reset('Hare', hares, '127.0.0.7')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('ACC-20 former addresses of many accounts are no way to flood mailboxes, nor to move one in silence', async () => {
    await using smtp = await startSmtp();
    await using node = await startTestNode({ env: { ROOST_SMTP: smtp.url } });
    const move = async (name: string, from: string) => {
      await post(node, 'auth.register', { name, password, email: `victim+${name}@example.org` });
      const { token } = (await post<LoggedIn>(node, 'auth.login', { name, password })).result;
      const moved = post(node, 'auth.change-profile', { email: 'fox@example.org', password }, bearer(token), from);
      await moved.catch(() => undefined);
      const { email } = (await post<{ email: string }>(node, 'auth.profile', {}, bearer(token))).result;
      return { moved, email };
    };
    await (await move('Fox', '127.0.0.2')).moved;
    await smtp.have(1);
    const again = "insert into auth_mails select at, template, '', 'x', address_hash, sent from auth_mails";
    change(node, Array(9).fill(`${again} where account <> '' limit 1`).join(';'));
    const refused = await move('Hare', '127.0.0.2');
    expect(await refusalOf(refused.moved)).toMatchObject({ code: 'auth.throttled', details: { retryS: 3600 } });
    expect(refused.email).toBe('victim+Hare@example.org');
    expect((await move('Hen', '127.0.0.3')).email).toBe('fox@example.org');
    expect((await smtp.have(2)).map(({ to }) => to)).toEqual([['victim+Fox@example.org'], ['victim+Hen@example.org']]);
  });

  it('ACC-23 has no way back where the server sends no mail, and says so', async () => {
    await using node = await startTestNode();
    const client = await node.connect();
    await client.call('auth.register', { name: 'Fox', password, email: 'fox@example.org' });
    for (const name of ['Fox', 'Nobody']) {
      await expect(client.call('auth.recover', { name })).rejects.toMatchObject({ code: 'auth.no-mail' });
      await expect(client.call('auth.reset', { name, code: 'x', password: another })).rejects.toMatchObject({
        code: 'auth.no-mail',
      });
    }
  });

  it('MAI-04 ACC-23 a mail host that is gone, or refuses, is in the log and nowhere else', async () => {
    const gone = await startSmtp();
    const goneUrl = gone.url;
    await gone[Symbol.asyncDispose]();
    await using smtp = await startSmtp();
    smtp.refusal = 'no such mailbox <fox@example.org>';
    for (const [url, code] of [
      [goneUrl, 'ESOCKET'],
      [smtp.url, 'EENVELOPE'],
    ] as const) {
      await using node = await startTestNode({ env: { ROOST_SMTP: url } });
      const client = await node.connect();
      await client.call('auth.register', { name: 'Fox', password, email: 'fox@example.org' });
      expect(await client.call('auth.recover', { name: 'Fox' })).toEqual(asked);
      const line = await node.logged(({ msg }) => msg === 'mail not sent');
      expect(line).toMatchObject({ template: 'recovery', code, plugin: 'auth' });
      expect(node.words).not.toContain('fox@example.org');
      expect(await client.call('host.ping')).toBeDefined();
    }
  });
});

it('MAI-04 a mail host that never says a word holds up nobody, not even the end of the node', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const connected = once(silent, 'connection') as Promise<[Socket]>;
  const { port } = silent.address() as AddressInfo;
  await using node = await startTestNode({ env: { ROOST_SMTP: `smtp://127.0.0.1:${port}` } });
  await post(node, 'auth.register', { name: 'Fox', password, email: 'fox@example.org' });
  await post(node, 'auth.recover', { name: 'Fox' });
  const [socket] = await connected;
  await post(node, 'auth.login', { name: 'Fox', password });
  await node.kill();
  socket.destroy();
  silent.close();
});

describe('auth.mail', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roost-own-'));
    const source = `import { defineMethod } from 'roost/plugin';
      export default defineMethod({
        async handle({ params, caller, host }) {
          return host.call('auth.mail', { account: caller.account?.id ?? '0123456789abcdef', ...params }, { as: 'server' });
        },
      });`;
    await writeFile(join(folder, 'post.ts'), source, { mode: 0o644 });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('MAI-04 sends what a plugin says from a template with named variables, to the own address of an account', async () => {
    await using smtp = await startSmtp();
    const env = {
      ROOST_SMTP: smtp.url,
      ROOST_MAIL_FROM: 'hens@farm.example',
      ROOST_PUBLIC_URL: 'https://farm.example',
    };
    await using node = await startTestNode({ env, plugins: [folder] });
    const fox = await node.connect();
    expect(await fox.call('post', { template: 'replay', values: { what: 'x', link: 'y' } })).toEqual({ queued: false });
    await fox.call('auth.register', { name: 'Fox', password });
    await fox.call('auth.login', { name: 'Fox', password });
    await expect(fox.call('auth.mail', { account: '0123456789abcdef', template: 'replay' })).rejects.toMatchObject({
      code: 'call.forbidden',
    });
    expect(await fox.call('post', { template: 'replay', values: { what: 'x', link: 'y' } })).toEqual({ queued: false });
    await fox.call('auth.change-profile', { email: 'fox@example.org', password });

    const values = { from: 'Hare', what: 'the hen house', link: 'https://farm.example/hut?a={code}&b=é' };
    expect(await fox.call('post', { template: 'invitation', values })).toEqual({ queued: true });
    const [mail] = (await smtp.have(1)) as [Mail];
    expect(mail).toMatchObject({ from: 'hens@farm.example', to: ['fox@example.org'] });
    expect(mail.headers).toMatch(/^From: hens@farm\.example$/m);
    expect(mail.headers).toMatch(/^To: fox@example\.org$/m);
    expect(mail.headers).toMatch(/^Subject: Hare invites you$/m);
    expect(mail.text.trim()).toBe(
      ['Hello Fox,', '', 'Hare invites you to the hen house:', '', `    ${values.link}`].join('\r\n'),
    );

    const own = { name: 'egg', subject: '{n} eggs for {name}', text: 'At {server}: {n}.' };
    expect(await fox.call('post', { template: own, values: { n: '7' } })).toEqual({ queued: true });
    const [, eggs] = (await smtp.have(2)) as [Mail, Mail];
    expect(eggs.headers).toMatch(/^Subject: 7 eggs for Fox$/m);
    expect(eggs.text.trim()).toBe('At https://farm.example: 7.');

    await expect(fox.call('post', { template: own })).rejects.toMatchObject({
      code: 'auth.mail-values',
      details: ['n'],
    });
    await expect(fox.call('post', { template: 'nothing' })).rejects.toMatchObject({ code: 'auth.mail-values' });
  });

  it('MAI-04 lets nobody write headers, and a mailbox be flooded by nobody', async () => {
    await using smtp = await startSmtp();
    await using node = await startTestNode({ env: { ROOST_SMTP: smtp.url }, plugins: [folder] });
    const fox = await node.connect();
    await fox.call('auth.register', { name: 'Fox', password, email: 'fox@example.org' });
    await fox.call('auth.login', { name: 'Fox', password });
    const from = 'Hare\r\nBcc: all@example.org\r\n\r\n<script>\u2028Reply-To: a@b.c';
    await fox.call('post', { template: 'invitation', values: { from, what: 'a\nb', link: '\u0000x' } });
    await fox.call('post', {
      template: { name: 'own', subject: 'a\r\nX-Evil: 1', text: 'a\r\n.\r\nMAIL FROM:<b@c.d>' },
    });
    for (const mail of await smtp.have(2)) {
      expect(mail.to).toEqual(['fox@example.org']);
      const names = mail.headers.split(/\r\n(?=\S)/).map((line) => line.split(':')[0]);
      expect(names.sort()).toEqual(
        [
          ...['Auto-Submitted', 'Content-Transfer-Encoding', 'Content-Type', 'Date', 'From', 'MIME-Version'],
          ...['Message-ID', 'Subject', 'To'],
        ].sort(),
      );
    }
    const answers: unknown[] = [];
    for (let n = 0; n < 12; n++)
      answers.push(await fox.call('post', { template: 'replay', values: { what: `${n}`, link: 'y' } }));
    expect(answers).toEqual([...Array(10).fill({ queued: true }), ...Array(2).fill({ queued: false })]);
    await smtp.have(12);
  });
});
