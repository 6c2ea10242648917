/**
 * What changed in a zone since its last frame, as the rest of Roost sees it: integers for places, changed fields,
 * events. A body whose integers did not change is not in it. Words such as `hidden` are passed on: who may see what
 * is the gateway's to decide.
 */
import type { Json, JsonObject, Shape } from '../contract/content.ts';
import type { ObjectId, PublicChange, PublicFrame, PublicObject, ZoneEvent, ZoneId } from '../contract/link.ts';
import type { Objects, PublicField, Thing } from './objects.ts';

export type FrameOptions = {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly units: { readonly metre: number; readonly turn: number };
  readonly objects: Objects;
  /** The outline of an object's body. */
  readonly shape: (thing: Thing) => Shape | null;
  /** What it looks like: its own look, or its kind's. */
  readonly look: (thing: Thing) => Thing['look'];
};

export interface Frames {
  event(event: ZoneEvent): void;
  /** Changed keys of the zone's public state. */
  world(changed: JsonObject): void;
  /** The highest input used of an owner's. */
  ack(owner: string, seq: number): void;
  /** Whether a frame now would say anything. */
  waiting(): boolean;
  /** Everything since the last one. */
  take(tick: number, time: number): PublicFrame;
  /** A length in frame units. */
  metres(value: number): number;
}

/** Events of one frame; a script that makes more in one turn is over every rate there is. */
const mostEvents = 2_000;

export function createFrames({ zone, epoch, units, objects, shape, look }: FrameOptions): Frames {
  let events: ZoneEvent[] = [];
  let world: Record<string, Json> | null = null;
  const acks = new Map<string, number>();

  const metres = (value: number) => Math.round(value * units.metre) + 0;

  function turns(angle: number): number {
    const turn = Math.round((angle / (2 * Math.PI)) * units.turn) % units.turn;
    return turn < 0 ? turn + units.turn : turn + 0;
  }

  const place = (thing: Thing) => [
    metres(thing.x),
    metres(thing.y),
    turns(thing.angle),
    metres(thing.vx),
    metres(thing.vy),
  ];

  function toPublic(thing: Thing): PublicObject {
    const [x, y, angle, vx, vy] = thing.framed as readonly [number, number, number, number, number];
    return {
      id: thing.id,
      slot: thing.slot,
      kind: thing.kind,
      name: thing.name,
      look: look(thing),
      body: shape(thing),
      holder: thing.holder,
      x,
      y,
      angle,
      vx,
      vy,
      scale: thing.scale,
      speed: thing.speed,
      owner: thing.owner,
      words: thing.words,
      physical: thing.physical,
      state: thing.state,
      changed: thing.changed,
      changedTick: thing.changedTick,
    };
  }

  function read(thing: Thing, field: PublicField): unknown {
    if (field === 'look') return look(thing);
    if (field === 'body') return shape(thing);
    return thing[field];
  }

  function toChange(thing: Thing): PublicChange | null {
    const { fields, state } = thing.marks;
    if (!fields && !state) return null;
    const change: Record<string, unknown> = { slot: thing.slot };
    for (const field of fields ?? []) change[field] = read(thing, field);
    if (state) change.state = pick(thing.state, state);
    return change as PublicChange;
  }

  return {
    event(event) {
      if (events.length < mostEvents) events.push(event);
    },
    world(changed) {
      world = { ...world, ...changed };
    },
    ack(owner, seq) {
      acks.set(owner, Math.max(seq, acks.get(owner) ?? seq));
    },
    waiting: () => objects.marked() || events.length > 0 || world !== null || acks.size > 0,
    metres,
    take(tick, time) {
      const marked = objects.takeMarked();
      const entered: PublicObject[] = [];
      const moves: number[] = [];
      const changes: PublicChange[] = [];
      const jumps: number[] = [];
      const own: { owner: string; id: ObjectId; own: JsonObject }[] = [];
      for (const thing of marked.things) {
        const { marks } = thing;
        const isNew = marks.fresh || marks.whole;
        const now = place(thing);
        if (isNew) {
          thing.framed = now;
          entered.push(toPublic(thing));
        } else {
          if (now.some((value, i) => value !== thing.framed[i])) moves.push(thing.slot, ...now);
          thing.framed = now;
          const change = toChange(thing);
          if (change) changes.push(change);
        }
        if (marks.jump && !marks.fresh) jumps.push(thing.slot);
        const ownKeys = isNew ? new Set(Object.keys(thing.own)) : marks.own;
        if (thing.owner !== null && ownKeys && ownKeys.size > 0) {
          own.push({ owner: thing.owner, id: thing.id, own: pick(thing.own, ownKeys) });
        }
        clear(thing);
      }
      const frame: PublicFrame = {
        zone,
        epoch,
        tick,
        time,
        in: entered,
        moves,
        changes,
        out: marked.out,
        jumps,
        events,
        world,
        own,
        acks: [...acks].map(([owner, seq]) => ({ owner, seq })),
      };
      events = [];
      world = null;
      acks.clear();
      return frame;
    },
  };
}

function clear({ marks }: Thing): void {
  marks.fresh = false;
  marks.whole = false;
  marks.jump = false;
  marks.fields = null;
  marks.state = null;
  marks.own = null;
}

function pick(from: JsonObject, keys: ReadonlySet<string>): JsonObject {
  const picked: Record<string, Json> = {};
  for (const key of keys) {
    const value = from[key];
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}
