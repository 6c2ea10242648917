/** An object of the simulated zone, as a test looks at it: always as it is after the last tick. */
import type { JsonObject, Look } from '../contract/content.ts';
import type { ObjectId, ObjectRow, TimerRow } from '../contract/link.ts';
import type { Stage } from './stage.ts';

/** Fields of a script's own making. A test knows what its script declares. */
// biome-ignore lint/suspicious/noExplicitAny: the script's types are not known here, and a test compares with what it expects
export type Fields = { readonly [field: string]: any };

/** A timer that waits. */
export type Waiting = {
  /** Seconds until it fires. */
  readonly in: number;
  /** Seconds between two firings, null when it fires once. */
  readonly every: number | null;
  readonly data: unknown;
};

export interface Thing {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Whether it is in the zone; of what is gone you read how it was last. */
  readonly here: boolean;
  /** Metres, y down. */
  readonly x: number;
  readonly y: number;
  /** Radians clockwise. */
  readonly angle: number;
  /** Metres per second. */
  readonly vx: number;
  readonly vy: number;
  readonly speed: number;
  readonly scale: number;
  /** Its own look, null when it has that of its kind. */
  readonly look: Look | null;
  readonly words: readonly string[];
  readonly holder: Thing | null;
  readonly state: Fields;
  readonly own: Fields;
  /** What the script of its kind keeps to itself. */
  readonly secret: Fields;
  /** Timers of its scripts, by name. */
  readonly timers: { readonly [name: string]: Waiting };
  /** Whether it has the word, such as `hidden` or `suspended`. */
  is(word: string): boolean;
  /** What it holds; of a kind when one is given. */
  contents(kind?: string): readonly Thing[];
  /** Metres between the centres. */
  distance(to: { readonly x: number; readonly y: number }): number;
  /** What the script of its kind remembers of a player. */
  memory(player: Thing): Fields;
}

export interface Things {
  of(id: ObjectId): Thing;
  all(): readonly Thing[];
}

export function createThings(stage: () => Stage): Things {
  const made = new Map<ObjectId, Thing>();

  function of(id: ObjectId): Thing {
    const known = made.get(id);
    if (known) return known;
    const thing = toThing(id, stage, of);
    made.set(id, thing);
    return thing;
  }

  const byId = (a: ObjectRow, b: ObjectRow) => (a.id < b.id ? -1 : 1);
  return { of, all: () => [...stage().rows.values()].sort(byId).map(({ id }) => of(id)) };
}

function toThing(id: ObjectId, stage: () => Stage, of: (id: ObjectId) => Thing): Thing {
  function row(): ObjectRow {
    const found = stage().known.get(id);
    if (!found) throw new Error(`There was never an object ${id}`);
    return found;
  }

  const kept = (part: string): JsonObject => {
    const { kind, keep } = row();
    return ((keep[part] as JsonObject | undefined)?.[kind] ?? {}) as JsonObject;
  };
  return {
    id,
    get kind() {
      return row().kind;
    },
    get name() {
      return row().name;
    },
    get here() {
      return stage().rows.has(id);
    },
    get x() {
      return row().x;
    },
    get y() {
      return row().y;
    },
    get angle() {
      return row().angle;
    },
    get vx() {
      return row().vx;
    },
    get vy() {
      return row().vy;
    },
    get speed() {
      return row().speed;
    },
    get scale() {
      return row().scale;
    },
    get look() {
      return row().look;
    },
    get words() {
      return row().words;
    },
    get holder() {
      const { holder } = row();
      return holder === null ? null : of(holder);
    },
    get state() {
      return row().state;
    },
    get own() {
      return row().own;
    },
    get secret() {
      return kept('secrets');
    },
    get timers() {
      const { time } = stage().now;
      const mine = [...stage().timers.values()].filter(({ object }) => object === id);
      return Object.fromEntries(mine.map((timer) => [timer.name, toWaiting(timer, time)]));
    },
    is: (word) => row().words.includes(word),
    contents(kind) {
      const held = [...stage().rows.values()].filter((each) => each.holder === id);
      return held.filter((each) => kind === undefined || each.kind === kind).map((each) => of(each.id));
    },
    distance: (to) => Math.hypot(to.x - row().x, to.y - row().y),
    memory: (player) => (kept('memories')[player.id] ?? {}) as JsonObject,
  };
}

function toWaiting({ due, every, data }: TimerRow, time: number): Waiting {
  return { in: milli(due - time), every: every === null ? null : milli(every), data };
}

/** Without the noise of numbers as large as today's date. */
function milli(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
