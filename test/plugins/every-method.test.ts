/**
 * Every method that there is, called by a stranger, by another player and by somebody banned, with the names and ids of the
 * one they are after. A method without a row here fails the first test: whoever adds one says who may call it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../core/contract/content.ts';
import { CallError, type TestClient } from '../support/client.ts';
import { bearer, type LoggedIn, makeAccount, password, post } from './auth/people.ts';
import { type Estate, startEstate } from './zone/estate.ts';

/** `ok`, or the code that it is refused with. */
type Outcome = string;
type Row = {
  /** Right in form, and about the victim where it can be. */
  readonly params?: (after: Prey) => JsonObject;
  /** A guest who is in no zone, and who is no operator. */
  readonly guest: Outcome;
  /** Another account, whose character stands beside the victim's. */
  readonly other: Outcome;
};

/** What an attacker may know, guess or have overheard of whom they are after. */
type Prey = {
  readonly character: string;
  /** What the character holds. */
  readonly coin: string;
  readonly credential: string;
  readonly session: string;
  readonly id: string;
  /** Id of a mail in her box. */
  readonly mail: string;
};

const forbidden = 'call.forbidden';
const closed = (params?: Row['params']): Row => ({ ...(params && { params }), guest: forbidden, other: forbidden });
const account = (other: Outcome, params?: Row['params']): Row => ({
  ...(params && { params }),
  guest: forbidden,
  other,
});
const anyone = (guest: Outcome, other: Outcome, params?: Row['params']): Row => ({
  ...(params && { params }),
  guest,
  other,
});
const named = () => ({ name: 'Vera' });
const played = () => ({ name: 'Veronica' });
const wrong = 'the wrong password';
const guessed = () => ({ key: 'AAAAAAAAAAAAAAAAAAAAAA' });

const table: Readonly<Record<string, Row>> = {
  'admin.accounts': closed(),
  'admin.activate': closed(named),
  'admin.admit': closed(({ id }) => ({ account: id })),
  'admin.announce': closed(() => ({ text: 'Free gold' })),
  'admin.audit': closed(),
  'admin.ban': closed(named),
  'admin.bans': closed(),
  'admin.cancel-shutdown': closed(),
  'admin.deactivate': closed(named),
  'admin.delete': closed(named),
  'admin.grant': closed(() => ({ name: 'Mallory', privilege: 'admin' })),
  'admin.kick': closed(named),
  'admin.log': closed(() => ({ level: 'debug' })),
  'admin.login': anyone('auth.wrong', 'auth.wrong', () => ({ name: 'Vera', password: wrong })),
  'admin.mute': closed(named),
  'admin.muted': closed(({ id }) => ({ account: id })),
  'admin.note': closed(() => ({ method: 'admin.grant' })),
  'admin.privileges': closed(named),
  'admin.reload': closed(),
  'admin.revoke': closed(() => ({ name: 'Vera', privilege: 'admin' })),
  'admin.run': closed(() => ({ zone: 'trial/yard', method: 'add' })),
  'admin.sessions': closed(),
  'admin.shutdown': closed(() => ({ seconds: 1 })),
  'admin.unban': closed(named),
  'admin.unmute': closed(named),
  'auth.avatar': account('ok'),
  'auth.avatars': closed(({ id }) => ({ accounts: [id] })),
  'auth.change-profile': account('ok', () => ({ city: 'Nowhere' })),
  'auth.check': closed(() => ({ name: 'Vera', password: wrong })),
  'auth.deactivate': account('auth.wrong', () => ({ password: wrong })),
  'auth.delete': account('auth.wrong', () => ({ password: wrong })),
  'auth.end-login': account('auth.unknown-login', ({ credential }) => ({ id: credential })),
  'auth.find': closed(named),
  'auth.issue': closed(({ id }) => ({ account: id, kind: 'full' })),
  'auth.load': closed(),
  'auth.login': anyone('auth.wrong', 'auth.wrong', () => ({ name: 'Vera', password: wrong })),
  'auth.logins': account('ok'),
  'auth.logout': account('ok'),
  'auth.mail': closed(({ id }) => ({ account: id, template: 'recovery', values: {} })),
  'auth.make-serials': closed(() => ({ count: 1, prefix: 'X' })),
  'auth.me': anyone('ok', 'ok'),
  'auth.password': account('auth.wrong', () => ({ old: wrong, new: 'another long password' })),
  'auth.profile': account('ok'),
  'auth.reactivate': anyone('auth.wrong', 'auth.wrong', () => ({ name: 'Vera', password: wrong })),
  'auth.recover': anyone('auth.no-mail', 'auth.no-mail', named),
  'auth.register': anyone('auth.taken', 'auth.taken', () => ({ name: 'vera', password })),
  'auth.remove': closed(({ id }) => ({ id })),
  'auth.rename': account('auth.wrong', () => ({ name: 'Verona', password: wrong })),
  'auth.reset': anyone('auth.no-mail', 'auth.no-mail', () => ({ name: 'Vera', code: 'AAAAAAAAAA', password })),
  'auth.revoke': closed(({ credential }) => ({ credential })),
  'auth.serials': closed(),
  'auth.set-avatar': account('ok', () => ({ avatar: '🐸' })),
  'auth.set-privileges': closed(({ id }) => ({ id, privileges: ['admin'] })),
  'auth.set-state': closed(({ id }) => ({ id, state: 'inactive' })),
  'bot.attach': closed(() => ({ room: 'parlour' })),
  'bot.create': closed(() => ({ name: 'Robot' })),
  'bot.delete': closed(() => ({ name: 'Robot' })),
  'bot.detach': closed(() => ({ room: 'parlour' })),
  'bot.list': closed(),
  'bot.members': closed(() => ({ room: 'parlour' })),
  'bot.play': closed(() => ({ name: 'Robot', zone: 'trial/yard' })),
  'bot.send': closed(() => ({ room: 'parlour', text: 'Hello' })),
  'character.choose': account('character.forbidden', played),
  'character.create': account('character.taken', played),
  'character.delete': account('character.forbidden', played),
  'character.find': closed(played),
  'character.info': anyone('ok', 'ok', played),
  'character.list': account('ok'),
  'character.make': closed(({ id }) => ({ account: id, name: 'Extra', game: 'trial' })),
  'character.move': account('character.forbidden', () => ({ ...played(), dx: 1, dy: 0 })),
  'character.of': closed(({ id }) => ({ account: id })),
  'character.purge': closed(({ id }) => ({ account: id })),
  'character.status': account('character.forbidden', () => ({ ...played(), status: 'offline' })),
  'character.sweep': closed(() => ({ owner: 'character:0000000000000000' })),
  'character.taken': closed(played),
  'character.where': anyone('ok', 'ok', played),
  'chat.broadcast': closed(() => ({ text: 'Free gold' })),
  'chat.history': account('ok'),
  'chat.say': account('ok', () => ({ text: 'Hello' })),
  'chat.voice': closed(({ session }) => ({ session })),
  'chat.whisper': account('ok', () => ({ to: 'Veronica', text: 'Psst' })),
  'chat.who': anyone('ok', 'ok'),
  'friends.accept': account('friends.no-request', played),
  'friends.add': account('ok', played),
  'friends.block': anyone('character.none', 'ok', played),
  'friends.blocked': anyone('character.none', 'ok'),
  'friends.blocks': closed(() => ({ owner: 'character:0000000000000000', other: 'guest:0000000000000000' })),
  'friends.decline': account('friends.no-request', played),
  'friends.forget': closed(({ id }) => ({ account: id })),
  'friends.list': account('ok'),
  'friends.note': account('friends.none', () => ({ ...played(), text: 'odd' })),
  'friends.remove': account('friends.none', played),
  'friends.unblock': anyone('character.none', 'ok', played),
  'friends.walls': closed(() => ({ people: ['character:0000000000000000'] })),
  'host.info': anyone('ok', 'ok'),
  'host.lift': closed(() => ({ path: 'scripts/chicken.ts' })),
  'host.ping': anyone('ok', 'ok'),
  'host.plugins': anyone('ok', 'ok'),
  'host.reloads': anyone('ok', 'ok'),
  'host.rollback': closed(() => ({ plugin: 'chat' })),
  'host.stats': anyone('ok', 'ok'),
  'host.watch': anyone('host.dev-only', 'host.dev-only'),
  input: anyone('zone.none', 'ok', () => ({ seq: 1 })),
  'mail.delete': account('mail.not-found', ({ mail }) => ({ id: mail })),
  'mail.forget': closed(({ id }) => ({ account: id })),
  'mail.list': account('ok'),
  'mail.read': account('mail.not-found', ({ mail }) => ({ id: mail })),
  'mail.send': account('mail.unknown', () => ({ to: 'Nobody', text: 'Psst' })),
  'match.accept': anyone('match.unknown-ticket', 'match.unknown-ticket'),
  'match.cancel': anyone('match.unknown-ticket', 'match.unknown-ticket'),
  'match.end': closed(() => ({ match: 'm00000000000000000000' })),
  'match.enter': anyone('match.unknown-ticket', 'match.unknown-ticket'),
  'match.find': anyone('match.unknown-mode', 'match.unknown-mode', () => ({ mode: 'none' })),
  'match.hosts': anyone('ok', 'ok'),
  'match.leave': anyone('match.unknown-ticket', 'match.unknown-ticket'),
  'match.list': closed(),
  'match.status': anyone('match.unknown-ticket', 'match.unknown-ticket'),
  'object.activate': account('ok', ({ coin }) => ({ id: coin })),
  'object.answer': account('object.bad-params', ({ coin }) => ({ id: coin, question: 'gift', choice: 'yes' })),
  'object.call': account('object.forbidden', ({ character }) => ({ id: character, method: 'coin' })),
  'object.inspect': account('host.dev-only', ({ character }) => ({ id: character })),
  'object.methods': account('ok', () => ({ kinds: ['walker'] })),
  'room.attach': closed(({ session }) => ({ room: 'parlour', session, name: 'Robot' })),
  'room.create': account('room.taken', () => ({ room: 'parlour' })),
  'room.detach': closed(({ session }) => ({ room: 'parlour', session })),
  'room.join': account('room.unknown', () => ({ room: 'nowhere' })),
  'room.leave': anyone('room.unknown', 'room.unknown', () => ({ room: 'parlour' })),
  'room.list': anyone('ok', 'ok'),
  'room.members': anyone('room.unknown', 'room.unknown', () => ({ room: 'parlour' })),
  'room.relay': closed(({ session }) => ({ room: 'parlour', session, event: 'room-bot', data: {} })),
  'room.roster': closed(({ session }) => ({ room: 'parlour', session })),
  'room.say': account('room.unknown', () => ({ room: 'parlour', text: 'Hello' })),
  'room.tell': account('room.unknown', () => ({ room: 'parlour', data: { move: 1 } })),
  'script.list': closed(),
  'script.open': closed(() => ({ path: 'scripts/chicken.ts' })),
  'script.save': closed(() => ({ path: 'scripts/chicken.ts', hash: '0'.repeat(64), text: '' })),
  'turn.close': closed(() => ({ match: 'AAAAAAAAAAAAAAAAAAAAAA' })),
  'turn.ended': closed(() => ({ matches: ['AAAAAAAAAAAAAAAAAAAAAA'] })),
  'turn.keep': anyone('turn.not-registered', 'turn.not-registered', guessed),
  'turn.list': closed(),
  'turn.load': anyone('turn.not-registered', 'turn.not-registered', guessed),
  'turn.open': closed(() => ({ seats: [{ name: 'Mallory' }, { name: 'Vera' }] })),
  'turn.pair': anyone('turn.not-registered', 'turn.not-registered', guessed),
  'turn.post': closed(() => ({ body: '0,Mallory,*,*,*', address: '127.0.0.1', free: true })),
  'turn.quit': anyone('turn.no-match', 'turn.no-match', guessed),
  'turn.ready': anyone('turn.not-registered', 'turn.not-registered', guessed),
  'turn.register': anyone('ok', 'ok', named),
  'turn.send': anyone('turn.no-match', 'turn.no-match', () => ({ ...guessed(), counter: 0, text: 'mine' })),
  'turn.unregister': anyone('turn.not-registered', 'turn.not-registered', guessed),
  'zone.admit': closed(({ id }) => ({ place: 'trial/house', owner: 'vera', account: id, player: null, as: 'player' })),
  'zone.enter': anyone('zone.forbidden', 'zone.forbidden', () => ({ zone: 'trial/house@vera' })),
  'zone.forget': closed(({ id }) => ({ account: id })),
  'zone.invite': account('zone.forbidden', () => ({ zone: 'trial/house@vera', name: 'Mallory' })),
  'zone.invited': account('zone.forbidden', () => ({ zone: 'trial/house@vera' })),
  'zone.leave': anyone('ok', 'ok'),
  'zone.lend': closed(() => ({ zone: 'trial/house@vera', players: [] })),
  'zone.objects': anyone('zone.none', 'ok'),
  'zone.register': closed(() => ({ zone: 'trial/mine', like: 'trial/yard' })),
  'zone.registered': anyone('ok', 'ok'),
  'zone.snapshot': anyone('zone.none', 'ok'),
  'zone.uninvite': account('zone.forbidden', () => ({ zone: 'trial/house@vera', name: 'Mallory' })),
  'zone.take-back': closed(() => ({ zone: 'trial/house@vera' })),
  'zone.unregister': closed(() => ({ zone: 'trial/mine' })),
  'zone.unwatch': anyone('ok', 'ok'),
  'zone.watch': anyone('zone.forbidden', 'session.playing', () => ({
    ...{ zone: 'trial/house@vera', x: 1, y: 1, distance: 5 },
  })),
  'zone.who': anyone('zone.none', 'ok'),
};

/** These end what the others need. */
const last: readonly string[] = ['zone.leave', 'auth.logout'];
const inOrder = [...Object.keys(table).filter((method) => !last.includes(method)), ...last];

let estate: Estate;
let prey: Prey;
let vera: TestClient;
/** Not from this machine, as far as the node knows: no operator. */
const far = { 'x-forwarded-for': '203.0.113.9' };
const roomy = { ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000', ROOST_CALLS_PER_SECOND: '1000' };

beforeAll(async () => {
  const zones = { house: { width: 16, height: 16, owned: true }, stage: { width: 16, height: 16, spectators: true } };
  estate = await startEstate(zones, {
    env: { ROOST_DEV: 'off', ROOST_API_DOCS: 'public', ROOST_ACCOUNT_SESSIONS: 'many', ...roomy },
  });
  vera = await estate.join('Vera', 'Veronica');
  await vera.enter('trial/yard', 'Veronica');
  await vera.call('auth.change-profile', { city: 'Verona' });
  await vera.call('auth.set-avatar', { avatar: '🦊' });
  await vera.call('zone.invite', { zone: 'trial/house@vera', name: 'Friend' });
  await vera.call('room.create', { room: 'parlour' });
  const { result: coin } = await vera.call<{ result: string }>('object.call', { id: vera.character, method: 'coin' });
  const { id } = await estate.asServer<{ id: string }>('auth.find', { name: 'Vera' });
  const { logins } = await vera.call<{ logins: readonly { id: string }[] }>('auth.logins');
  await vera.call('mail.send', { to: 'Veronica', text: 'for me alone' });
  const [mail] = (await vera.call<{ mails: readonly { id: string }[] }>('mail.list')).mails;
  answers = await readAnswers();
  prey = {
    id,
    mail: mail?.id ?? '',
    character: vera.character,
    coin,
    credential: logins[0]?.id ?? '',
    session: vera.socket.id ?? '',
  };
}, 60_000);
afterAll(() => estate?.[Symbol.asyncDispose]());

/** What the victim has, as she sees it herself, and what holds her things. */
async function belongings(): Promise<Json> {
  const { account: me } = await vera.call<{ account: JsonObject }>('auth.me');
  const { onlineMinutes: _, ...rest } = me;
  const own = [
    'auth.profile',
    'auth.avatar',
    'character.list',
    'friends.list',
    'friends.blocked',
    'room.members',
    'mail.list',
  ];
  const all: Json[] = [rest];
  for (const method of own) all.push(await vera.call<Json>(method));
  const { logins } = await vera.call<{ logins: readonly { id: string }[] }>('auth.logins');
  all.push(logins.map((login) => login.id).sort());
  all.push(await vera.call<Json>('zone.invited', { zone: 'trial/house@vera' }));
  all.push(
    await vera
      .call<Json>('object.call', { id: vera.character, method: 'where' })
      .then((told) => (told as JsonObject).result ?? null),
  );
  all.push(await vera.call<Json>('character.where', { name: 'Veronica' }));
  return all;
}

const outcomeOf = (call: Promise<unknown>): Promise<Outcome> =>
  call.then(
    () => 'ok',
    (error: unknown) => {
      if (error instanceof CallError) return error.code;
      throw error;
    },
  );

/** Answers that are not what the comments of their methods say. */
const unlike: string[] = [];

/** Calls all of them, in order, and gives the outcome of each. */
async function callAll(client: TestClient): Promise<Readonly<Record<string, Outcome>>> {
  const outcomes: Record<string, Outcome> = {};
  for (const method of inOrder) {
    const call = client.call<Json>(method, table[method]?.params?.(prey) ?? {});
    outcomes[method] = await outcomeOf(call);
    const shape = answers[method];
    if (shape && outcomes[method] === 'ok') unlike.push(...differences(shape, await call, method));
  }
  return outcomes;
}

let answers: Readonly<Record<string, JsonObject>> = {};

/** The shapes of answers, as /docs/api has them. */
async function readAnswers(): Promise<Readonly<Record<string, JsonObject>>> {
  type Operation = {
    readonly responses: { readonly 200: { readonly content: { readonly 'application/json': JsonObject } } };
  };
  const response = await fetch(`${estate.node.url}/docs/api/openapi.json`);
  const { paths } = (await response.json()) as {
    readonly paths: { readonly [path: string]: { readonly post?: Operation } };
  };
  const all = Object.entries(paths).filter(([path]) => path.startsWith('/rpc/'));
  return Object.fromEntries(
    all.map(([path, { post: one }]) => [
      path.slice('/rpc/'.length),
      one?.responses[200].content['application/json'].schema as JsonObject,
    ]),
  );
}

/** Keys that are missing, and keys that nobody was told of. */
function differences(shape: JsonObject, value: Json, at: string): readonly string[] {
  const { anyOf, type, required = [], properties = {}, items } = shape;
  if (Array.isArray(anyOf)) {
    const each = anyOf.map((one) => differences(one as JsonObject, value, at));
    return each.find((found) => found.length === 0) ?? each[0] ?? [];
  }
  if (type === 'array' && Array.isArray(value))
    return value.flatMap((one, i) => differences(items as JsonObject, one, `${at}[${i}]`));
  if (type !== 'object') return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is ${JSON.stringify(value)}`];
  const fields = value as JsonObject;
  const told = Object.entries(properties as { readonly [key: string]: JsonObject });
  const missing = (required as readonly string[])
    .filter((key) => !(key in fields))
    .map((key) => `${at}.${key} is missing`);
  const known = new Set(told.map(([key]) => key));
  const untold = Object.keys(fields)
    .filter((key) => !known.has(key))
    .map((key) => `${at}.${key} is not told of`);
  const inside = told.flatMap(([key, one]) =>
    key in fields ? differences(one, fields[key] as Json, `${at}.${key}`) : [],
  );
  return [...missing, ...untold, ...inside];
}

const expected = (who: 'guest' | 'other') =>
  Object.fromEntries(inOrder.map((method) => [method, table[method]?.[who]]));

describe('every method', () => {
  it('has a row that says who may call it', async () => {
    const { methods } = await vera.call<{ methods: readonly { name: string }[] }>('host.info');
    const names = methods.map(({ name }) => name).filter((name) => name !== 'as.server');
    expect([...names].sort()).toEqual(Object.keys(table).sort());
  });

  it('answers a guest only what is for everybody, and takes nothing from a player', async () => {
    const before = await belongings();
    expect(await callAll(await estate.node.connect({}, far))).toEqual(expected('guest'));
    expect(await belongings()).toEqual(before);
  });

  it('CHR-06 does not reach another player by names or ids', async () => {
    const before = await belongings();
    const { token } = await makeAccount(estate.node, 'Mallory');
    const mallory = await estate.node.connect({ token }, far);
    await mallory.call('character.create', { name: 'Malady' });
    await mallory.enter('trial/yard', 'Malady');
    expect(await callAll(mallory)).toEqual(expected('other'));
    expect(await belongings()).toEqual(before);
  });

  it('CLI-10 answers what its comment says, as /docs/api shows it', () => {
    expect(Object.keys(answers).length).toBeGreaterThan(150);
    expect(unlike).toEqual([]);
  });

  it('answers nobody who is banned', async () => {
    const { token } = await makeAccount(estate.node, 'Bandit');
    const bandit = await estate.node.connect({ token }, far);
    await bandit.call('character.create', { name: 'Banditry' });
    await bandit.enter('trial/yard', 'Banditry');
    await estate.asServer('admin.ban', { name: 'Bandit', reason: 'for this test' });
    await bandit.until(() => !bandit.socket.connected);
    for (const method of inOrder) {
      const params = table[method]?.params?.(prey) ?? {};
      const code = await outcomeOf(post(estate.node, method, params, { ...bearer(token), ...far }));
      expect([method, code]).toEqual([method, 'admin.banned']);
    }
    expect(await outcomeOf(post<LoggedIn>(estate.node, 'auth.login', { name: 'Bandit', password }))).toBe(
      'admin.banned',
    );
  });

  it('answers nobody at an address that is banned', async () => {
    // It hits whoever bans, too.
    await estate.asServer('admin.ban', { address: '127.0.0.1', reason: 'for this test' }).catch(() => undefined);
    await vera.until(() => !vera.socket.connected);
    for (const method of inOrder) {
      const params = table[method]?.params?.(prey) ?? {};
      expect([method, await outcomeOf(post(estate.node, method, params))]).toEqual([method, 'session.barred']);
    }
  });
});
