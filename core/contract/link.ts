/**
 * Messages between the node process and a worker. Both sides are told apart by `type`.
 * They travel as length-prefixed JSON frames over pipes of our own (core/link/pipe.ts). What a worker sends is a
 * claim: the node checks it against what it gave that worker, and ends the worker on a false one.
 */

import type { Spread } from './buckets.ts';
import type { Area, BodySpec, Json, JsonObject, Look, MapObject, Program, Shape, Solid, ZoneSpec } from './content.ts';
import type { Throttle } from './driver.ts';

/** 16 hex digits: partition (4) and counter (12). */
export type ObjectId = string;
/** `game/zone`; with a `~dimension`, and with `#n` or `@owner`, where there is more than one of it. */
export type ZoneId = string;

/** An object with everything that outlives a tick: one row of the database. */
export type ObjectRow = {
  readonly id: ObjectId;
  readonly kind: string;
  readonly name: string;
  readonly look: Look | null;
  readonly holder: ObjectId | null;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly vx: number;
  readonly vy: number;
  readonly scale: number;
  readonly speed: number;
  /** `guest:<16 hex>` or an account; null for things of the world. Only the node gives owners. */
  readonly owner: string | null;
  readonly words: readonly string[];
  readonly physical: boolean;
  /** Body of a kind without a script, from the map; null when the kind's script has one. */
  readonly shape: Shape | null;
  /** Scripts beside the kind's own. */
  readonly scripts: readonly string[];
  readonly state: JsonObject;
  readonly own: JsonObject;
  /** What only the runtime reads: secrets by script, memories, once marks, cooldowns, versions, solidity. */
  readonly keep: JsonObject;
  /** Unix seconds of the last change. */
  readonly changed: number;
  readonly changedTick: number;
  readonly tiledId: number | null;
};

export type TimerRow = {
  readonly object: ObjectId;
  readonly script: string;
  readonly name: string;
  /** Unix seconds. */
  readonly due: number;
  /** Seconds between firings of a repeating timer, else null. */
  readonly every: number | null;
  readonly data: Json;
};

/** A message of one object to another, delivered in the next tick; saved with the tick that sent it. */
export type Pending = {
  readonly to: ObjectId;
  readonly from: ObjectId;
  readonly name: string;
  readonly data: Json;
};

/** What a zone is loaded from. */
export type ZoneContent = {
  readonly spec: ZoneSpec;
  readonly character: string;
  readonly settings: JsonObject;
  readonly units: { readonly metre: number; readonly turn: number };
  readonly solids: readonly Solid[];
  readonly areas: readonly Area[];
  /** All object layers; inserted when `populated` is false, compared by Tiled id on a map reload. */
  readonly mapObjects: readonly MapObject[];
};

export type ZoneSaved = {
  readonly populated: boolean;
  readonly tick: number;
  /** State of the zone's own script (`world.state`), and what its runtime keeps. */
  readonly state: JsonObject;
  readonly keep: JsonObject;
  readonly pending: readonly Pending[];
  readonly objects: readonly ObjectRow[];
  readonly timers: readonly TimerRow[];
};

/** Why objects enter an isolate. */
export type LoadReason = 'start' | 'reload' | 'recover' | 'arrive';

/** A call that somebody follows, as W3C writes it (`traceparent`): all that a part elsewhere needs to know of it. */
export type Trace = string;

/**
 * Times of a call that is followed: when the worker got it (Unix seconds), how long it waited for its tick, and how long that
 * took until its outcome was known.
 */
export type CallTiming = { readonly at: number; readonly waitMs: number; readonly tickMs: number };

/** Things that happen to a zone from outside, in arrival order; recorded, they replay to the same world. */
export type InboxItem =
  | {
      /** A session's character comes in: made when `character` is null. Answered with `JoinResult`. */
      readonly type: 'join';
      readonly call: number;
      readonly owner: string;
      readonly name: string;
      readonly character: ObjectId | null;
      readonly trace?: Trace;
    }
  /** The connection of an owner came or went (the character stays during grace). */
  | { readonly type: 'connected'; readonly owner: string; readonly character: ObjectId; readonly connected: boolean }
  /** The character leaves the game: `leave` event, then it is destroyed. */
  | { readonly type: 'leave'; readonly owner: string; readonly character: ObjectId }
  | {
      readonly type: 'call';
      readonly call: number;
      readonly owner: string;
      readonly character: ObjectId;
      readonly object: ObjectId;
      /** `@activate` for activation, `@answer` for the answer to `ask` (params `{ name, choice }`). */
      readonly method: string;
      readonly params: JsonObject;
      readonly durable: boolean;
      readonly trace?: Trace;
    }
  | {
      readonly type: 'input';
      readonly owner: string;
      readonly character: ObjectId;
      readonly seq: number;
      readonly input: JsonObject;
    }
  /** A player's own line, said where the character stands. */
  | {
      readonly type: 'say';
      readonly call: number;
      readonly owner: string;
      readonly character: ObjectId;
      readonly text: string;
      readonly trace?: Trace;
    }
  /** So many seconds of walking to the right and down, at once. Answered with `{ x, y, speed }`. */
  | {
      readonly type: 'move';
      readonly call: number;
      readonly owner: string;
      readonly character: ObjectId;
      readonly dx: number;
      readonly dy: number;
      readonly trace?: Trace;
    }
  /** Everything about one object, for development. Answered with `{ row, timers, kind }`. */
  | { readonly type: 'inspect'; readonly call: number; readonly object: ObjectId; readonly trace?: Trace }
  /** Take an object and what it holds out of the zone, for a move that the node has prepared. */
  | { readonly type: 'take'; readonly move: number; readonly object: ObjectId }
  /** The move was refused: `refused` event on the object. */
  | { readonly type: 'refused'; readonly object: ObjectId; readonly zone: ZoneId; readonly code: string }
  /** After the commit of a move. Ids already here are left alone. `at` is an area's name, a point or null (spawn). */
  | {
      readonly type: 'arrive';
      readonly objects: readonly ObjectRow[];
      readonly timers: readonly TimerRow[];
      readonly at: MoveTarget;
      readonly owner: string | null;
    }
  /** Filled in by the zone itself: messages of the tick before. */
  | { readonly type: 'message'; readonly message: Pending };

export type MoveTarget = string | { readonly x: number; readonly y: number } | null;

export type JoinResult = { readonly character: ObjectId; readonly made: boolean };

/** Node → worker. */
export type ToWorker =
  | {
      readonly type: 'load';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly reason: 'start' | 'recover';
      readonly seed: number;
      readonly content: ZoneContent;
      readonly programs: readonly Program[];
      readonly saved: ZoneSaved;
      /** Ids this zone may give: from (inclusive) to (exclusive), counters of one block. */
      readonly ids: readonly IdBlock[];
      /**
       * Proven builds of those programs that are not proven yet: what a failed probation goes back to. In a trial all
       * that runs without those on trial.
       */
      readonly former: readonly Program[];
      readonly caution: Caution;
    }
  | { readonly type: 'items'; readonly zone: ZoneId; readonly epoch: number; readonly items: readonly InboxItem[] }
  | { readonly type: 'ids'; readonly zone: ZoneId; readonly epoch: number; readonly block: IdBlock }
  /** A new set of programs: a new isolate is built beside the old and takes over with the state moved. */
  | {
      readonly type: 'programs';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly programs: readonly Program[];
      /** `new`: on probation against those before. `back`: proven ones, nothing to be proved. */
      readonly way: 'new' | 'back';
    }
  /** Map or settings changed: solids and areas are replaced, objects merged by Tiled id. */
  | { readonly type: 'content'; readonly zone: ZoneId; readonly epoch: number; readonly content: ZoneContent }
  /** Ask for a frame with everything unsaved now: a durable answer, a move or a shutdown waits for it. */
  | { readonly type: 'save'; readonly zone: ZoneId; readonly epoch: number }
  /** No more ticks until `wake`; answered by a frame with `keep` and `asleep: true`. */
  | { readonly type: 'sleep'; readonly zone: ZoneId; readonly epoch: number }
  | { readonly type: 'wake'; readonly zone: ZoneId; readonly epoch: number }
  /** Ends the zone after a last frame with `keep` and `closed: true`. */
  | { readonly type: 'close'; readonly zone: ZoneId; readonly epoch: number }
  /** So many isolates are going to be wanted within seconds: they may be booted ahead, between ticks. */
  | { readonly type: 'ahead'; readonly isolates: number }
  | { readonly type: 'stats' };

/**
 * How much a zone is trusted. `careful`: a line before every handler and physics step, for its first 100 ticks.
 * `safe`: without scripts and physics. `trial`: a copy; after 20 ticks in a row, or what ends them, it answers `tried`.
 */
export type Caution = 'none' | 'careful' | 'safe' | 'trial';

/** What scripts of a zone may use, and the times in which they are judged. Percent of one core. */
export type ScriptLimits = {
  readonly objectPercent: number;
  readonly kindPercent: number;
  readonly zonePercent: number;
  /** Milliseconds that new builds are on probation. */
  readonly probationMs: number;
  /** Milliseconds after which an isolate is made anew. */
  readonly recycleMs: number;
};

/** First id (inclusive) and count. */
export type IdBlock = { readonly first: ObjectId; readonly count: number };

/** What is public about an object, in framed integers. */
export type PublicObject = {
  readonly id: ObjectId;
  /** Small number that stands for the object in deltas, never reused under one epoch. */
  readonly slot: number;
  readonly kind: string;
  readonly name: string;
  readonly look: Look | null;
  /** Shape of its body (drawn when there is no look), null when it has none. */
  readonly body: Shape | null;
  readonly holder: ObjectId | null;
  /** 1/metre and 1/turn units. */
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly vx: number;
  readonly vy: number;
  readonly scale: number;
  readonly speed: number;
  readonly owner: string | null;
  readonly words: readonly string[];
  readonly physical: boolean;
  readonly state: JsonObject;
  readonly changed: number;
  readonly changedTick: number;
};

/** Fields of a PublicObject that changed, save the numbers that are in `moves`. `state` holds changed top-level keys only. */
export type PublicChange = { readonly slot: number } & Partial<Omit<PublicObject, 'id' | 'slot' | 'kind'>>;

export type ZoneEvent =
  /** Heard within `hearing` metres of (x, y), framed units. */
  | {
      readonly type: 'say';
      readonly id: ObjectId;
      readonly name: string;
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly player: boolean;
      /** Unix seconds. */
      readonly at: number;
    }
  /** To one owner's session. */
  | { readonly type: 'tell'; readonly to: string; readonly id: ObjectId; readonly name: string; readonly text: string }
  | {
      readonly type: 'ask';
      readonly to: string;
      readonly id: ObjectId;
      readonly name: string;
      readonly question: string;
      readonly text: string;
      readonly choices: readonly string[];
    }
  /** For those who see the object. */
  | { readonly type: 'effect'; readonly id: ObjectId; readonly name: string; readonly data: Json }
  /** For everybody in the zone. */
  | { readonly type: 'emit'; readonly name: string; readonly data: Json };

/** The part of a frame that any gateway may have. */
export type PublicFrame = {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly tick: number;
  /** Unix seconds of the tick. */
  readonly time: number;
  readonly in: readonly PublicObject[];
  /** Flat, six numbers each: slot, x, y, angle, vx, vy in framed integers (vx, vy per second). */
  readonly moves: readonly number[];
  readonly changes: readonly PublicChange[];
  /** Slots that are gone. */
  readonly out: readonly number[];
  /** Slots whose new place is a jump: nobody interpolates over it. */
  readonly jumps: readonly number[];
  readonly events: readonly ZoneEvent[];
  /** Changed keys of the zone's public state. */
  readonly world: JsonObject | null;
  /** Owner's part by owner: changed keys of `own` by object. Not published to others. */
  readonly own: readonly { readonly owner: string; readonly id: ObjectId; readonly own: JsonObject }[];
  /** Highest input seq used, by owner. */
  readonly acks: readonly { readonly owner: string; readonly seq: number }[];
};

/** The part of a frame that only the keeper of the zone gets: everything changed since the last one, as of `tick`. */
export type KeepFrame = {
  readonly populated: boolean;
  readonly state: JsonObject;
  readonly keep: JsonObject;
  readonly pending: readonly Pending[];
  readonly objects: readonly ObjectRow[];
  readonly removed: readonly ObjectId[];
  /** `due: null` says that the timer is gone. */
  readonly timers: readonly (Omit<TimerRow, 'due'> & { readonly due: number | null })[];
  readonly lines: readonly Line[];
  /** Earliest due timer, or null. */
  readonly nextDue: number | null;
};

/** A line said at a place. */
export type Line = {
  readonly from: ObjectId;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly at: number;
  readonly player: boolean;
};

export type CallOutcome =
  | {
      readonly call: number;
      readonly ok: true;
      readonly result: Json;
      readonly durable: boolean;
      /** Of an item with a `trace`. */
      readonly timing?: CallTiming;
    }
  | {
      readonly call: number;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly details?: Json;
      readonly timing?: CallTiming;
    };

/** Something that objects asked the node for, in the frame of the tick that asked. */
export type Request =
  | { readonly type: 'goto'; readonly object: ObjectId; readonly zone: ZoneId; readonly at: MoveTarget }
  | { readonly type: 'ids' };

export type Frame = {
  readonly type: 'frame';
  readonly pub: PublicFrame;
  readonly keep: KeepFrame | null;
  readonly outcomes: readonly CallOutcome[];
  readonly requests: readonly Request[];
  /** Objects taken out for a move, whole, with what they hold. They are in nobody's `removed`. */
  readonly taken: readonly {
    readonly move: number;
    readonly objects: readonly ObjectRow[];
    readonly timers: readonly TimerRow[];
  }[];
  readonly asleep: boolean;
  readonly closed: boolean;
};

/** What a script declares, as the runtime found it when it ran the file. */
export type KindInfo = {
  readonly kind: string;
  readonly build: string;
  readonly version: number;
  readonly body: BodySpec | null;
  readonly look: Look | null;
  /** Whether it has a handler `activate`: a player can use it. */
  readonly activates: boolean;
  readonly methods: readonly MethodInfo[];
};

export type MethodInfo = {
  readonly name: string;
  readonly label: string;
  readonly allow: 'owner' | 'reach' | 'view';
  readonly reach: number;
  readonly durable: boolean;
  /** `number`, `integer`, `string`, `boolean`, `id`, each with `?` when optional. */
  readonly params: Readonly<Record<string, string>>;
};

/** A script error or stop, with everything needed to find it. */
export type ScriptReport = {
  readonly zone: ZoneId;
  readonly tick: number;
  readonly object: ObjectId | null;
  readonly kind: string | null;
  readonly script: string;
  readonly build: string;
  readonly handler: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly what: 'throw' | 'refused' | 'suspended' | 'stopped' | 'load' | 'log' | 'slow';
  /** How often since the last report of the same. */
  readonly count: number;
  /**
   * Owners whose calls or inputs caused it, so far and at most three; absent when it came by itself. The same with and without
   * callers are reports of their own, and another owner is told at once.
   */
  readonly callers?: readonly string[];
};

/** What the handler numbers of blame lines stand for in the isolate that runs now: `LoadOut.handlers`. */
export type HandlerNames = readonly { readonly script: string; readonly build: string; readonly handler: string }[];

/** Worker → node. */
export type ToNode =
  | { readonly type: 'ready'; readonly pid: number }
  /** `took` seconds. The first frame after it has every object in `in`. */
  | {
      readonly type: 'loaded';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly tick: number;
      readonly kinds: readonly KindInfo[];
      readonly handlers?: HandlerNames;
      readonly objects: number;
    }
  | {
      readonly type: 'load-failed';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly reports: readonly ScriptReport[];
      readonly message: string;
    }
  | Frame
  /** The programs were taken over (`ok`), or the old ones go on. */
  | {
      readonly type: 'swapped';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly ok: boolean;
      readonly tick: number;
      readonly kinds: readonly KindInfo[];
      readonly handlers?: HandlerNames;
      readonly reports: readonly ScriptReport[];
    }
  | {
      readonly type: 'reports';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly reports: readonly ScriptReport[];
    }
  /** The probation of the last programs is over. When `back` says why, the former ones run again already. */
  | {
      readonly type: 'judged';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly tick: number;
      /** Scripts that were on probation. */
      readonly builds: readonly { readonly path: string; readonly build: string }[];
      readonly back: ScriptReport | null;
      readonly kinds: readonly KindInfo[];
      readonly handlers?: HandlerNames;
    }
  /**
   * A tick was stopped and its script convicted: it rests in this zone until other programs come. `report` names
   * object, script, build and handler.
   */
  | { readonly type: 'convicted'; readonly zone: ZoneId; readonly epoch: number; readonly report: ScriptReport }
  /** A trial is over: with what went wrong, or null. The copy is closed. */
  | {
      readonly type: 'tried';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly fault: ScriptReport | null;
      readonly reports: readonly ScriptReport[];
    }
  /**
   * A zone as a replay can begin with it. `number` is that of its line in the recording; `data` is the gzipped JSON, in
   * base64, of what of all that the node has sent is in it (`taken`) and of the zone (`checkpoint`).
   */
  | {
      readonly type: 'checkpoint';
      readonly zone: ZoneId;
      readonly epoch: number;
      readonly number: number;
      readonly data: string;
    }
  /** `tallies` are of zones that did something since the last of these. */
  | {
      readonly type: 'stats';
      readonly zones: readonly ZoneStats[];
      readonly tallies: readonly ZoneTally[];
      readonly rss: number;
      readonly cpu: number;
    };

/**
 * One operation on a zone, in a line of the blame pipe before it happens. It says how much the zone had taken of what
 * the node has sent it, since its load: items, blocks of ids, contents. Programs are named by their builds, those that
 * rest with why.
 */
export type Recorded = {
  readonly op: 'begin' | 'step' | 'swap' | 'rebuild' | 'content' | 'unblamed' | 'recycle' | 'checkpoint';
  /** Of a step. */
  readonly at?: readonly [tick: number, time: number, items: number, ids: number];
  /** A sum over the world before it (core/zone/recording.ts). */
  readonly sum?: number;
  readonly throttles?: readonly Throttle[];
  readonly settled?: boolean;
  readonly programs?: readonly (string | readonly [build: string, why: string])[];
  readonly proving?: boolean;
  /** Whose calls of which scripts are left out from here on. */
  readonly barring?: { readonly owner: string; readonly scripts: readonly string[] };
  readonly contents?: number;
};

/** Lines of a zone's life are numbered from 0 without a gap. */
export type RecordLine = readonly [epoch: number, number: number, what: Recorded];

export type ZoneStats = {
  readonly zone: ZoneId;
  readonly tick: number;
  readonly objects: number;
  readonly players: number;
  /** Mean and worst milliseconds of a tick over the last five seconds. */
  readonly tickMs: number;
  readonly worstMs: number;
  readonly droppedTicks: number;
  /** Bytes of the isolate's heap. */
  readonly heap: number;
  readonly asleep: boolean;
  /** CPU milliseconds of its isolate in the last five seconds; those of `kinds` add up to it. */
  readonly cpuMs: number;
  /** The dearest first, at most 20. `@roost` is what no handler spent: taking in, giving out, loading. */
  readonly costs: readonly KindCost[];
  /** The dearest objects first, at most 10, estimated from samples. */
  readonly objectCosts: readonly ObjectCost[];
};

/** What a zone did since it was told last: metrics add it up over all its lives. */
export type ZoneTally = {
  readonly zone: ZoneId;
  /** Frames that were sent to the node. */
  readonly frames: number;
  /** Ticks that were left out after a stall. */
  readonly dropped: number;
  /** Seconds that ticks took, and that they began late, by `tickBounds`. */
  readonly took: Spread;
  readonly late: Spread;
  /** At most 33. */
  readonly spent: readonly ScriptSpent[];
};

/** CPU milliseconds of a kind. `build` is empty for what has no script: `@roost`, `@others`, things of a map. */
export type ScriptSpent = { readonly kind: string; readonly build: string; readonly ms: number };

/** What a kind spent in the last five seconds. */
export type KindCost = {
  readonly kind: string;
  readonly build: string;
  readonly cpuMs: number;
  readonly calls: number;
  readonly objects: number;
  /** Bytes of all their state, own and kept. */
  readonly stateBytes: number;
  readonly messages: number;
  readonly spawns: number;
  readonly says: number;
  /** As in `Throttle`: 1 is as declared, 0 rests. */
  readonly every: Throttle['every'];
};

export type ObjectCost = {
  readonly id: ObjectId;
  readonly kind: string;
  readonly name: string;
  readonly cpuMs: number;
  readonly stateBytes: number;
  readonly every: Throttle['every'];
};
