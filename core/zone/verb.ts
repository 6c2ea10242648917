/** What the verbs of scripts share: the parts of a zone they change, what is true of the tick, what they leave to do. */
import type { Intent } from '../contract/driver.ts';
import type { Line, ObjectId, Pending, Request } from '../contract/link.ts';
import type { Bodies } from './bodies.ts';
import type { Frames } from './frame.ts';
import type { Ids } from './ids.ts';
import type { Objects, Thing } from './objects.ts';
import type { Timers } from './timers.ts';
import type { Walks } from './walks.ts';

/** The parts of a zone that intents change. */
export type Scene = {
  readonly objects: Objects;
  readonly bodies: Bodies;
  readonly walks: Walks;
  readonly timers: Timers;
  readonly frames: Frames;
  readonly ids: Ids;
  /** Metres. */
  readonly width: number;
  readonly height: number;
  /** The kind players control. */
  readonly character: string;
  readonly mostObjects: number;
};

/** What is true of the tick whose intents are applied. */
export type TickFacts = {
  readonly tick: number;
  /** Unix seconds. */
  readonly time: number;
  /** Whether the character touched, activated or called the object in this tick. */
  readonly met: (character: ObjectId, object: ObjectId) => boolean;
  /** Whether the character leaves the game in this tick. */
  readonly leaves: (character: ObjectId) => boolean;
};

export const intentLimits = {
  /** In a second, in a zone. */
  spawns: 200,
  messages: 2_000,
  says: 500,
  /** Effects, emits, and what is told and asked; and the bytes of what these carry. One kind has half of it at most. */
  shows: 2_000,
  showBytes: 2 * 1024 * 1024,
  /** Seconds between two moves of one character. */
  gotoEvery: 2,
  /** Intents of one tick; a tick that asks for more has lost count. */
  perTick: 20_000,
  choices: 8,
  logsPerTick: 50,
  scale: { least: 0.05, most: 20 },
  speed: 100,
  /** Radians either way: what is further round is no direction any more. */
  angle: 1e6,
} as const;

/** What the intents of a tick leave for others to do. */
export type Outcome = {
  messages: Pending[];
  requests: Request[];
  lines: Line[];
  logs: { id: ObjectId | null; text: string }[];
  /** Objects whose place, holder or velocity is not what the isolate thinks. */
  corrected: Set<Thing>;
  /** Objects that left their holder because it ended: the isolate does not know. */
  dropped: Set<Thing>;
  /** Ids of what ended together with its holder. */
  gone: ObjectId[];
};

/** A verb's application: why it is refused, or null. */
type Apply<V extends Intent['verb']> = (
  intent: Extract<Intent, { verb: V }>,
  facts: TickFacts,
  out: Outcome,
) => string | null;

export type Verbs<V extends Intent['verb']> = { readonly [Verb in V]: Apply<Verb> };

export const refusal = {
  gone: 'it is not here',
  notFinite: 'a number is not finite',
  held: 'it is held',
  outside: 'the place is outside the zone',
} as const;

/** Holders within holders. */
export const deepestHolder = 16;

export function isPlayer(thing: Thing, { character }: Scene): boolean {
  return thing.owner !== null && thing.kind === character;
}

/** Where it is seen: its own place, or that of who holds it. */
export function standing(thing: Thing, { objects }: Scene): Thing {
  let at = thing;
  for (let holder = at.holder; holder !== null; holder = at.holder) {
    const next = objects.find(holder);
    if (!next) break;
    at = next;
  }
  return at;
}

export function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
