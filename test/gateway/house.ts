/** A gateway on a free port with zones by hand and a handful of methods, and clients for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import type { Json, ZoneSpec } from '../../core/contract/content.ts';
import { HostError } from '../../core/contract/errors.ts';
import type { Account, Dispatch, Guests, Log, Session } from '../../core/contract/ports.ts';
import type { Answer, Delta, Entered, Snapshot } from '../../core/contract/protocol.ts';
import { createGateway, type RunningGateway } from '../../core/gateway/gateway.ts';
import type { GatewayConfig } from '../../core/gateway/limits.ts';
import { createFollower, type Mirror } from '../../core/sync/mirror.ts';
import { ScriptedZones, spec } from './scripted-zones.ts';

export const defaults: GatewayConfig = {
  port: 0,
  turnPort: 0,
  host: '127.0.0.1',
  game: 'devtest',
  origins: [],
  hosts: [],
  trustProxy: [],
  dev: true,
  graceS: 120,
  callsPerSecond: 60,
  callBurst: 120,
  callsInFlight: 32,
  messageBytes: 16_384,
  bytesPerSecond: 65_536,
  packetsPerSecond: 200,
  connectionsPerAddress: 1_000,
  connectsPerAddressPerSecond: 1_000,
  connectTimeoutMs: 5_000,
  sessions: 2_000,
  floodFactor: 10,
  floodS: 3,
  heartbeatMs: 5_000,
  heartbeatTimeoutMs: 5_000,
  slowBytes: 262_144,
  closeBytes: 1_048_576,
  idleSessionS: 120,
  sumEveryS: 5,
  metricsToken: '',
  textPort: 0,
  textMost: 32,
  textPerAddress: 4,
  textIdleMs: 10_000,
  textPeopleIdleMs: 900_000,
  apiDocs: 'operator',
  accountSessions: 'replace',
  guestMs: 0,
  silentMs: 0,
  clientLeast: '',
  sessionsPriority: 0,
  secure: false,
};

export type House = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  readonly zones: ScriptedZones;
  readonly gateway: RunningGateway;
  readonly clientFolder: string;
  readonly logged: readonly { readonly level: string; readonly fields: object; readonly text: string }[];
  /** Resolves when a line with this text is logged. */
  untilLogged(text: string): Promise<object>;
  connect(options?: ConnectOptions): Guest;
};

type ConnectOptions = {
  readonly resume?: string;
  /** Of a login: account, a dash, and which of its logins. */
  readonly token?: string;
  readonly auth?: Readonly<Record<string, unknown>>;
  readonly transports?: readonly string[];
  readonly headers?: Record<string, string>;
};

/** A stock client that follows with a mirror. */
export type Guest = {
  readonly socket: Socket;
  readonly mirror: Mirror;
  /** Every message of the server, in order: name and data. */
  readonly messages: { readonly name: string; readonly data: unknown }[];
  call(method: string, params?: object): Promise<Answer>;
  enter(zone: string, name?: string): Promise<Entered & { resume: string }>;
  /** The first message of this name that no `next` has given yet, waiting for it if need be. */
  next<T>(name: string): Promise<T>;
};

export async function openHouse(
  config: Partial<GatewayConfig> = {},
  zones: readonly Partial<ZoneSpec>[] = [{}],
): Promise<House> {
  const scripted = new ScriptedZones(zones.map((zone) => ({ ...spec, ...zone })));
  const logged: { level: string; fields: object; text: string }[] = [];
  const waiting: { text: string; found: (fields: object) => void }[] = [];
  const write = (level: string) => (fields: object, text: string) => {
    logged.push({ level, fields, text });
    for (const one of waiting) if (one.text === text) one.found(fields);
  };
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const clientFolder = await mkdtemp(join(tmpdir(), 'roost-pages-'));
  const clock = { now: () => Date.now() / 1000, monotonicMs: () => performance.now() };
  const gateway: RunningGateway = createGateway({
    config: { ...defaults, ...config },
    zones: scripted,
    guests: createGuests(),
    dispatch: () => dispatch,
    authenticate: async ({ token, cookie }) => toAccount(token, !cookie),
    log,
    clock,
    clientFolder: (game) => (game === 'devtest' ? clientFolder : undefined),
    version: '0.0.0',
    turn: ({ body }) => ({ ok: true, result: `0/9/${body}` }),
  });
  const dispatch = createDispatch(gateway, scripted);
  const { url, port } = await gateway.start();
  const guests: Socket[] = [];
  return {
    url,
    port,
    zones: scripted,
    gateway,
    clientFolder,
    logged,
    untilLogged(text) {
      const found = logged.find((line) => line.text === text);
      return found ? Promise.resolve(found.fields) : new Promise((resolve) => waiting.push({ text, found: resolve }));
    },
    connect(options = {}) {
      const guest = connectGuest(url, options);
      guests.push(guest.socket);
      return guest;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of guests) socket.disconnect();
      await gateway.stop('test over');
      await rm(clientFolder, { recursive: true });
    },
  };
}

function connectGuest(url: string, { resume, token, auth, transports, headers }: ConnectOptions): Guest {
  const socket = io(url, {
    forceNew: true,
    reconnection: false,
    transports: [...(transports ?? ['websocket'])],
    auth: { ...auth, ...(resume === undefined ? {} : { resume }), ...(token === undefined ? {} : { token }) },
    ...(headers === undefined ? {} : { extraHeaders: headers }),
  });
  const mirror = createFollower();
  const messages: { name: string; data: unknown }[] = [];
  socket.on('snapshot', (snapshot: Snapshot) => mirror.applySnapshot(snapshot));
  socket.on('delta', (delta: Delta) => mirror.applyDelta(delta));
  const waiting = new Map<string, ((data: unknown) => void)[]>();
  const unread = new Map<string, unknown[]>();
  const receive = (name: string, data: unknown): void => {
    const reader = waiting.get(name)?.shift();
    if (reader !== undefined) reader(data);
    else unread.set(name, [...(unread.get(name) ?? []), data]);
  };
  socket.onAny((name: string, data: unknown) => {
    messages.push({ name, data });
    receive(name, data);
  });
  socket.on('disconnect', (reason) => receive('disconnect', reason));
  const call = (method: string, params: object = {}): Promise<Answer> =>
    new Promise((resolve) => {
      socket.emit(method, params, resolve);
    });
  return {
    socket,
    mirror,
    messages,
    call,
    async enter(zone, name) {
      const answer = await call('zone.enter', name === undefined ? { zone } : { zone, name });
      if (!answer.ok) throw new HostError(answer.error.code);
      return answer.result as unknown as Entered & { resume: string };
    },
    next<T>(name: string) {
      const queue = unread.get(name) ?? [];
      if (queue.length > 0) return Promise.resolve(queue.shift() as T);
      return new Promise<T>((resolve) => {
        waiting.set(name, [...(waiting.get(name) ?? []), resolve as (data: unknown) => void]);
      });
    },
  };
}

type Handler = (session: Session, params: { readonly [key: string]: unknown }) => Promise<Json> | Json;

function createDispatch(gateway: RunningGateway, zones: ScriptedZones): Dispatch {
  const methods = new Map<string, Handler>([
    ['zone.enter', (session, { zone, name }) => gateway.enter(session, zone as string, name as string | undefined)],
    [
      'zone.leave',
      async (session) => {
        await gateway.leave(session);
        return null;
      },
    ],
    [
      'character.choose',
      async (session, { name }) => {
        await gateway.play(session, { owner: `character:${session.account?.id}${name}`, name: name as string });
        return null;
      },
    ],
    [
      'auth.logout',
      async (session) => {
        await gateway.identify(session, null);
        return null;
      },
    ],
    ['auth.me', (session) => session.account as unknown as Json],
    ['test.power', (session) => session.has('power')],
    ['zone.who', (session) => gateway.who(session.zone ?? '') as unknown as Json],
    ['zone.objects', (session, { since }) => gateway.views.objects(session.id, since as number | undefined)],
    [
      'zone.snapshot',
      (session) => {
        gateway.views.snapshot(session.id);
        return null;
      },
    ],
    ['chat.history', (session) => gateway.heard(session) as unknown as Json],
    [
      'chat.say',
      async (session, { text }) => {
        const { zone, owner, character } = session;
        if (zone === null || character === null) throw new HostError('zone.none');
        await zones.ask(zone, { type: 'say', owner, character, text: text as string });
        return null;
      },
    ],
    ['test.echo', (_session, params) => params as Json],
    ['test.deep', () => deep() as Json],
    ['test.never', () => new Promise<Json>(() => {})],
  ]);
  return {
    async call(session, method, params) {
      const handler = methods.get(method);
      if (handler === undefined)
        return { ok: false, error: { code: 'call.unknown-method', message: 'No such method.' } };
      try {
        return { ok: true, result: await handler(session, params as { readonly [key: string]: unknown }) };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        return { ok: false, error: { code: error.code, message: error.message } };
      }
    },
  };
}

/** More than `JSON.stringify` can write. */
function deep(): unknown {
  let value: unknown = [];
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  return value;
}

/** Those of a node that has no earlier life. */
function createGuests(): Guests {
  const owners = new Map<string, string>();
  return {
    async keep(owner, tokenHash) {
      owners.set(tokenHash, owner);
    },
    async take(tokenHash) {
      const owner = owners.get(tokenHash);
      owners.delete(tokenHash);
      return owner;
    },
    async forget() {
      owners.clear();
    },
  };
}

/** `fox-phone` is a login of the account fox, and so is `fox-desk`; nobody knows other tokens. */
function toAccount(token: string, trusted: boolean): Account | null {
  const [, id] = /^([a-z]{2,8})-[a-z]{2,8}(?:-0+)?$/.exec(token) ?? [];
  if (id === undefined) return null;
  return { id, name: id, privileges: ['power'], credential: token, trusted, until: null };
}
