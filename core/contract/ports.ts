/**
 * Interfaces inside the node process between parts that may not import each other: `node.ts` connects them.
 */
import type { Fault, Game, Json, JsonObject, ZoneMap } from './content.ts';
import type {
  CallOutcome,
  KindCost,
  KindInfo,
  Line,
  MoveTarget,
  ObjectCost,
  ObjectId,
  PublicFrame,
  ScriptReport,
  Trace,
  ZoneId,
  ZoneStats,
} from './link.ts';
import type { Answer, Entered, WatchMessage, ZoneMessage } from './protocol.ts';
import type { Soon } from './soon.ts';

/** Undo of a subscription. */
export type Off = () => void;

/** Where a zone stands, as the gateway hears it. */
export type ZoneState = {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly state: Exclude<ZoneMessage['state'], 'entering'>;
  readonly code?: string;
};

/** A request to a zone; the promise settles after the frame of its tick was published. */
export type ZoneAsk = { readonly trace?: Trace } & (
  | { readonly type: 'join'; readonly owner: string; readonly name: string; readonly character: ObjectId | null }
  | {
      readonly type: 'call';
      readonly owner: string;
      readonly character: ObjectId;
      readonly object: ObjectId;
      readonly method: string;
      readonly params: JsonObject;
      readonly durable: boolean;
      /** With `durable`: a repeat within ten minutes gets the first answer. Scoped to the owner. */
      readonly once?: string;
    }
  | { readonly type: 'say'; readonly owner: string; readonly character: ObjectId; readonly text: string }
  | {
      readonly type: 'move';
      readonly owner: string;
      readonly character: ObjectId;
      readonly dx: number;
      readonly dy: number;
    }
  | { readonly type: 'inspect'; readonly object: ObjectId }
);

export type ZoneTell =
  | {
      readonly type: 'input';
      readonly owner: string;
      readonly character: ObjectId;
      readonly seq: number;
      readonly input: JsonObject;
    }
  | { readonly type: 'connected'; readonly owner: string; readonly character: ObjectId; readonly connected: boolean }
  | { readonly type: 'leave'; readonly owner: string; readonly character: ObjectId };

/** The answer of a zone with the tick it happened in. */
export type ZoneAnswer = { readonly tick: number; readonly outcome: CallOutcome };

export type ZoneInfo = {
  readonly zone: ZoneId;
  readonly game: string;
  readonly epoch: number;
  readonly state: ZoneState['state'] | 'starting' | 'asleep';
  readonly kinds: ReadonlyMap<string, KindInfo>;
};

/** Character moved by a script from one zone to another; the gateway follows with the session. */
export type Moved = {
  readonly owner: string;
  readonly character: ObjectId;
  readonly from: ZoneId;
  readonly to: ZoneId;
};

/** Who, or what, wants into a zone. A spectator comes without a character, a thing without a player. */
export type Comer = {
  readonly as: 'player' | 'spectator' | 'thing';
  /** Who is logged in. */
  readonly account: Account | null;
  /** Who plays: `guest:…` or `character:…`; null for a thing. */
  readonly player: string | null;
  /** The zone it is in. */
  readonly from: ZoneId | null;
};

/** Whose the zones are that accounts, or matches, have their own of. Implemented by the method `zone.admit`. */
export interface Houses {
  /**
   * The owner's part of the zone's id. A comer who names no owner means its own.
   * @param visit  `place` is `game/zone`, `account` an account's id, `player` who plays.
   * @throws HostError zone.forbidden, also for an owner that there is not; zone.too-many
   */
  admit(visit: {
    readonly place: string;
    readonly owner: string | null;
    readonly account: string | null;
    readonly player: string | null;
    readonly as: Comer['as'];
  }): Promise<string>;
}

/** A zone that was added while the node runs. */
export type Registration = {
  /** Name of the zone of the same game whose map, scripts and limits it has. */
  readonly like: string;
  /** Players at a time, where it is not as there. */
  readonly capacity: number | null;
};

/** Zones as the gateway and plugins use them. Implemented by core/node/zones.ts. */
export interface Zones {
  /**
   * The zone that a comer gets into who names one: with its own name where everybody has one, an instance with room.
   * @param full  Zones that turned out to be full.
   * @throws HostError zone.malformed, zone.unknown, zone.dev-only, zone.forbidden, zone.full, zone.too-many
   */
  admit(zone: ZoneId, comer: Comer, full?: ReadonlySet<ZoneId>): Promise<ZoneId>;
  /** Adds a zone to a game, or changes one that was added. What a game declares itself goes first. @throws HostError zone.malformed */
  register(zone: ZoneId, registration: Registration): void;
  /** Takes one back that was added, and closes it. What stands in it stays on disk. */
  unregister(zone: ZoneId): Promise<void>;
  /**
   * Closes a zone that nobody is in and removes all that stood in it, for good; characters of accounts that were left there wait
   * outside. Harmless when nothing is kept of it. @throws HostError zone.malformed, zone.unknown, zone.dev-only, zone.in-use, store.*
   */
  discard(zone: ZoneId): Promise<void>;
  /** Starts or wakes the zone when needed. @throws HostError zone.malformed, zone.unknown, zone.timeout, zone.failed, zone.dev-only */
  open(zone: ZoneId): Promise<ZoneInfo>;
  find(zone: ZoneId): ZoneInfo | undefined;
  list(): readonly ZoneInfo[];
  /** @throws HostError zone.unavailable, zone.interrupted, store.failed, call.timeout */
  ask(zone: ZoneId, ask: ZoneAsk): Promise<ZoneAnswer>;
  /** Dropped when the zone does not run. */
  tell(zone: ZoneId, tell: ZoneTell): void;
  /** Where the kept character of an owner is; undefined when it has none yet. @throws HostError store.* */
  locate(owner: string): Promise<Whereabouts | undefined>;
  /** Takes a kept character out of its zone, with all that it holds; on disk when it resolves. @throws HostError zone.*, store.* */
  putAway(zone: ZoneId, character: ObjectId): Promise<void>;
  /** Brings a character that is away into a zone, where it was or at the spawn point. @throws HostError zone.*, store.* */
  bringBack(owner: string, from: Whereabouts, zone: ZoneId): Promise<void>;
  /** What everybody may know of an object and what it holds, as committed; undefined when there is none. @throws HostError store.* */
  look(object: ObjectId): Promise<JsonObject | undefined>;
  /** Removes a character that is away, for good, with all that it holds. False when it is not away. @throws HostError store.* */
  erase(object: ObjectId): Promise<boolean>;
  /** How many sessions look at the zone: it sleeps after 30 s of none. */
  audience(zone: ZoneId, sessions: number): void;
  onFrame(listener: (frame: PublicFrame) => void): Off;
  onState(listener: (state: ZoneState) => void): Off;
  /** Before a move (`moving`) and after its commit, when the target has it. */
  onMoving(listener: (owner: string, from: ZoneId) => void): Off;
  onMoved(listener: (moved: Moved) => void): Off;
  /** Lines said in a zone, newest last. */
  lines(zone: ZoneId, since: number, limit: number): Promise<readonly Line[]>;
  stats(): Promise<readonly ZoneStats[]>;
  /** Undefined when the zone is not loaded or does not have it. */
  examine(zone: ZoneId, object: ObjectId): Examined | undefined;
  game(name: string): Game | undefined;
  games(): readonly Game[];
  map(zone: ZoneId): ZoneMap | undefined;
}

/** What the gateway keeps of a zone, for checks and `since` queries. Implemented by core/gateway/fanout.ts. */
export interface Views {
  /** Whether the session sees the object (never hidden ones save its own character). */
  sees(session: string, object: ObjectId): boolean;
  object(zone: ZoneId, object: ObjectId): JsonObject | undefined;
  /** Objects in the session's view changed at or after `since` (Unix seconds), newest first. */
  objects(session: string, since?: number): readonly Json[];
  /** Sends a snapshot to the session; at most one in two seconds, later ones are put off. */
  snapshot(session: string): void;
}

/** Database access for plugins. */
export type Row = Record<string, string | number | null>;
export interface Db {
  /** A query on the reader. */
  read(sql: string, values?: readonly (string | number | null)[]): Promise<readonly Row[]>;
  /** Runs on the one writer: all or nothing. @throws HostError store.busy after 5 s */
  transaction<T>(
    work: (trx: {
      run(sql: string, values?: readonly (string | number | null)[]): Promise<readonly Row[]>;
    }) => Promise<T>,
  ): Promise<T>;
}

/**
 * Who a guest was in an earlier life of the node: the same owner again, so that a durable call marked `once` is not applied
 * a second time. Implemented by core/store/guests.ts.
 */
export interface Guests {
  /** Remembers the hash of the newest resume token of an owner. @throws HostError store.* */
  keep(owner: string, tokenHash: string): Promise<void>;
  /** The owner who holds the token; it counts once. @throws HostError store.* */
  take(tokenHash: string): Promise<string | undefined>;
  /** Removes those who were given their last token before that time (Unix seconds). */
  forget(before: number): Promise<void>;
}

/** Where development messages go: log, `host.watch` sessions. */
export interface Reports {
  script(report: ScriptReport): void;
  fault(fault: Fault, what: string): void;
  /** Anything else worth a line on the watching page. */
  watch(message: WatchMessage): void;
  onWatch(listener: (message: WatchMessage) => void): Off;
}

/** Where a script stands: `back` the build before runs, `quarantined` and `held` say why the newest does not. */
export type ScriptState = 'running' | 'probation' | 'back' | 'quarantined' | 'held';

/** A file that may be edited from a page. */
export type ScriptInfo = {
  /** Inside its root: `scripts/chicken.ts`. */
  readonly path: string;
  /** Kind, or the zone's name; of a helper its path below the scripts, without `.ts`. */
  readonly name: string;
  readonly role: 'object' | 'zone' | 'helper';
  /** Null: for every game. */
  readonly game: string | null;
  /** Of what was compiled last; null for helpers. */
  readonly build: string | null;
  readonly state: ScriptState;
};

/** A script's text; `hash` is SHA-256 of the file as it is now, hexadecimal. */
export type ScriptText = { readonly path: string; readonly text: string; readonly hash: string };

export type SwapOutcome = 'running' | 'passed' | 'back' | 'refused' | 'quarantined' | 'held' | 'lifted' | 'replaced';

/** One build of a designer's file in the place of another, and what became of it. */
export type Swap = {
  readonly id: number;
  /** Unix seconds, like every `at` here. */
  readonly at: number;
  readonly path: string;
  readonly build: string;
  readonly former: string | null;
  /** Who saved it; `file` when it was not done through Roost, `roost` when nobody did. */
  readonly by: string;
  /** The zone where it was decided, or the game; empty when none was. */
  readonly place: string;
  readonly outcome: SwapOutcome;
  /** In words; line, object and handler when they are known. */
  readonly why: string | null;
  readonly line: number | null;
  readonly object: ObjectId | null;
  readonly handler: string | null;
  /** When it was decided. */
  readonly settledAt: number | null;
};

/** A build that runs no more in a zone, or in none (`*`). */
export type Quarantined = {
  readonly zone: ZoneId | '*';
  readonly path: string;
  readonly build: string;
  /** Kind, or the zone's name. */
  readonly script: string;
  readonly object: ObjectId | null;
  /** Empty when nobody knows which. */
  readonly handler: string;
  /** In words. */
  readonly reason: string;
  /** Where it went wrong; line 0 when nobody knows. */
  readonly file: string;
  readonly line: number;
  readonly at: number;
};

/** A file whose new builds are given to no zone until a person lifts it. */
export type Held = { readonly path: string; readonly why: string; readonly at: number };

/** What became of designers' builds. Implemented by core/node/reloads.ts. */
export interface Reloads {
  /** Swaps, the newest first. */
  list(limit: number, path?: string): Promise<readonly Swap[]>;
  standing(): { readonly quarantined: readonly Quarantined[]; readonly held: readonly Held[] };
  /**
   * Takes back all that stands against a file, or lets the kind of a missing one go. False when there was nothing.
   * @throws HostError store.*
   */
  lift(path: string): Promise<boolean>;
}

/** What the node knows of an object beside its state. */
export interface Examined {
  /** Of its kind's script; null when it has none. */
  readonly build: string | null;
  /** Why none of its handlers runs. */
  readonly resting: string | null;
  /** Throws and stops since the zone was loaded. */
  readonly faults: number;
  /** Of the last five seconds; null when it is not among the dearest, or nothing was measured. */
  readonly cost: ObjectCost | null;
  readonly kindCost: KindCost | null;
}

/** Designers' files for whoever may edit them. Implemented by core/node/scripts.ts. */
export interface Scripts {
  list(): readonly ScriptInfo[];
  /** @throws HostError script.unknown */
  open(path: string): ScriptText;
  /** The text when it was first opened since the start. @throws HostError script.unknown */
  original(path: string): ScriptText;
  /**
   * Writes the file, if it still is what `hash` says. What comes of it is told by `watch` messages.
   * @throws HostError script.unknown, script.changed, script.too-long, script.not-written
   */
  save(change: ScriptChange): { readonly path: string; readonly hash: string };
}

export type ScriptChange = {
  readonly path: string;
  readonly hash: string;
  readonly text: string;
  /** Characters of the former text, from and up to, that `text` takes the place of; all of it by default. */
  readonly range?: readonly [from: number, to: number] | undefined;
  /** Who saves it, for the record of swaps. */
  readonly by: string;
};

export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Least level of lines that a log takes. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What a node asks of the process that it runs in. Implemented by core/main.ts. */
export interface Process {
  /** Stops the node and ends the process, as SIGTERM does. */
  stop(reason: string): void;
  /** Sets the level of the log, when one is given. @returns what it is */
  logLevel(level?: LogLevel): LogLevel;
}

/** Wall clock in Unix seconds and a monotonic one in milliseconds; handed in so that tests can hold them. */
export interface Clock {
  now(): number;
  monotonicMs(): number;
}

export type { MoveTarget };

/** Who is logged in on a session, as the plugin that authenticates says. Plain data. */
export type Account = {
  /** Names it for ever: 16 hex digits. */
  readonly id: string;
  /** As its owner writes it; of a bot the bot's. */
  readonly name: string;
  /** What it may do: `build`, `moderate`, …; `admin` counts as every one of these. A bot has `bot` alone. */
  readonly privileges: readonly string[];
  /** Id of the credential it came with; not a secret. */
  readonly credential: string;
  /**
   * Whether its privileges let it call privileged methods here. Those of a cookie, or of a login that a page made, do not:
   * a game's page is a designer's code. They still count where somebody is let in (`vip`, `priority`).
   */
  readonly trusted: boolean;
  /** Unix seconds when the credential ends; null when it does not. */
  readonly until: number | null;
};

/** Whom a session plays when it is not a guest: kept over sessions and lives of the node. */
export type Persona = {
  /** `character:<16 hex>`: owns the character's object, and tells nobody whose it is. */
  readonly owner: string;
  readonly name: string;
};

/** A character that is in a zone. */
export type Who = {
  readonly id: ObjectId;
  readonly name: string;
  /** False while its connection is lost. */
  readonly connected: boolean;
  /** Nobody's account: it is gone when it leaves. */
  readonly guest: boolean;
};

/** What a client presented at a door. */
export type Presented = {
  readonly token: string;
  readonly via: 'socket' | 'text' | 'http';
  readonly address: string;
  /** A page in a browser, and no program. */
  readonly page: boolean;
  /** The browser sent it by itself. */
  readonly cookie: boolean;
};

/** Where a kept character is. */
export type Whereabouts = {
  readonly object: ObjectId;
  /** The zone it is in, or was in last. */
  readonly zone: ZoneId;
  /** Nobody plays it: it waits outside of every zone. */
  readonly away: boolean;
};

/** One connection as methods see it. Implemented by core/gateway/session.ts. */
export interface Session {
  /** Random, for logs and messages; not a secret. */
  readonly id: string;
  readonly via: 'socket' | 'text' | 'http' | 'server';
  /** Address of the peer; limits and faults are counted by it. */
  readonly address: string;
  readonly loopback: boolean;
  /** A page in a browser, and no program. */
  readonly page: boolean;
  /** Who is logged in. */
  readonly account: Account | null;
  /** Who plays: `guest:<16 hex>`, or `character:<16 hex>` of an account. */
  readonly owner: string;
  /** Name of the character, null before one was made. */
  readonly name: string | null;
  readonly zone: ZoneId | null;
  readonly character: ObjectId | null;
  /** The zone that it looks at without a character. */
  readonly watching: ZoneId | null;
  has(privilege: string): boolean;
  send(event: string, data: Json): void;
  /** Runs after the answer of the call in hand was sent (a snapshot follows the answer of `zone.enter`). */
  afterAnswer(work: () => void): void;
  /** Has the browser keep a token, or forget it with null; only what calls over HTTP can. False where that is not so. */
  keep(token: string | null, maxAgeS: number): boolean;
}

/** Sessions, rooms, who is where. Implemented by core/gateway/gateway.ts. */
export interface Gateway {
  sessions(): Iterable<Session>;
  find(id: string): Session | undefined;
  /** Makes or takes back the session's character and puts the session into the zone. @throws HostError zone.*, name.* */
  enter(session: Session, zone: ZoneId, name?: string): Promise<Entered>;
  /** Takes the character out of the game: a guest's is destroyed, a kept one is put away. Harmless when in no zone. */
  leave(session: Session): Promise<void>;
  /**
   * Shows a zone to a session without a character, from a spot (metres) and so far; again for another spot or zone.
   * @throws HostError session.playing, zone.*
   */
  watch(
    session: Session,
    zone: ZoneId,
    spot: { readonly x: number; readonly y: number; readonly distance: number },
  ): Promise<ZoneId>;
  /** Harmless when it watches nothing. */
  unwatch(session: Session): void;
  /**
   * From now on the session is that account's, or nobody's with null: then its character leaves the game first. Takes back the
   * character that the account left behind with a lost connection.
   * @throws HostError session.elsewhere when the account is here already and the node refuses a second session of one
   */
  identify(session: Session, account: Account | null): Promise<void>;
  /** Whom it plays when it enters a zone. @throws HostError session.playing in a zone, session.elsewhere when it is played */
  play(session: Session, persona: Persona): Promise<void>;
  /** What is known of an account is different: its live sessions go by that at once. Its credentials keep their `trusted`. */
  changeAccount(id: string, change: { readonly name?: string; readonly privileges?: readonly string[] }): void;
  /** Tells the client why (`notice`), and ends the connection. Its character goes at once where `leave` is set. False when there is none. */
  end(session: string, reason: { readonly code: string; readonly message?: string; readonly leave?: boolean }): boolean;
  /** To every live session that fits; who just lost his connection gets it when he comes back. True when somebody got it. */
  deliver(to: { readonly account: string } | { readonly owner: string }, event: string, data: Json): boolean;
  /** Whether somebody present has the name, or one that looks the same. */
  isNamed(name: string): boolean;
  /** Owner of who is present under exactly this name, its connection lost or not. */
  ownerOf(name: string): string | null;
  /** Whether somebody plays the character of this owner, or waits to have it back. */
  plays(owner: string): boolean;
  /** Addresses that get no connection and no answer until then (Unix seconds; null: for good); these and no others. */
  bar(addresses: ReadonlyMap<string, number | null>): void;
  /** Characters present in a zone, by name. */
  who(zone: ZoneId): readonly Who[];
  /** Lines that the session's character has heard since it entered, oldest first. */
  heard(session: Session, since?: number): readonly Line[];
  readonly rooms: Rooms;
  onOpened(listener: (session: Session) => void): Off;
  onClosed(listener: (session: Session, reason: string) => void): Off;
  /** A connection has become an account's. */
  onLoggedIn(listener: (session: Session) => void): Off;
  onEntered(listener: (session: Session, zone: ZoneId) => void): Off;
  onLeft(listener: (session: Session, zone: ZoneId) => void): Off;
  stats(): {
    readonly sessions: number;
    readonly bytesOut: number;
    readonly resyncs: number;
    /** Events left out of deltas: more happened round a view than it is told of in one tick. */
    readonly eventsDropped: number;
    readonly disconnects: Readonly<Record<string, number>>;
  };
}

/** Who hears whom beyond zones. */
export interface Rooms {
  create(name: string): void;
  find(name: string): boolean;
  remove(name: string): void;
  join(name: string, session: string): void;
  leave(name: string, session: string): void;
  members(name: string): readonly string[];
  /** True when there was somebody to get it. */
  send(name: string, event: string, data: Json, except?: string): boolean;
}

/** Calls methods. Implemented by core/methods/dispatch.ts. */
export interface Dispatch {
  /** Never throws or rejects: every outcome is an answer, at once when the method gives it at once. `params` is whatever came in. */
  call(session: Session, method: string, params: unknown): Soon<Answer>;
}

/**
 * Tells an operator's tracing what becomes of calls. Implemented by core/report/tracing.ts; where nobody wants it there is
 * none, and nothing is made for it.
 */
export interface Tracing {
  /** Carries out a call as a span; calls that it makes are its children. */
  call(call: TracedCall, work: () => Promise<Answer>): Promise<Answer>;
  /** The call that runs now, if it is followed. */
  current(): Trace | undefined;
  /** A part of a call has ended. */
  part(of: Trace, part: TracedPart): void;
}

export type TracedCall = {
  /** A method that there is, or `unknown`. */
  readonly method: string;
  readonly session: Pick<Session, 'via' | 'zone'>;
  /** Another call makes it. */
  readonly inner: boolean;
};

export type TracedPart = {
  readonly name: 'zone.tick' | 'store.commit';
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
  readonly facts: Readonly<Record<string, string | number>>;
  /** Code of what went wrong. */
  readonly code?: string;
};

/** One node, made by `createNode(config, log, process)` of core/node/node.ts and run by core/main.ts. */
export interface HostNode {
  /** Serves when it resolves. core/main.ts holds the log back until then. @throws HostError data.in-use, or what `listen` of the system says */
  start(): Promise<{
    readonly url: string;
    /** In development on loopback: the page with a token that lets a browser on this machine edit scripts. */
    readonly link?: string;
    /** Where its other ports are: a line for people each. */
    readonly doors: readonly string[];
  }>;
  /** Drains: tells the sessions, flushes, closes. Twice is harmless. */
  stop(): Promise<void>;
  /** An error that nobody caught: counted against the plugin it came from, else logged. Never ends the process. */
  stray(error: unknown): void;
}
