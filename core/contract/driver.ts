/**
 * The border of the sandbox: what a zone hands to its isolate and gets back. The driver hides the engine
 * (isolated-vm today). Everything crosses as one JSON string each way, made and read by our runtime inside, but for the places
 * of what moved: they are numbers in memory that both see.
 */
import type { Area, Json, JsonObject, Look, Program, Shape, Solid } from './content.ts';
import type {
  CallOutcome,
  IdBlock,
  InboxItem,
  KindInfo,
  LoadReason,
  MoveTarget,
  ObjectId,
  ObjectRow,
  Pending,
  ScriptReport,
  TimerRow,
} from './link.ts';

/**
 * The zone's own script (`defineZone`) stands among the objects under this id: in timers, refusals, costs and reports,
 * and a `call` to it reaches its methods.
 */
export const zoneItself: ObjectId = '';

/** Owner of a call that the server makes for the zone itself: nobody plays under it. */
export const zoneOwner = 'server';

/** An object as the isolate gets it: its row, and the slot that stands for it in `moved`. */
export type LoadedObject = ObjectRow & {
  readonly slot: number;
  /** Never ran `create` before. */
  readonly fresh: boolean;
};

/** Metres per second that objects walk at when nothing says otherwise. */
export const walkingSpeed = { character: 4, other: 2 } as const;

export type LoadIn = {
  readonly zone: string;
  readonly width: number;
  readonly height: number;
  readonly tickRate: number;
  readonly hearing: number;
  readonly character: string;
  readonly settings: JsonObject;
  readonly solids: readonly Solid[];
  readonly areas: readonly Area[];
  readonly programs: readonly Program[];
  readonly seed: number;
  readonly reason: Exclude<LoadReason, 'arrive'>;
  readonly state: JsonObject;
  readonly keep: JsonObject;
  readonly objects: readonly LoadedObject[];
  readonly timers: readonly TimerRow[];
  readonly ids: readonly IdBlock[];
  /** Owners whose connection is up. */
  readonly connected: readonly string[];
  /** What `migrate` changes keeps its former state in `keep.before` until `TickIn.settled`. */
  readonly keepFormer: boolean;
  /** What another isolate gave as its `mind` after the same ticks: this one goes on as that would. */
  readonly mind?: string;
  /** The `mind` of the one whose place it takes: what everybody is in the midst of goes on. */
  readonly before?: string;
};

/** After the programs ran once. Handlers have not run yet: `load` and `create` are part of the first tick. */
export type LoadOut = {
  readonly kinds: readonly KindInfo[];
  /** Programs that could not be used; their kinds are plain things. A swap with faults is not taken. */
  readonly reports: readonly ScriptReport[];
  /** The scripts that can be used, of kinds and beside them: what none of an object's hears need not be told to it. */
  readonly scripts: readonly {
    readonly script: string;
    /** Events it has a handler for. */
    readonly hears: readonly string[];
    /** Metres per second its kind walks at, when it says so. */
    readonly speed: number | null;
  }[];
  /** Names of the handler numbers in the blame words. */
  readonly handlers: readonly { readonly script: string; readonly build: string; readonly handler: string }[];
  /** Scripts that changed stored state: `migrate` ran, or what it had changed was taken back. */
  readonly migrated: readonly string[];
};

/** A `TickIn` on its way: the first numbers of `moved`, so many as `shared` says, are in memory that both sides see. */
export type Crossing = TickIn & { readonly shared: number };

export type TickIn = {
  readonly tick: number;
  /** Unix seconds, fixed for the tick. */
  readonly time: number;
  /** Seconds since the tick before. */
  readonly dt: number;
  /**
   * Flat, six numbers each: slot, x, y, angle, vx, vy (metres, radians, full precision) of what moved since the last
   * entry. Who is steered has the velocity that it is given in this tick.
   */
  readonly moved: readonly number[];
  /**
   * What happened from outside, in arrival order, as the zone hands it on: `join` always has its character, which is in
   * `loaded` when it was made now and is answered outside; a `say` is already spoken outside (only `hear` is left to run);
   * after `leave` and its handlers the character is destroyed outside too; `take` says that an object and what it holds
   * are gone, without events; `arrive` has no objects, they are in `loaded` and `timers`; `inspect` and `move` never come, nor
   * does an `input` that no script of its character hears.
   */
  readonly items: readonly InboxItem[];
  /** Slots of what the last ticks spawned, for `moved`: [id, slot]. */
  readonly slots: readonly (readonly [ObjectId, number])[];
  /** Contacts of the last step that a script of one of the two hears of, by id pair: [a, b, began]. */
  readonly contacts: readonly (readonly [ObjectId, ObjectId, boolean])[];
  /** Where walkTo stands: [id, status], only changes. */
  readonly walks: readonly (readonly [ObjectId, 'going' | 'there' | 'stuck'])[];
  /** Objects that came in from outside since the last tick (arrivals, characters, the map): already in the world. */
  readonly loaded: readonly (LoadedObject & { readonly reason: LoadReason })[];
  readonly timers: readonly TimerRow[];
  /** Intents of the last tick that were refused outside, with the reason. */
  readonly refused: readonly { readonly id: ObjectId; readonly verb: string; readonly reason: string }[];
  readonly ids: readonly IdBlock[];
  /** New limits on how often `tick` runs; they stay until changed. */
  readonly throttles: readonly Throttle[];
  /** The probation of the last swap is over and went well: `keep.before` is dropped. */
  readonly settled: boolean;
  /** What is timed: kinds always; each handler too (during probation); objects whose slot % of === part, alone. */
  readonly measure: { readonly handlers: boolean; readonly part: number; readonly of: number };
};

/**
 * A budget that was exceeded: `tick` of all objects of a kind, or of one object, runs every 2nd, 4th or 8th time;
 * 0: the script rests there; 1: as declared.
 */
export type Throttle = {
  readonly kind: string | null;
  readonly object: ObjectId | null;
  readonly every: 0 | 1 | 2 | 4 | 8;
};

/** Milliseconds by the runtime's own clock: claims, which the zone scales to the CPU time of the entry. */
export type Costs = {
  readonly kinds: readonly { readonly kind: string; readonly ms: number; readonly calls: number }[];
  /** Empty unless `measure.handlers`. */
  readonly handlers: readonly { readonly handler: number; readonly ms: number; readonly calls: number }[];
  /** Of this tick's sample. */
  readonly objects: readonly { readonly id: ObjectId; readonly ms: number }[];
};

/** What a handler asked for, applied outside after a check, in this order. */
export type Intent =
  | {
      readonly verb: 'spawn';
      readonly by: ObjectId | null;
      readonly id: ObjectId;
      readonly kind: string;
      readonly name: string;
      readonly look: Look | null;
      readonly x: number;
      readonly y: number;
      readonly angle: number;
      readonly vx: number;
      readonly vy: number;
      readonly owner: ObjectId | null;
      readonly holder: ObjectId | null;
      readonly ignore: readonly ObjectId[];
      /** State as declared, after `create` ran; so are `own` and `keep`. */
      readonly state: JsonObject;
      readonly own: JsonObject;
      readonly keep: JsonObject;
    }
  | { readonly verb: 'destroy'; readonly id: ObjectId }
  /** Changed fields. `angle` faces; `solid` and `type` are the body's. */
  | {
      readonly verb: 'set';
      readonly id: ObjectId;
      readonly fields: {
        readonly name?: string;
        readonly look?: Look | null;
        readonly scale?: number;
        readonly speed?: number;
        readonly words?: readonly string[];
        readonly physical?: boolean;
        readonly angle?: number;
        readonly solid?: boolean;
        readonly type?: 'dynamic' | 'static' | 'kinematic';
      };
    }
  /** A jump to a place (`teleport`, or a checked `move`). */
  | { readonly verb: 'place'; readonly id: ObjectId; readonly x: number; readonly y: number; readonly checked: boolean }
  | { readonly verb: 'velocity'; readonly id: ObjectId; readonly vx: number; readonly vy: number }
  | { readonly verb: 'push'; readonly id: ObjectId; readonly ix: number; readonly iy: number }
  /** Go there until told otherwise; `to` is a point or an object. `away` flees instead. */
  | {
      readonly verb: 'walk';
      readonly id: ObjectId;
      readonly to: ObjectId | { readonly x: number; readonly y: number };
      readonly speed: number;
    }
  | {
      readonly verb: 'hold';
      readonly id: ObjectId;
      readonly holder: ObjectId | null;
      readonly x: number;
      readonly y: number;
    }
  | { readonly verb: 'say'; readonly id: ObjectId; readonly text: string; readonly player: boolean }
  | { readonly verb: 'tell'; readonly id: ObjectId; readonly to: ObjectId; readonly text: string }
  | {
      readonly verb: 'ask';
      readonly id: ObjectId;
      readonly to: ObjectId;
      readonly question: string;
      readonly text: string;
      readonly choices: readonly string[];
    }
  | { readonly verb: 'effect'; readonly id: ObjectId; readonly name: string; readonly data: Json }
  | { readonly verb: 'emit'; readonly name: string; readonly data: Json }
  | { readonly verb: 'send'; readonly message: Pending }
  | {
      readonly verb: 'goto';
      readonly id: ObjectId;
      readonly who: ObjectId;
      readonly zone: string;
      readonly at: MoveTarget;
    }
  | { readonly verb: 'log'; readonly id: ObjectId | null; readonly text: string };

export type StateChange = {
  readonly id: ObjectId;
  /** Changed top-level keys with their new values. */
  readonly state?: JsonObject;
  readonly own?: JsonObject;
  /** Whole, when anything in it changed. */
  readonly keep?: JsonObject;
  /** After `migrate` or a removed field: the whole `state` and `own`, replacing what was. */
  readonly whole?: { readonly state: JsonObject; readonly own: JsonObject };
};

export type TickOut = {
  readonly intents: readonly Intent[];
  readonly changes: readonly StateChange[];
  /** Changed keys of the zone script's public state, and its keep when changed. */
  readonly world: { readonly state: JsonObject | null; readonly keep: JsonObject | null };
  readonly timers: readonly (Omit<TimerRow, 'due'> & { readonly due: number | null })[];
  readonly outcomes: readonly CallOutcome[];
  readonly acks: readonly { readonly owner: string; readonly seq: number }[];
  readonly reports: readonly ScriptReport[];
  readonly costs: Costs;
  /** True when the next tick would do something even if nothing comes in and nothing moves. */
  readonly restless: boolean;
  /** Somebody here has `near` or `far`: what moves is told in the tick after, and not only with what else is told. */
  readonly looks: boolean;
  /** Earliest due timer, or null. */
  readonly nextDue: number | null;
};

export type SandboxFault = { readonly kind: 'timeout' | 'memory' | 'disposed' | 'broken'; readonly message: string };

/** `cpuMs`: CPU time of the entry. */
export type Entered<T> =
  | { readonly kind: 'ok'; readonly out: T; readonly cpuMs: number }
  | { readonly kind: 'fault'; readonly fault: SandboxFault; readonly cpuMs: number };

/** One isolate with one zone's scripts in it. After a fault it is disposed and never used again. */
export interface Sandbox {
  /** Starts the engine now; `load` does it otherwise. False when it cannot: it is disposed. */
  boot(): boolean;
  load(input: LoadIn): Entered<LoadOut>;
  /** @param limitMs  When it has less time than usual. */
  tick(input: TickIn, limitMs?: number): Entered<TickOut>;
  /** What the runtime knows beside the rows: a text for `LoadIn.mind`. */
  mind(): Entered<string>;
  /** Bytes of heap in use. */
  heap(): number;
  dispose(): void;
}

export type SandboxOptions = {
  readonly memoryMb: number;
  readonly tickLimitMs: number;
  readonly loadLimitMs: number;
  /** Written by the runtime before each handler: object slot (-1: the zone itself), handler number, count of handlers. */
  readonly blame: Int32Array | null;
  /** Careful mode: called before each handler with what `blame` would hold. It costs a call out of the isolate. */
  readonly onHandler?: (slot: number, handler: number) => void;
};

export type CreateSandbox = (options: SandboxOptions) => Sandbox;

/** A shape with its place, for geometry inside the isolate. */
export type Placed = { readonly shape: Shape; readonly x: number; readonly y: number; readonly angle: number };
