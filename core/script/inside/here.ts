/**
 * The zone inside its isolate: what is known of the world, and what the running handler has done so far. One isolate is
 * one zone, so this is the one place with state of its own.
 */

import type { Area, JsonObject, Look, Point, Shape, Solid } from '../../contract/content.ts';
import type { Intent, Throttle } from '../../contract/driver.ts';
import type { CallOutcome, ObjectId } from '../../contract/link.ts';
import type { Grid } from './grid.ts';
import type { Group } from './group.ts';
import type { Ids } from './ids.ts';
import type { Keep } from './keep.ts';
import type { Random } from './random.ts';
import type { Rates } from './rates.ts';
import type { Reporter } from './reports.ts';
import type { Handler, Script } from './script.ts';
import type { Sort } from './sorts.ts';
import type { Timers } from './timers.ts';

/** An object as the isolate knows it. Places are as of the last step, or where this tick's handlers put it. */
export type Obj = {
  readonly id: ObjectId;
  slot: number;
  readonly kind: string;
  readonly sort: Sort;
  name: string;
  /** Null shows the kind's own. */
  look: Look | null;
  holder: Obj | null;
  /** Oldest first. */
  held: readonly Obj[];
  x: number;
  y: number;
  angle: number;
  vx: number;
  vy: number;
  scale: number;
  speed: number;
  /** `guest:…`; scripts see the character of that owner instead. */
  owner: string | null;
  words: readonly string[];
  physical: boolean;
  readonly shape: Shape | null;
  solid: boolean;
  type: 'dynamic' | 'static' | 'kinematic';
  readonly state: Group;
  readonly own: Group;
  readonly keep: Keep;
  /** False once it is gone; `dying` from `destroy` on. */
  alive: boolean;
  dying: boolean;
  /** Cell of the grid it is in, or -1. */
  cell: number;
  walk: Walk | null;
  stroll: { readonly vx: number; readonly vy: number; readonly until: number } | null;
  /** Who is near, for `near` and `far`: by script. */
  near: Map<Script, Set<Obj>> | null;
  faults: Map<Script, Faults> | null;
  /** Its `tick` runs every so many times; 0: it rests. */
  every: Throttle['every'];
  /** It has a limit of its own: what it costs is measured whenever it runs. */
  limited: boolean;
  /** Spawned in this tick: its intent carries what it is at the end of it. */
  spawned: Spawned | null;
  /** Metres from its centre to the farthest point of its body, 0 without one. */
  readonly radius: number;
  /** Spreads objects with slow ticks over the ticks. */
  readonly phase: number;
};

export type Walk = {
  readonly to: ObjectId | Point;
  readonly speed: number;
  status: 'going' | 'there' | 'stuck';
  /** Unix seconds of the last change of status. */
  since: number;
};

export type Spawned = { readonly intent: Extract<Intent, { verb: 'spawn' }> };

/** Throws of one script on one object. */
export type Faults = {
  recent: readonly { readonly time: number; readonly caller: string | null }[];
  /** Unix seconds. */
  until: number;
  /** Seconds of the last suspension. */
  length: number;
};

/** The character of the zone's players has this word beside its kind in `nearest`, `find` and so on. */
export const anyPlayer = 'player';

export type Here = {
  zone: string;
  width: number;
  height: number;
  tickRate: number;
  hearing: number;
  character: string;
  settings: JsonObject;
  areas: ReadonlyMap<string, Area>;
  solids: readonly Solid[];
  connected: Set<string>;
  tick: number;
  time: number;
  dt: number;
  readonly byId: Map<ObjectId, Obj>;
  readonly bySlot: Map<number, Obj>;
  /** Objects that ended in this tick or the one before, for `part` and `far`. */
  gone: Map<ObjectId, Obj>;
  readonly byKind: Map<string, Obj[]>;
  /** Characters by owner. */
  readonly byOwner: Map<string, Obj>;
  grid: Grid;
  ids: Ids;
  timers: Timers;
  random: Random;
  reporter: Reporter;
  rates: Rates;
  /** Limits on how often `tick` runs, by kind and by id; what is not in them runs as declared. */
  readonly throttles: {
    readonly kinds: Map<string, Throttle['every']>;
    readonly objects: Map<ObjectId, Throttle['every']>;
  };
  /** The zone's own script, or null, and the object that stands for it. */
  itself: Obj | null;
  /** Builds are on probation: what they find must be fit for those before as well. */
  proving: boolean;

  /** The scripts of a kind together. */
  sortOf: (kind: string) => Sort;
  /** Events with the world and views of other objects in them. */
  event: (objects: { readonly [key: string]: Obj }) => (turn: number) => object;

  /** Number of the running handler; handles with another number are dead. 0: none runs. */
  turn: number;
  turns: number;
  /** Whose handler runs, and of which script. */
  me: Obj | null;
  script: Script | null;
  handler: Handler | null;
  /** Owner whose call or input caused it. */
  caller: string | null;
  /** Inside a `before` handler: nothing may be changed. */
  asking: boolean;
  intents: Intent[];
  /** Triples: a group, the number of a field and its old value; or an undo, -1 and nothing. */
  readonly log: unknown[];
  /** How much of the log is in use: it is kept between handlers, shrinking it would cost more than the handler. */
  logged: number;
  /** Groups of which the handler holds drafts of nested values. */
  drafted: Group[];
  /** Memories handed out to the running handler, by object, script and player. */
  readonly memories: Map<string, object>;
  /** Make plain data of those memories. */
  recalled: (() => void)[];
  /** Groups with fields that may differ from what was sent. */
  dirty: Group[];
  dirtyKeeps: Obj[];
  /** To run once the handler has succeeded. */
  later: (() => void)[];
  /** Whether what was left for later is being run. */
  draining: boolean;
  outcomes: CallOutcome[];
  acks: Map<string, number>;
  /** Whether anything moved, came or went since `near` was looked at. */
  stirred: boolean;
  /** Objects with a `tick` that does not rest for good. */
  tickers: number;
  /** Objects that hear who is near. */
  lookers: number;
  /** Radius of the biggest body there was. */
  biggest: number;
};

/** Id of the object that stands for the zone's own script (`zoneItself` of core/contract/driver.ts). */
export const zoneItself = '';

/** Filled by `load`; nothing reads it before. */
export const here = {
  byId: new Map(),
  bySlot: new Map(),
  gone: new Map(),
  byKind: new Map(),
  byOwner: new Map(),
  itself: null,
  proving: false,
  turn: 0,
  turns: 0,
  me: null,
  script: null,
  handler: null,
  caller: null,
  asking: false,
  intents: [],
  log: [],
  logged: 0,
  drafted: [],
  memories: new Map(),
  recalled: [],
  dirty: [],
  dirtyKeeps: [],
  later: [],
  outcomes: [],
  acks: new Map(),
  stirred: true,
  tickers: 0,
  lookers: 0,
  biggest: 0,
  draining: false,
  throttles: { kinds: new Map(), objects: new Map() },
} as unknown as Here;

/** Frames that a verb may need. */
const verbFrames = 100;

/**
 * Throws where the stack is nearly used up: what takes several steps happens whole or not at all. About 1 µs: not for what
 * scripts do all the time.
 */
export function needRoom(frames: number = verbFrames): number {
  return frames === 0 ? 0 : 1 + needRoom(frames - 1);
}

/** Asks for something outside, in order. */
export function intend(intent: Intent): void {
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  here.intents.push(intent);
}

/** Remembers how to undo a change when the running handler fails. */
export function undoable(undo: () => void): void {
  record(undo, -1, undefined);
}

/** Adds to the log: a group, the number of a field and its old value; or an undo, -1 and nothing. */
export function record(target: unknown, index: number, old: unknown): void {
  const { log } = here;
  const at = here.logged;
  log[at] = target;
  log[at + 1] = index;
  log[at + 2] = old;
  here.logged = at + 3;
}

/** Sets a field of an object until the handler fails. */
export function put<K extends keyof Obj>(object: Obj, key: K, value: Obj[K]): void {
  const old = object[key];
  if (old === value) return;
  undoable(() => {
    object[key] = old;
  });
  object[key] = value;
}

/** Whether it is a player's character. */
export function isPlayer(object: Obj): boolean {
  return object.owner !== null && object.kind === here.character;
}

/** Objects of a kind in id order; `player` names all characters. */
export function ofKind(kind: string): readonly Obj[] {
  const list = here.byKind.get(kind);
  if (list || kind !== anyPlayer) return list ?? none;
  return (here.byKind.get(here.character) ?? none).filter(isPlayer);
}

export function hasKind(object: Obj, kind: string): boolean {
  return object.kind === kind || (kind === anyPlayer && isPlayer(object));
}

/** Where it stands: its own place, or that of what holds it. */
export function standing(object: Obj): Obj {
  let at = object;
  while (at.holder) at = at.holder;
  return at;
}

const none: readonly Obj[] = Object.freeze([]);
