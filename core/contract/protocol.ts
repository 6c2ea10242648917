/**
 * The wire: what a client sends over socket.io and what it is sent. docs/protocol.md explains it with examples.
 * Browsers load this file: it imports types only.
 */
import type { Json, JsonObject, Look, Shape } from './content.ts';

/** Answer of every call, as the socket.io acknowledgement. */
export type Answer =
  | { readonly ok: true; readonly result: Json }
  | {
      readonly ok: false;
      readonly error: { readonly code: string; readonly message: string; readonly details?: Json };
    };

/** The version of this wire; a newer minor is compatible. */
export const protocolVersion = '1.1';

/**
 * A whole object on the wire (`snapshot.o`, `delta.in`). Keys that are absent have the value in brackets.
 * Integers are frame units: 1/100 m and 1/256 turn unless the snapshot's `u` says otherwise.
 */
export type WireObject = {
  /** Id, 16 hex digits. */
  readonly i: string;
  /** Slot: the small number that stands for the object in `ch` and `out` under this epoch. */
  readonly s: number;
  /** Kind. */
  readonly k: string;
  /** Name [""]. */
  readonly n?: string;
  /** Look [none]. */
  readonly l?: Look;
  /** Shape of its body in metres [none]. */
  readonly b?: Shape;
  /** Id of the holder [none]. */
  readonly h?: string;
  readonly x: number;
  readonly y: number;
  /** Angle [0]. */
  readonly a?: number;
  /** Scale [1]. */
  readonly z?: number;
  /** Speed in m/s [0]. */
  readonly v?: number;
  /** Owner [none]. */
  readonly o?: string;
  /** Words [[]]. */
  readonly w?: readonly string[];
  /** 0 when not physical [1]. */
  readonly p?: 0;
  /** Public state [{}]. */
  readonly st?: JsonObject;
};

/** Changed keys of a WireObject. `st` holds changed top-level keys; `l`, `b`, `h`, `o` are null when gone. */
export type WireFields = {
  readonly n?: string;
  readonly l?: Look | null;
  readonly b?: Shape | null;
  readonly h?: string | null;
  readonly z?: number;
  readonly v?: number;
  readonly o?: string | null;
  readonly w?: readonly string[];
  readonly p?: 0 | 1;
  readonly st?: JsonObject;
};

/** One change: slot, then how far it moved in frame units, its turn, and its changed fields. Tails may be missing. */
export type WireChange =
  | readonly [slot: number, dx: number, dy: number]
  | readonly [slot: number, dx: number, dy: number, da: number]
  | readonly [slot: number, dx: number, dy: number, da: number, fields: WireFields];

/** Entries of `ev`. */
export type WireEvent =
  /** Somebody (`p`: a player) said something within hearing; `at` is Unix seconds. */
  | {
      readonly ev: 'say';
      readonly i: string;
      readonly n: string;
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly at: number;
      readonly p?: 1;
    }
  /** For you alone. */
  | { readonly ev: 'tell'; readonly i: string; readonly n: string; readonly text: string }
  /** A choice for you; answer with `object.answer { id, question, choice }`. */
  | {
      readonly ev: 'ask';
      readonly i: string;
      readonly n: string;
      readonly question: string;
      readonly text: string;
      readonly choices: readonly string[];
    }
  /** Sound, particles: something to show at an object. */
  | { readonly ev: 'effect'; readonly i: string; readonly name: string; readonly data: Json }
  /** For everybody in the zone. */
  | { readonly ev: 'emit'; readonly name: string; readonly data: Json }
  /** The object with this slot is somewhere else at once: do not interpolate. */
  | { readonly ev: 'jump'; readonly s: number };

export type Snapshot = {
  /** Zone. */
  readonly z: string;
  /** Epoch: deltas of another epoch are ignored. */
  readonly e: number;
  readonly t: number;
  /** Id of the session's character; null for who watches without one. */
  readonly self: string | null;
  readonly o: readonly WireObject[];
  /** Public state of the zone. */
  readonly w?: JsonObject;
  /** Owner's part: by object id. */
  readonly own?: { readonly [id: string]: JsonObject };
  /** Frame units per metre and per turn. */
  readonly u: readonly [metre: number, turn: number];
  /** Ticks a second. */
  readonly r: number;
};

export type Delta = {
  readonly e: number;
  readonly t: number;
  readonly in?: readonly WireObject[];
  readonly ch?: readonly WireChange[];
  /** Moves that are not in `ch`, for clients that connected with `auth: { moves: 'packed' }`: core/sync/packed.ts. */
  readonly mv?: string;
  /** Slots that left the view or the world. */
  readonly out?: readonly number[];
  readonly ev?: readonly WireEvent[];
  readonly w?: JsonObject;
  readonly own?: { readonly [id: string]: JsonObject };
  /** Highest `seq` of this session's inputs that the tick has used. */
  readonly ack?: number;
  /** Checksum of what is in view after this delta: docs/protocol.md, core/sync/sum.ts. */
  readonly sum?: number;
};

export type ZoneMessage = {
  readonly zone: string;
  readonly state: 'entering' | 'running' | 'recovering' | 'moving' | 'closed';
  readonly code?: string;
};

export type ChatMessage = {
  readonly from: string;
  readonly text: string;
  readonly at: number;
  readonly room?: string;
  readonly whisper?: true;
  /** Of who has the privilege, to everybody. */
  readonly broadcast?: true;
  /** Of the game, to who comes in. */
  readonly greeting?: true;
};

export type Notice = { readonly code: string; readonly message: string };

/** Development only, for sessions that called `host.watch`. */
export type WatchMessage = {
  /**
   * `reload` a build is new or runs · `error` a file or handler is wrong · `refused` a verb was · `back` the build before
   * runs again · `quarantine` a build runs no more · `slow` a budget was exceeded · `worker` a worker ended ·
   * `recovered` a zone is back, after `ms` · `log` a script says.
   */
  readonly what: 'reload' | 'error' | 'refused' | 'back' | 'quarantine' | 'slow' | 'worker' | 'recovered' | 'log';
  readonly path: string;
  readonly build?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly zone?: string;
  readonly object?: string;
  readonly handler?: string;
  /** Build that was before. */
  readonly former?: string;
  readonly ms?: number;
  /** Name of the file that holds what happened, for `roost replay`. */
  readonly incident?: string;
  readonly at: number;
};

/** Server → client events by name. */
export type ServerEvents = {
  snapshot: Snapshot;
  delta: Delta;
  zone: ZoneMessage;
  chat: ChatMessage;
  notice: Notice;
  watch: WatchMessage;
  /** After connecting with a good `resume`; a snapshot follows. */
  resumed: Entered;
};

/**
 * Answer of `zone.enter`. A guest presents `resume` as `auth: { resume }` when connecting again within the grace time; with an
 * account it is null: the token of the login does it.
 */
export type Entered = {
  readonly zone: string;
  readonly character: string;
  readonly name: string;
  readonly resume: string | null;
};

/** Limits of the wire that clients should know; the server's own are settings. */
export const wireLimits = {
  messageBytes: 16_384,
  callsPerSecond: 60,
  callBurst: 120,
  callsInFlight: 32,
  /** Input messages are best sent at the tick rate; more are dropped, the newest stays. */
  inputsPerSecond: 30,
  textLength: 500,
  nameLength: [2, 16],
} as const;
