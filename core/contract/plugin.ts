/**
 * `roost/plugin`: the page a plugin author reads. docs/plugins.md takes you through it.
 *
 * A method is a file, `plugins/<area>/<verb>.ts`, with one `defineMethod` as its default export; the folder may have a
 * `plugin.ts` with one `definePlugin`. What a handler is given is `Caller`, the checked params and `Host`.
 */
import { z } from 'zod';
import type { Game, Json, JsonObject, ModeSpec, NumberRule } from './content.ts';
import { HostError } from './errors.ts';
import { fitting } from './fitting.ts';
import type { Line, MethodInfo, ObjectId, ZoneId, ZoneStats } from './link.ts';
import { checkName, toSkeleton } from './names.ts';
import type {
  Account,
  Clock,
  Examined,
  Log,
  LogLevel,
  Off,
  Persona,
  Presented,
  Registration,
  Reloads,
  Row,
  Scripts,
  Whereabouts,
  Who,
  ZoneInfo,
} from './ports.ts';
import type { Entered } from './protocol.ts';
import { cleanLine, cleanLines } from './text.ts';

export type {
  Account,
  Clock,
  Entered,
  Game,
  Json,
  JsonObject,
  Line,
  Log,
  MethodInfo,
  ModeSpec,
  NumberRule,
  ObjectId,
  Off,
  Persona,
  Presented,
  Registration,
  Row,
  Whereabouts,
  Who,
  ZoneId,
  ZoneInfo,
};
export { checkName, fitting, HostError, toSkeleton, z };

/** The version of this page. A plugin that asks for a newer minor is loaded with a warning, another major is refused. */
export const pluginApi = '1.3';

/**
 * Who may call a method: everybody; who controls a character; who is logged in; a bot; the server itself; who runs the
 * node (`operator`: an administrator, the command line, in development a program on a loopback connection or the page that
 * `npm start` linked to); or whoever has the privilege of that name.
 */
export type Allow = 'anyone' | 'player' | 'account' | 'bot' | 'server' | 'operator' | (string & {});

/** Calls of one session on one method: so many a second in the long run, so many at once. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** What no JSON Schema can say of a text. */
const visible = 'Cleaned of what is invisible; something has to be left.';

/** A line of text as params: 1 to `most` characters, cleaned of everything invisible. */
export function line(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .describe(visible)
    .transform(cleanLine)
    .pipe(z.string().min(1, 'has nothing visible in it'));
}

/** Text of several lines as params: 1 to `most` characters, each line cleaned as `line` does; no two empty ones together. */
export function lines(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .describe(visible)
    .transform(cleanLines)
    .pipe(z.string().min(1, 'has nothing visible in it'));
}

/** What `handle` is given. With `allow: 'player'` the caller has a zone, a character and a name. */
export type Given<Schema extends z.ZodType, Who extends Allow> = {
  readonly caller: Who extends 'player' ? PlayerCaller : Caller;
  readonly params: z.output<Schema>;
  readonly host: Host;
};

export type MethodSpec<Schema extends z.ZodType, Who extends Allow> = {
  /** What the params look like. Unknown keys are refused and named; without it everything passes untouched. */
  readonly params?: Schema;
  /** Default `anyone`. */
  readonly allow?: Who;
  /** Default 10 a second, 20 at once (settings `methodPerSecond`, `methodBurst`). */
  readonly rate?: Rate;
  /** Longest time to answer, then `call.timeout`; default 10 seconds (setting `handlerMs`). */
  readonly deadlineMs?: number;
  /**
   * Answers the call with plain JSON (≤ 256 KB, nested ≤ 32 deep), at once or by a promise.
   * Throw `HostError` for an outcome the caller may read; anything else is `call.failed` and goes to the log.
   */
  handle(given: Given<Schema, Who>): unknown;
};

/** A method as the loader sees it. */
export type Method = {
  readonly what: 'method';
  readonly params: z.ZodType | null;
  readonly allow: Allow;
  readonly rate: Rate | null;
  readonly deadlineMs: number | null;
  readonly handle: (given: { readonly caller: Caller; readonly params: unknown; readonly host: Host }) => unknown;
};

/**
 * The default export of a method's file. The first sentence of the comment above it is shown by `host.info`; /docs/api shows all of it,
 * and what stands behind `@returns` as the answer.
 * @example
 * // plugins/chat/shout.ts → chat.shout
 * export default defineMethod({
 *   allow: 'player',
 *   params: z.object({ text: line(100) }),
 *   handle: ({ caller, params, host }) => host.send({ zone: caller.zone.id }, 'shout', params),
 * });
 */
export function defineMethod<Schema extends z.ZodType = z.ZodType<Json>, Who extends Allow = 'anyone'>(
  spec: MethodSpec<Schema, Who>,
): Method {
  return {
    what: 'method',
    params: spec.params ?? null,
    allow: spec.allow ?? 'anyone',
    rate: spec.rate ?? null,
    deadlineMs: spec.deadlineMs ?? null,
    // Dispatch has checked the params and the caller before: this is where the types meet again.
    handle: (given) => spec.handle(given as Given<Schema, Who>),
  };
}

/** A step of the plugin's tables. Steps run in order, each once in the life of a database, all or none at a load. */
export type Migration = {
  /** Names it for ever: `001-letters`. */
  readonly name: string;
  readonly up: (trx: Transaction) => Promise<unknown>;
};

export type PluginSpec = {
  /** Of the plugin, for people: `1.2.0`. */
  readonly version: string;
  /** Version of `roost/plugin` it was written for, `major.minor`; default is the running one. */
  readonly api?: string;
  /** Plugins that must be loaded before it. */
  readonly needs?: readonly string[];
  /** Methods (`chat.say`) or whole plugins (`chat`) whose methods this one takes over. */
  readonly replaces?: readonly string[];
  readonly migrations?: readonly Migration[];
  /**
   * Runs before the first call. A throw keeps the former build, which is started again. `former` is what the `stop` of the
   * build before it gave back; undefined when the node has just started, or that build gave nothing or failed.
   */
  readonly start?: (given: { readonly host: Host; readonly former?: Json | undefined }) => unknown;
  /**
   * Runs after the last call. Timers of `host.every` and `host.after` end by themselves. What it gives back, plain JSON
   * (≤ 256 MB, nested ≤ 32 deep), is handed to the `start` of the next build: it is not kept when the node ends.
   */
  readonly stop?: (given: { readonly host: Host }) => unknown;
  readonly on?: Listeners;
  /**
   * Says whose token it is that a client presents (`auth: { token }`, a bearer or the cookie); null when it is nobody's. One
   * plugin of a node has this; of several the one loaded last is asked.
   * @throws HostError that the client is told instead
   */
  readonly authenticate?: (given: { readonly presented: Presented; readonly host: Host }) => Promise<Account | null>;
};

/** What a plugin can listen to. Every connection that opened is closed once, however it was lost. */
export type Listeners = {
  readonly opened?: (given: { readonly caller: Caller; readonly host: Host }) => unknown;
  readonly closed?: (given: { readonly caller: Caller; readonly reason: string; readonly host: Host }) => unknown;
  /** A connection has become an account's, by a token that it came with or by logging in. */
  readonly loggedIn?: (given: { readonly caller: Caller; readonly host: Host }) => unknown;
  readonly zoneOpened?: (given: { readonly zone: ZoneId; readonly host: Host }) => unknown;
  readonly zoneClosed?: (given: { readonly zone: ZoneId; readonly host: Host }) => unknown;
  readonly entered?: (given: { readonly caller: Caller; readonly zone: ZoneId; readonly host: Host }) => unknown;
  readonly left?: (given: { readonly caller: Caller; readonly zone: ZoneId; readonly host: Host }) => unknown;
};

/** A manifest as the loader sees it. */
export type Manifest = { readonly what: 'plugin' } & PluginSpec;

/** The default export of a plugin's `plugin.ts`. */
export function definePlugin(spec: PluginSpec): Manifest {
  return { ...spec, what: 'plugin' };
}

/** The session that called, as it is now. */
export interface Caller {
  /** Id of the session: random, not a secret. */
  readonly id: string;
  /** `socket` and `text` (lines over TCP) are connections: what is sent to them is heard. */
  readonly via: 'socket' | 'text' | 'http' | 'server';
  /** On a node in development: from this machine, through no proxy. Always false elsewhere. */
  readonly loopback: boolean;
  /** Of the peer (IPv6: the /64); not for other players. */
  readonly address: string;
  /** A page in a browser, and no program. */
  readonly page: boolean;
  /** Who is logged in; not for other players, who know its character. */
  readonly account: Account | null;
  /** Who plays: `guest:<16 hex>`, or `character:<16 hex>` of an account. Owns its character. */
  readonly owner: string;
  /** Name of its character, null before one was made. */
  readonly name: string | null;
  readonly zone: Zone | null;
  readonly character: ObjectId | null;
  /** The zone that it looks at without a character. */
  readonly watching: ZoneId | null;
  has(privilege: string): boolean;
  /** Sends this session an event, beside the answer of the call. */
  send(event: string, data: Json): void;
  /** Puts the session into a zone. @throws HostError zone.*, name.* */
  enter(zone: ZoneId, name?: string): Promise<Entered>;
  /** Takes its character out of the game: a guest's is gone, an account's waits. Harmless when it has none. */
  leave(): Promise<void>;
  /**
   * Shows it a zone without a character, from a spot (metres) and so far; again for another spot or zone. Gives the zone's id.
   * @throws HostError session.playing in a zone, zone.*
   */
  watchZone(zone: ZoneId, spot: { readonly x: number; readonly y: number; readonly distance: number }): Promise<ZoneId>;
  /** Harmless when it watches nothing. */
  unwatchZone(): void;
  /**
   * The session is that account's from now on; a character that the account left behind with a lost connection is taken back.
   * @throws HostError session.elsewhere
   */
  login(account: Account): Promise<void>;
  /** The session is nobody's again; its character leaves the game. */
  logout(): Promise<void>;
  /** Whom it plays from the next `enter` on. @throws HostError session.playing, session.elsewhere */
  play(persona: Persona): Promise<void>;
  /** Has the browser keep a token as an HttpOnly cookie, or forget it with null. False when the call did not come by HTTP. */
  keep(token: string | null, maxAgeS: number): boolean;
  /** Whether it sees the object; hidden ones and those elsewhere are not seen. */
  sees(object: ObjectId): boolean;
  /** Objects in view changed at or after `since` (Unix seconds), newest first. */
  objects(since?: number): readonly Json[];
  /** Lines its character has heard since it entered, oldest first. */
  heard(since?: number): readonly Line[];
  /** Sends a snapshot after the answer; at most one in two seconds, later ones are put off. */
  snapshot(): void;
  /** Sends `watch` messages (reloads, script errors) from now on. @throws HostError host.dev-only */
  watch(): void;
}

/** A caller that controls a character. */
export interface PlayerCaller extends Caller {
  readonly name: string;
  readonly zone: Zone;
  readonly character: ObjectId;
}

/** A zone, from outside. What is asked of it happens in its next tick. */
export interface Zone {
  readonly id: ZoneId;
  readonly game: string;
  /** Characters present, by name. */
  who(): readonly Who[];
  /** What everybody may know of an object, in metres and radians; undefined when it is not there. */
  object(object: ObjectId): JsonObject | undefined;
  /** Whether the objects of a kind can be used (`activate`). */
  activates(kind: string): boolean;
  /** The methods that scripts give the objects of a kind. */
  methods(kind: string): readonly MethodInfo[];
  /** A line said where the character stands, heard within hearing distance. */
  say(character: ObjectId, text: string): Promise<{ readonly tick: number }>;
  /**
   * Moves a character by delta × its speed: so many seconds of walking to the right and down, at most two ahead of its time,
   * and not past what does not move. Gives where it is then, in metres, and metres per second. @throws HostError object.blocked, object.too-fast, zone.*
   */
  move(
    character: ObjectId,
    dx: number,
    dy: number,
  ): Promise<{ readonly tick: number; readonly x: number; readonly y: number; readonly speed: number }>;
  /**
   * Calls an object's method for a character, or with null one of the zone's own script; the zone checks owner and reach at
   * its tick. @throws HostError object.*, zone.*
   */
  call(
    character: ObjectId,
    object: ObjectId | null,
    method: string,
    params?: JsonObject,
    options?: CallOptions,
  ): Promise<Told>;
  /** As if the character had touched "use" on the object. @throws HostError object.*, zone.* */
  activate(character: ObjectId, object: ObjectId): Promise<Told>;
  /** Answers what an object had asked the character. @throws HostError object.*, zone.* */
  answer(character: ObjectId, object: ObjectId, question: string, choice: string): Promise<Told>;
  /** The controlling session's input stream, without an answer. */
  input(character: ObjectId, seq: number, fields: JsonObject): void;
  /**
   * Calls a method for the server: of an object, or with null of the zone's own script, whoever may call it and from wherever;
   * `by` of the handler is the object itself. On disk when it answers. @throws HostError object.*, zone.*
   */
  run(object: ObjectId | null, method: string, params?: JsonObject): Promise<Told>;
  /** Everything about an object, secrets included. @throws HostError object.not-found */
  inspect(object: ObjectId): Promise<Json>;
  /** What it costs, what went wrong with it, whether its script rests; undefined when it is not there. */
  examine(object: ObjectId): (Examined & { readonly words: string }) | undefined;
}

export type CallOptions = {
  /** The answer waits until the tick is on disk. */
  readonly durable?: boolean;
  /** With `durable`: a repeat within ten minutes gets the first answer and is not applied again. */
  readonly once?: string;
};

/** What a zone answered, and the tick it happened in. */
export type Told = { readonly tick: number; readonly result: Json };

/**
 * Who gets a message: one session, all sessions of an owner or of an account, a room, a zone, or everyone. Owners and accounts
 * whose connection was just lost get it when they come back.
 */
export type Target =
  | { readonly session: string }
  | { readonly user: string }
  | { readonly account: string }
  | { readonly room: string; readonly except?: string }
  | { readonly zone: ZoneId }
  | 'everyone';

/** What a plugin can do. One per plugin; within a call it also knows the caller. */
export interface Host {
  /** Name of the plugin it was made for. */
  readonly plugin: string;
  /** Version of Roost. */
  readonly version: string;
  /** Whether the node runs in development. */
  readonly dev: boolean;
  /** Game of `/` and of `zone.enter` without a zone. */
  readonly game: string;
  readonly log: Log;
  readonly clock: Clock;
  /** 0 ≤ n < 1. */
  random(): number;
  /** Settings of the node that plugins go by. */
  readonly settings: PluginSettings;
  /**
   * Sends an event with plain JSON. Unknown sessions, owners and zones are passed over. True when there was somebody to get it.
   * @throws HostError room.unknown
   */
  send(to: Target, event: string, data: Json): boolean;
  readonly sessions: Sessions;
  readonly characters: Characters;
  readonly rooms: Rooms;
  readonly db: Database;
  readonly zones: Zones;
  /**
   * Calls a method as if the caller had: same checks, same rights; outside a call, or with `as: 'server'`, as the server.
   * @throws HostError with the code of the answer.
   */
  call(method: string, params?: Json, options?: { readonly as?: 'server' }): Promise<Json>;
  /** Runs `work` every so many seconds (≥ 0.05), one after another, until the plugin stops or the undo is called. */
  every(seconds: number, work: () => unknown): Off;
  /** Runs `work` once after so many seconds. */
  after(seconds: number, work: () => unknown): Off;
  readonly node: NodeView;
}

/** What `core/config.ts` has for plugins; docs/operations.md lists it. */
export type PluginSettings = {
  /** Whether somebody may play without an account. */
  readonly guests: boolean;
  /** Whether the node serves the public: no demo account, no default secrets. */
  readonly production: boolean;
  readonly host: string;
  /** Registration wants an unused key of a batch. */
  readonly serials: boolean;
  /** Address that people use, for links in mail; empty when nobody has said. */
  readonly publicUrl: string;
  /** `smtp://…` of the host that takes mail; empty: none is sent. */
  readonly smtp: string;
  readonly mailFrom: string;
  /** Days that a login is good for. */
  readonly loginDays: number;
  /** Characters that an account may have. */
  readonly charactersMost: number;
  /** Days that a mail is kept. */
  readonly mailDays: number;
  /** What whoever comes into a game is told; empty: nothing. */
  readonly greeting: string;
  /** Players who wait for a partner in the turn relay, and its matches. */
  readonly turnWaiting: number;
  readonly turnMatches: number;
  /** The same, of one address. */
  readonly turnWaitingPerAddress: number;
  readonly turnMatchesPerAddress: number;
  /** Time without a word, or an exchange, after which a player, or a match, is dropped. */
  readonly turnSilentMs: number;
  readonly turnExchangeMs: number;
  /** Requests a second of one address. */
  readonly turnPerSecond: number;
  /** Players who wait for a match. */
  readonly matchWaiting: number;
  /** Players of one address who wait for a match or play one. */
  readonly matchPerAddress: number;
};

/** A live connection, as plugins that administer see it. */
export type SessionInfo = {
  readonly id: string;
  readonly via: 'socket' | 'text' | 'http';
  readonly address: string;
  readonly account: Account | null;
  readonly owner: string;
  readonly name: string | null;
  readonly zone: ZoneId | null;
  readonly character: ObjectId | null;
};

/** Everybody's connections. */
export interface Sessions {
  list(): readonly SessionInfo[];
  /** A caller for a session that is open. */
  find(session: string): Caller | undefined;
  /** Tells the client why, and ends the connection; with `leave` its character goes at once. False when there is none. */
  end(session: string, reason: { readonly code: string; readonly message?: string; readonly leave?: boolean }): boolean;
  /** What is known of an account is different: its live sessions go by that at once. */
  changeAccount(id: string, change: { readonly name?: string; readonly privileges?: readonly string[] }): void;
  /** Whether somebody present has the name, or one that looks the same. */
  isNamed(name: string): boolean;
  /** Owner of the character in play with exactly this name, its connection lost or not; null when there is none. */
  ownerOf(name: string): string | null;
  /** Addresses that get no connection and no answer until then (Unix seconds; null: for good); these and no others. */
  bar(addresses: ReadonlyMap<string, number | null>): void;
}

/** Characters of accounts: each is one object, in one zone or away. */
export interface Characters {
  /** Undefined before its first `enter`. */
  find(owner: string): Promise<Whereabouts | undefined>;
  /** What everybody may know of it, in play or away; undefined before its first `enter`. */
  look(owner: string): Promise<JsonObject | undefined>;
  /** Removes it for good, with all that it holds. @throws HostError session.elsewhere while it is played */
  erase(owner: string): Promise<void>;
}

/**
 * What a plugin keeps in memory for a node, made when it is asked for first: several nodes may live in one process, and a new
 * build of the plugin begins with nothing.
 * @example
 * const greetedOf = perNode(() => new Set<string>());
 * greetedOf(host).add(caller.id);
 */
export function perNode<T>(make: (host: Host) => T): (host: Host) => T {
  const all = new WeakMap<NodeView, T>();
  return (host) => {
    const kept = all.get(host.node) ?? make(host);
    all.set(host.node, kept);
    return kept;
  };
}

/** Who hears whom beyond zones. Members are session ids; a session that closes leaves its rooms by itself. */
export interface Rooms {
  create(room: string): void;
  has(room: string): boolean;
  /** Its members are no longer in it. */
  remove(room: string): void;
  /** @throws HostError room.unknown */
  join(room: string, session: string): void;
  leave(room: string, session: string): void;
  members(room: string): readonly string[];
}

/** SQL with `?` for values. */
export interface Database {
  /** Reads what is committed. */
  read(sql: string, values?: readonly (string | number | null)[]): Promise<readonly Row[]>;
  /** All or nothing: a throw undoes it. Transactions run one after another. @throws HostError store.busy */
  transaction<T>(work: (trx: Transaction) => Promise<T>): Promise<T>;
}

export interface Transaction {
  run(sql: string, values?: readonly (string | number | null)[]): Promise<readonly Row[]>;
}

export interface Zones {
  /** A zone that is known to this node, running or asleep. */
  find(zone: ZoneId): Zone | undefined;
  /** Starts or wakes it. @throws HostError zone.malformed, zone.unknown, zone.timeout, zone.failed, zone.dev-only */
  open(zone: ZoneId): Promise<Zone>;
  list(): readonly ZoneInfo[];
  game(name: string): Game | undefined;
  games(): readonly Game[];
  /**
   * Adds a zone to a game until the node stops, or changes one that was added: like a zone that the game declares, under a
   * name of its own. @throws HostError zone.malformed
   */
  register(zone: ZoneId, registration: Registration): void;
  /** Takes one back that was added, and closes it. */
  unregister(zone: ZoneId): Promise<void>;
  /**
   * Closes a zone that nobody is in and removes all that stood in it, for good. It would begin again from its map.
   * @throws HostError zone.unknown, zone.in-use, store.*
   */
  discard(zone: ZoneId): Promise<void>;
}

/** A loaded plugin, as `host.plugins` tells it. */
export type PluginInfo = {
  readonly plugin: string;
  readonly version: string;
  /** First 12 hex digits of SHA-256 over its files. */
  readonly build: string;
  /** Builds loaded since the node started; old ones stay in memory. */
  readonly builds: number;
  /** Builds that `host.rollback` can go back to. */
  readonly former: number;
  readonly state: 'running' | 'disabled' | 'failed';
  readonly methods: readonly string[];
  /** Calls and failures since the node started. */
  readonly calls: number;
  readonly failures: number;
  /** Why the newest files are not what runs; operators only. */
  readonly fault?: string;
};

/** How the node is doing, and what eats it. */
export type NodeStats = JsonObject & {
  readonly zones: readonly ZoneStats[];
  /** Kinds of all zones, the dearest first, at most 20. */
  readonly kinds: readonly RankedCost[];
  /** Objects of all zones, the dearest first, at most 20. */
  readonly objects: readonly RankedCost[];
};

/** What a kind, or an object, spends. */
export type RankedCost = {
  readonly zone: ZoneId;
  readonly kind: string;
  /** Of the kind's script; empty when it has none. */
  readonly build: string;
  /** Null for a kind. */
  readonly object: ObjectId | null;
  /** Of one core, over the last five seconds. */
  readonly percent: number;
  /** The same in plain words. */
  readonly words: string;
};

/** The node itself, for the `host.*` methods. */
export interface NodeView {
  info(): Json;
  /** Words of `allow` of the methods that there are, each once. */
  allowed(): readonly Allow[];
  stats(): Promise<NodeStats>;
  plugins(): readonly PluginInfo[];
  /** Goes back one build. @throws HostError plugin.unknown, plugin.no-former, plugin.not-loaded */
  rollback(plugin: string): Promise<PluginInfo>;
  /** Designers' files. Only for methods that `allow: 'build'`. */
  readonly scripts: Scripts;
  /** What became of designers' builds. */
  readonly reloads: Reloads;
  /**
   * Looks at the plugins folders and loads what has changed there; a plugin that is named is loaded anew, changed or not.
   * Answers when that is done, save for the plugin that asks: it changes when its calls are answered.
   * @throws HostError plugin.unknown, plugin.not-loaded
   */
  reload(plugin?: string): Promise<readonly PluginInfo[]>;
  /** Stops the node as SIGTERM does: tells the sessions, saves, ends the process. Nothing waits for it. */
  stop(reason: string): void;
  /** Sets what is logged from now until the node ends, and tells how it is. Only what is given is changed. */
  logging(change?: Partial<Logging>): Logging;
}

/** What the log takes. */
export type Logging = {
  /** Least level of lines. */
  readonly level: LogLevel;
  /** Whether each call has a line, with its method and outcome and nothing of what was in it. */
  readonly calls: boolean;
};
