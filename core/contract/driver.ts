/**
 * The border of the sandbox: what a zone hands to its isolate and gets back. The driver hides the engine
 * (isolated-vm today). Everything crosses as one JSON string each way, made and read by our runtime inside.
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

/** An object as the isolate gets it: its row, and the slot that stands for it in `moved`. */
export type LoadedObject = ObjectRow & {
  readonly slot: number;
  /** Never ran `create` before. */
  readonly fresh: boolean;
};

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
};

/** After the programs ran once. Handlers have not run yet: `load` and `create` are part of the first tick. */
export type LoadOut = {
  readonly kinds: readonly KindInfo[];
  /** Programs that could not be used; their kinds are plain things. A swap with faults is not taken. */
  readonly reports: readonly ScriptReport[];
  /** Names of the handler numbers in the blame words. */
  readonly handlers: readonly { readonly script: string; readonly build: string; readonly handler: string }[];
};

export type TickIn = {
  readonly tick: number;
  /** Unix seconds, fixed for the tick. */
  readonly time: number;
  /** Seconds since the tick before. */
  readonly dt: number;
  /** Flat, six numbers each: slot, x, y, angle, vx, vy (metres, radians, full precision) of what moved in the last step. */
  readonly moved: readonly number[];
  /**
   * What happened from outside, in arrival order, as the zone hands it on: `join` always has its character, which is in
   * `loaded` when it was made now and is answered outside; a `say` is already spoken outside (only `hear` is left to run);
   * after `leave` and its handlers the character is destroyed outside too; `take` says that an object and what it holds
   * are gone, without events; `arrive` has no objects, they are in `loaded` and `timers`; `inspect` never comes.
   */
  readonly items: readonly InboxItem[];
  /** Slots of what the last ticks spawned, for `moved`: [id, slot]. */
  readonly slots: readonly (readonly [ObjectId, number])[];
  /** Contacts of the last step by id pair: [a, b, began]. */
  readonly contacts: readonly (readonly [ObjectId, ObjectId, boolean])[];
  /** Where walkTo stands: [id, status], only changes. */
  readonly walks: readonly (readonly [ObjectId, 'going' | 'there' | 'stuck'])[];
  /** Objects that came in from outside since the last tick (arrivals, characters, the map): already in the world. */
  readonly loaded: readonly (LoadedObject & { readonly reason: LoadReason })[];
  readonly timers: readonly TimerRow[];
  /** Intents of the last tick that were refused outside, with the reason. */
  readonly refused: readonly { readonly id: ObjectId; readonly verb: string; readonly reason: string }[];
  readonly ids: readonly IdBlock[];
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
  /** Milliseconds inside by kind and handler calls, from the runtime's own clock. */
  readonly costs: readonly { readonly kind: string; readonly ms: number; readonly calls: number }[];
  /** True when the next tick would do something even if nothing comes in and nothing moves. */
  readonly restless: boolean;
  /** Earliest due timer, or null. */
  readonly nextDue: number | null;
};

export type SandboxFault = { readonly kind: 'timeout' | 'memory' | 'disposed' | 'broken'; readonly message: string };

export type Entered<T> =
  | { readonly kind: 'ok'; readonly out: T }
  | { readonly kind: 'fault'; readonly fault: SandboxFault };

/** One isolate with one zone's scripts in it. After a fault it is disposed and never used again. */
export interface Sandbox {
  load(input: LoadIn): Entered<LoadOut>;
  tick(input: TickIn): Entered<TickOut>;
  /** Bytes of heap in use. */
  heap(): number;
  /** CPU milliseconds spent inside since it was made. */
  cpuMs(): number;
  dispose(): void;
}

export type SandboxOptions = {
  readonly memoryMb: number;
  readonly tickLimitMs: number;
  readonly loadLimitMs: number;
  /** Written by the runtime before each handler: object slot (-1: the zone itself), handler number, count of handlers. */
  readonly blame: Int32Array | null;
};

export type CreateSandbox = (options: SandboxOptions) => Sandbox;

/** A shape with its place, for geometry inside the isolate. */
export type Placed = { readonly shape: Shape; readonly x: number; readonly y: number; readonly angle: number };
