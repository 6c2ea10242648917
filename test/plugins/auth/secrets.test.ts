import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { filesOf, findSecrets, type Place, toPlace } from '../../support/secrets.ts';
import { type Mail, startSmtp } from '../../support/smtp.ts';
import { grantFromOutside } from '../admin/place.ts';
import { bearer, ended, type LoggedIn, post, refusalOf } from './people.ts';

/** What is secret, by what it is. Each is made by chance: none is found because it looks like something else. */
class Kept extends Map<string, string> {
  /** A new password. */
  password(what: string): string {
    return this.keep(`password ${what}`, `pw ${randomBytes(9).toString('base64url')}é`);
  }

  keep(what: string, secret: string): string {
    expect(secret.length, what).toBeGreaterThanOrEqual(8);
    this.set(what, secret);
    return secret;
  }
}

/** A plugin that gives away whatever it is told: into its table, the log and to everybody. */
const leaky = `import { defineMethod, definePlugin, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ text: z.string() }),
  async handle({ params, host }) {
    await host.db.transaction((trx) => trx.run("insert into auth_marks (name, value) values ('leak', ?)", [params.text]));
    host.log.info({ leak: params.text }, 'leaked');
    host.send('everyone', 'leak', params);
  },
});
`;

const codeIn = ({ text }: Mail) => /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? '';

async function login(node: TestNode, kept: Kept, what: string, params: object, headers = {}): Promise<string> {
  const { result } = await post<LoggedIn>(node, 'auth.login', params, headers);
  return kept.keep(`token ${what}`, result.token);
}

/** The life of an account, with everything that is typed wrong on the way. */
async function live(
  node: TestNode,
  kept: Kept,
  mails: (count: number) => Promise<readonly Mail[]>,
): Promise<TestClient[]> {
  const first = kept.password('first');
  const name = 'Fox';
  const fox = await node.connect();
  await fox.call('auth.register', { name, password: first, email: 'fox@example.org' });
  const refuse = async (method: string, params: object, client = fox) =>
    (await refusalOf(client.call(method, params))).code;

  // Typed wrong: a password in every place that is near.
  expect(await refuse('auth.login', { name, password: kept.password('wrong') })).toBe('auth.wrong');
  expect(await refuse('auth.login', { name: 'Nobody', password: kept.password('of nobody') })).toBe('auth.wrong');
  expect(await refuse('auth.login', { name: kept.password('as a name'), password: first })).toBe('auth.wrong');
  expect(await refuse('auth.register', { name: kept.password('to register'), password: first })).toBe('name.illegal');
  expect(await refuse('auth.register', { name, password: kept.password('taken') })).toBe('auth.taken');
  expect(await refuse('auth.login', { name, passwort: kept.password('misspelt key') })).toBe('call.bad-params');
  expect(await refuse('auth.login', { name, password: [kept.password('in a list')] })).toBe('call.bad-params');
  expect(await refuse(kept.password('as a method'), {})).toBe('call.unknown-method');
  await fetch(`${node.url}/?password=${encodeURIComponent(kept.password('in an address'))}`);

  // In by every door.
  const { token } = await fox.call<LoggedIn>('auth.login', { name, password: first });
  kept.keep('token of the first login', token);
  const whole = await login(node, kept, 'of a program', { name, password: first });
  await post(node, 'auth.me', {}, bearer(whole));
  await login(node, kept, 'of a page', { name, password: first }, { origin: node.url });
  const { cookie = '' } = await post(node, 'auth.login', { name, password: first, cookie: true });
  const [pair = ''] = cookie.split(';');
  kept.keep('cookie', pair.slice(pair.indexOf('=') + 1));
  expect((await post(node, 'auth.me', {}, { origin: node.url, cookie: pair })).result).toMatchObject({
    account: { name },
  });
  const made = kept.keep('token that nobody has', randomBytes(32).toString('base64url'));
  await refusalOf(post(node, 'auth.profile', {}, bearer(made)));
  await ended(await node.connect({ token: made }));

  // In the world: what others see of it is not secret, and what lets it come back is.
  await fox.call('character.create', { name: 'Foxy' });
  const { resume } = await fox.enter('devtest');
  if (resume) kept.keep('resume token', resume);
  await fox.call('chat.say', { text: 'good morning' });

  // The password, changed, used and forgotten.
  const second = kept.password('second');
  expect(await refuse('auth.password', { old: kept.password('wrong old'), new: second })).toBe('auth.wrong');
  await fox.call('auth.password', { old: first, new: second });
  expect(await refuse('auth.change-profile', { email: 'x@example.org', password: first })).toBe('auth.wrong');
  await fox.call('auth.change-profile', { email: 'vixen@example.org', password: second, city: 'Berlin' });
  expect(await refuse('auth.rename', { name: 'Vixen', password: first })).toBe('auth.wrong');
  await fox.call('auth.set-avatar', { avatar: '🦊' });

  await fox.call('auth.recover', { name });
  const code = kept.keep('code', codeIn((await mails(2)).find((mail) => codeIn(mail) !== '') as Mail));
  kept.keep('code as it is kept', code.replaceAll('-', ''));
  const third = kept.password('third');
  const wrongCode = kept.keep('wrong code', randomBytes(9).toString('base64url'));
  expect(await refuse('auth.reset', { name, code: wrongCode, password: third })).toBe('auth.wrong-code');
  const stranger = await node.connect();
  await stranger.call('auth.reset', { name, code, password: third });
  await ended(fox);
  expect(await refuse('auth.reset', { name, code, password: third }, stranger)).toBe('auth.wrong-code');

  // Closed, open again; another login ended by its owner.
  await stranger
    .call<LoggedIn>('auth.login', { name, password: third })
    .then((one) => kept.keep('token after', one.token));
  const { logins } = await stranger.call<{ logins: { id: string }[] }>('auth.logins');
  expect(logins.length).toBeGreaterThan(0);
  await stranger.call('auth.deactivate', { password: third });
  expect(await refuse('auth.login', { name, password: third }, stranger)).toBe('auth.wrong');
  await stranger.call('auth.reactivate', { name, password: third });

  // Administration, a bot and serials.
  await grantFromOutside(node, name);
  expect(await refuse('admin.login', { name, password: second }, stranger)).toBe('auth.wrong');
  const admin = await stranger.call<LoggedIn>('admin.login', { name, password: third });
  kept.keep('token of the administrator', admin.token);
  const warden = await node.connect({ token: admin.token });
  const bot = await warden.call<{ token: string }>('bot.create', { name: 'quizmaster' });
  kept.keep('token of the bot', bot.token);
  const quiz = await node.connect({ token: bot.token });
  await quiz.call('bot.attach', { room: 'quiz' });
  const seed = kept.keep('seed of serials', randomBytes(12).toString('base64url'));
  await warden.call('auth.make-serials', { count: 3, prefix: 'SPRING', seed });
  await warden.call('auth.serials');

  // And gone, another one.
  const late = kept.password('of who left');
  await stranger.call('auth.register', { name: 'Hen', password: late });
  await post(
    node,
    'auth.delete',
    { password: late },
    bearer(await login(node, kept, 'of who left', { name: 'Hen', password: late })),
  );
  await warden.call('auth.logout');
  return [fox, stranger, warden, quiz];
}

describe('secrets', () => {
  it('ACC-08 ACC-23 passwords, tokens and codes are nowhere in the database, the log or what others are told; a planted one is found in all three', async () => {
    const kept = new Kept();
    await using smtp = await startSmtp();
    const smtpPassword = kept.keep('password of the mail host', randomBytes(12).toString('hex'));
    const folder = await mkdtemp(join(tmpdir(), 'roost-own-'));
    await writeFile(join(folder, 'leak.ts'), leaky, { mode: 0o644 });
    await using node = await startTestNode({
      plugins: [folder],
      env: {
        ROOST_LOG: 'debug',
        ROOST_ACCOUNT_SESSIONS: 'many',
        ROOST_SMTP: smtp.url.replace('smtp://', `smtp://hens:${smtpPassword}@`),
      },
    });
    // They stand beside it all the time: a guest, a player, and the page of a developer.
    const guest = await node.join('Guest', 'devtest');
    const hare = await node.connect();
    await hare.call('auth.register', { name: 'Hare', password: kept.password("of the player's") });
    await hare.call('auth.login', { name: 'Hare', password: kept.get("password of the player's") });
    await hare.call('character.create', { name: 'Harey' });
    await hare.enter('devtest');
    const developer = await node.connect();
    await developer.call('host.watch');
    const others = [guest, hare, developer];

    const own = await live(node, kept, (count) => smtp.have(count));
    const look = async (): Promise<readonly Place[]> => [
      ...(await filesOf(node.data)),
      toPlace('log', node.words),
      ...[...others, ...own].map(({ messages }, at) => toPlace(`messages ${at}`, messages)),
    ];
    const running = await look();
    expect(running.map(({ name }) => name)).toEqual(expect.arrayContaining(['roost.db', 'roost.db-wal']));
    // It looked where there is something to see.
    const seen = new Map([
      ['in the log', 'wrong password'],
      ['in the database', 'vixen@example.org'],
      ['by others', 'good morning'],
    ]);
    const sights = findSecrets(running, seen).join('\n');
    for (const what of [/^log: in the log/m, /^roost\.db(-wal)?: in the database/m, /^messages 0: by others/m])
      expect(sights).toMatch(what);
    expect(kept.size).toBeGreaterThan(25);
    expect(findSecrets(running, kept)).toEqual([]);

    // Stopped, all of it is in one file.
    const planted = kept.get('password second') ?? '';
    await guest.call('leak', { text: `"${planted}"` });
    const found = findSecrets(await look(), kept).join('\n');
    for (const what of [
      /^log: password second/m,
      /^roost\.db(-wal)?: password second/m,
      /^messages [01]: password second/m,
    ])
      expect(found).toMatch(what);
    expect(new Set(found.match(/(?<=: ).*(?= \()/gm))).toEqual(new Set(['password second']));
    await node.kill();
    expect(findSecrets(await filesOf(node.data), kept).join('\n')).toMatch(/^roost\.db: password second \(plain\)$/m);
    await rm(folder, { recursive: true });
    // The whole of an account's life, with every password hashed.
  }, 180_000);

  it('are found in any coat', () => {
    const secrets = new Map([['it', 'pw Zm9vYmFyé?/']]);
    const text = 'pw Zm9vYmFyé?/';
    const base64 = (before: string) => Buffer.from(`${before}${text}~~~`).toString('base64');
    for (const coat of [
      ...[`x${text}y`, text.toLowerCase(), text.toUpperCase(), [...text].reverse().join('')],
      ...[
        encodeURIComponent(text),
        Buffer.from(text).toString('hex'),
        base64(''),
        base64('a'),
        base64('ab'),
        base64('abc'),
      ],
      ...[Buffer.from(text).toString('base64url'), Buffer.from(`ab${text}`).toString('base64url')],
    ])
      expect(findSecrets([toPlace('there', `{"a":"${coat}"}`)], secrets), coat).not.toEqual([]);
    expect(findSecrets([{ name: 'there', bytes: Buffer.from(text, 'utf16le') }], secrets)).toEqual([
      'there: it (utf-16)',
    ]);
    expect(findSecrets([toPlace('there', 'pw Zm9vYmFy')], secrets)).toEqual([]);
  });
});
