/**
 * A process with the real methods (files, hooks, loader, dispatch, database) between a gateway and zones that do as they
 * are told: test/support/methods.ts starts it and speaks to it over Node's channel.
 */
import type { Config } from '../../core/config.ts';
import type { Json, JsonObject } from '../../core/contract/content.ts';
import { HostError } from '../../core/contract/errors.ts';
import type { KindInfo, Line, ZoneStats } from '../../core/contract/link.ts';
import type {
  Gateway,
  Log,
  Reloads,
  Session,
  Swap,
  Views,
  ZoneAsk,
  ZoneInfo,
  ZoneState,
  Zones,
  ZoneTell,
} from '../../core/contract/ports.ts';
import { createMethods } from '../../core/methods/methods.ts';
import { createScripts } from '../../core/node/scripts.ts';
import { createReports } from '../../core/report/reports.ts';
import { openStore } from '../../core/store/store.ts';
import type { ChildEvent, Command, SessionSpec } from './methods.ts';

const { config } = JSON.parse(process.argv[2] as string) as { config: Config };
const tell = (event: ChildEvent) => process.send?.(event);
let drift = 0;
const clock = { now: () => 1_790_000_000 + drift, monotonicMs: () => performance.now() + drift * 1000 };
const at = (level: string) => (fields: object, text: string) =>
  tell({ event: 'log', level, fields: JSON.parse(JSON.stringify(fields)) as JsonObject, text });
const log: Log = { debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') };

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
const sessions = new Map<string, Mutable<Session>>();
const objects = new Map<string, JsonObject>();
const seen = new Set<string>();
const rooms = new Map<string, Set<string>>();
const after: (() => void)[] = [];

function listeners<Args extends readonly unknown[]>() {
  const all = new Set<(...args: Args) => void>();
  return {
    on: (listener: (...args: Args) => void) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
    emit: (...args: Args) => {
      for (const listener of all) listener(...args);
    },
  };
}
const opened = listeners<[Session]>();
const closed = listeners<[Session, string]>();
const entered = listeners<[Session, string]>();
const left = listeners<[Session, string]>();
const states = listeners<[ZoneState]>();

function open(id: string, spec: SessionSpec): void {
  const session: Mutable<Session> = {
    id,
    via: 'socket',
    address: '127.0.0.1',
    loopback: true,
    page: false,
    account: null,
    keep: () => false,
    owner: `guest:${id}`,
    name: null,
    zone: null,
    character: null,
    watching: null,
    has: (privilege) => (spec.privileges ?? (spec.loopback === false ? [] : ['operator'])).includes(privilege),
    send: (event, data) => tell({ event: 'sent', to: id, name: event, data }),
    afterAnswer: (work) => after.push(work),
    ...spec,
  };
  sessions.set(id, session);
  opened.emit(session);
}

function roomOf(name: string): Set<string> {
  const room = rooms.get(name);
  if (!room) throw new HostError('room.unknown');
  return room;
}

const heard: Line[] = [
  { from: '0001000000000002', name: 'Berta', x: 1, y: 2, text: 'Cluck.', at: 1_790_000_000, player: false },
];

const gateway: Gateway = {
  sessions: () => sessions.values(),
  find: (id) => sessions.get(id),
  watch: async (_session, zone) => zone,
  unwatch: () => {},
  async enter(session, zone, name = 'Guest1') {
    if (!/^[a-z]+\/[a-z]+$/.test(zone)) throw new HostError('zone.malformed');
    Object.assign(session, { zone, name, character: '0001000000000001' });
    entered.emit(session, zone);
    return { zone, character: '0001000000000001', name, resume: 'token' };
  },
  identify: async () => {},
  play: async () => {},
  changeAccount: () => {},
  end: () => false,
  deliver: (to, event, data) => {
    const found = [...sessions.values()].filter(({ owner }) => 'owner' in to && owner === to.owner);
    for (const session of found) session.send(event, data);
    return found.length > 0;
  },
  isNamed: () => false,
  ownerOf: () => null,
  plays: () => false,
  bar: () => {},
  async leave(session) {
    const { zone } = session;
    Object.assign(session, { zone: null, character: null });
    if (zone !== null) left.emit(session, zone);
  },
  who: () => [{ id: '0001000000000001', name: 'Fox', connected: true, guest: true }],
  heard: (_session, since = 0) => heard.filter((line) => line.at >= since),
  rooms: {
    create: (name) => void rooms.set(name, new Set()),
    find: (name) => rooms.has(name),
    remove: (name) => void rooms.delete(name),
    join: (name, session) => void roomOf(name).add(session),
    leave: (name, session) => void rooms.get(name)?.delete(session),
    members: (name) => [...(rooms.get(name) ?? [])],
    send(name, event, data, except) {
      const members = [...roomOf(name)].filter((id) => id !== except);
      for (const id of members) sessions.get(id)?.send(event, data);
      return members.length > 0;
    },
  },
  onOpened: opened.on,
  onClosed: closed.on,
  onLoggedIn: () => () => {},
  onEntered: entered.on,
  onLeft: left.on,
  stats: () => ({ sessions: sessions.size, bytesOut: 0, resyncs: 0, eventsDropped: 0, disconnects: {} }),
};

/** Zones that are loaded, as `host.stats` sees them: each costs more than the one before. */
let loaded = 0;
function statsOf(n: number): ZoneStats {
  const ticks = { tick: 1, tickMs: 0.1, worstMs: 1, droppedTicks: 0, heap: 1_000_000, asleep: false };
  return { zone: `farm/yard#${n + 1}`, ...ticks, objects: 1, players: 0, cpuMs: n, costs: [], objectCosts: [] };
}

const method = { label: '', reach: 1.5, durable: false, params: {} };
const chicken: KindInfo = {
  kind: 'chicken',
  build: '0123456789ab',
  version: 1,
  body: null,
  look: null,
  activates: true,
  methods: [
    { ...method, name: 'feed', allow: 'reach', durable: true },
    { ...method, name: 'look', allow: 'view' },
    { ...method, name: 'rename', allow: 'owner' },
  ],
};
const info: ZoneInfo = {
  zone: 'farm/yard',
  game: 'farm',
  epoch: 1,
  state: 'running',
  kinds: new Map([['chicken', chicken]]),
};
const spec = {
  name: 'yard',
  map: null,
  capacity: 10,
  tickRate: 20,
  physics: null,
  awake: 'players' as const,
  view: { radius: 10, cell: 5, most: 100 },
  hearing: 10,
  width: 50,
  height: 50,
};

const zones: Zones = {
  admit: async (zone) => zone,
  register: () => {},
  unregister: async () => {},
  discard: async () => {},
  open: async () => info,
  find: (zone) => (zone === info.zone ? info : undefined),
  list: () => [info],
  async ask(zone: string, ask: ZoneAsk) {
    tell({ event: 'asked', zone, ask: ask as unknown as JsonObject });
    const result: Json =
      ask.type === 'inspect' ? { row: { id: ask.object, keep: { secret: 1 } }, timers: [], kind: 'x' } : 'done';
    return { tick: 7, outcome: { call: 1, ok: true, result, durable: false } };
  },
  tell: (zone: string, message: ZoneTell) => tell({ event: 'told', zone, message: message as unknown as JsonObject }),
  locate: async () => undefined,
  putAway: async () => {},
  bringBack: async () => {},
  look: async () => undefined,
  erase: async () => false,
  audience: () => {},
  onFrame: () => () => {},
  onState: states.on,
  onMoving: () => () => {},
  onMoved: () => () => {},
  lines: async () => [],
  stats: async () => Array.from({ length: loaded }, (_, n) => statsOf(n)),
  examine: () => undefined,
  game: (name) => zones.games().find((game) => game.name === name),
  games: () => [
    {
      name: 'farm',
      title: 'Farm',
      dev: false,
      start: 'yard',
      character: 'farmer',
      zones: [spec],
      settings: {},
      units: { metre: 100, turn: 256 },
      folder: '/',
    },
  ],
  map: () => undefined,
};

const views: Views = {
  sees: (_session, object) => seen.has(object),
  object: (_zone, object) => objects.get(object),
  objects: (_session, since = 0) => [...objects.values()].filter(({ changed }) => Number(changed) >= since),
  snapshot: (session) => tell({ event: 'sent', to: session, name: 'snapshot', data: null }),
};

const store = await openStore({ folder: config.data, log, clock, deadlineMs: 5000, linesKept: 100 });
const reports = createReports(log, clock);
reports.onWatch((message) => tell({ event: 'watch', message: message as unknown as JsonObject }));
const scripts = createScripts({
  ...{ roots: config.roots, newest: () => new Map(), probationMs: config.probationMs, reports, clock, log },
  builds: { standing: () => ({ quarantined: [], held: [] }), good: () => undefined },
  swaps: { savedBy: () => {} },
});
/** As many as zones that are loaded. */
const settled: Omit<Swap, 'id' | 'at'> = {
  ...{ path: 'scripts/hen.ts', build: '0123456789ab', former: null, by: 'file', place: 'farm/yard', settledAt: 2 },
  ...{ outcome: 'back', why: 'it threw in its tick', line: 1, object: null, handler: 'tick' },
};
const reloads: Reloads = {
  list: async (limit) => Array.from({ length: Math.min(limit, loaded) }, (_, id) => ({ ...settled, id, at: 1 })),
  standing: () => ({ quarantined: [], held: [] }),
  lift: async () => false,
};
const parts = {
  ...{ config, gateway, zones, views, db: store.db, reports, scripts, reloads, log, clock },
  process: { stop: () => {}, logLevel: () => 'info' as const },
};
const methods = createMethods(parts);
const stray = (error: unknown) => tell({ event: 'stray', blamed: methods.blameStray(error), text: String(error) });
process.on('unhandledRejection', stray);
process.on('uncaughtException', stray);

async function run(command: Command): Promise<Json> {
  switch (command.op) {
    case 'open':
      open(command.session, command.spec);
      return null;
    case 'close': {
      const session = sessions.get(command.session);
      sessions.delete(command.session);
      if (session) closed.emit(session, 'gone');
      return null;
    }
    case 'call': {
      const session = sessions.get(command.session) as Session;
      const answer = await methods.call(session, command.method, command.params);
      for (const work of after.splice(0)) work();
      return answer as unknown as Json;
    }
    case 'object':
      objects.set(String(command.object.id), command.object);
      if (command.seen) seen.add(String(command.object.id));
      return null;
    case 'zone':
      states.emit({ zone: 'farm/yard', epoch: 1, state: command.state });
      return null;
    case 'zones':
      loaded = command.count;
      return null;
    case 'later':
      drift += command.seconds;
      return null;
    case 'stop':
      await methods.stop();
      await methods.stop();
      await store.close();
      return null;
  }
}

process.on('message', async ({ id, command }: { id: number; command: Command }) => {
  tell({ event: 'done', id, result: await run(command) });
  if (command.op === 'stop') process.disconnect();
});

// Whoever started this is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

await methods.start();
tell({ event: 'ready' });
