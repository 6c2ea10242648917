/**
 * Characters whose scripts have no `input`: they walk by its `x` and `y`. What is held down needs nobody inside the
 * isolate, which is told where they are when something runs there.
 */
import type { Intent } from '../contract/driver.ts';
import type { InboxItem, ObjectId } from '../contract/link.ts';
import type { Frames } from './frame.ts';
import type { Hearing } from './hearing.ts';
import type { News } from './news.ts';
import type { Thing } from './objects.ts';
import type { Space } from './space.ts';

/** Metres per second. */
export type Way = { readonly vx: number; readonly vy: number };

export interface Steering {
  /** Steers by an input. False when it is none, or one that a script of the character hears. */
  take(item: InboxItem, tick: number): boolean;
  /** An input holds until the next one, or until its session is gone: damping and what stands in the way do not end it. */
  walkOn(tick: number): void;
  /** Metres per second that it walks at; 0 where a script has it stand. */
  paceOf(thing: Thing): number;
  /** What a character is steered to in this tick. */
  wayOf(thing: Thing): Way | undefined;
  /** A script asked for this: it may have set how fast something walks. */
  asked(intent: Intent): void;
  /** The tick is done: owners hear which of their inputs were used. */
  done(): void;
  /** Another isolate has everybody as the rows are. */
  renewed(): void;
  /** Has the isolate told of all who are steered: it thinks that they go as fast as they want. */
  tell(): void;
  save(): SavedSteering;
  restore(saved: SavedSteering): void;
}

export type SavedSteering = {
  readonly ways: readonly (readonly [owner: string, way: Steered])[];
  readonly halted: readonly ObjectId[];
};

type Steered = Way & {
  readonly id: ObjectId;
  /** The tick of the input. */
  readonly since: number;
};

export type SteeringOptions = {
  readonly space: Space;
  readonly news: News;
  readonly frames: Frames;
  /** Owners whose connection is up. */
  readonly connected: ReadonlySet<string>;
  readonly hearing: () => Hearing;
};

/** Radians: a body that turns a little every tick would be told every tick. */
const leastTurn = 0.01;

export function createSteering({ space, news, frames, connected, hearing }: SteeringOptions): Steering {
  const ways = new Map<string, Steered>();
  /** Those that a script gave the speed 0: in a row that is nobody's word. */
  const halted = new Set<ObjectId>();
  const acks = new Map<string, number>();

  const find = (id: ObjectId) => space.scene.objects.find(id);

  function go(thing: Thing, { vx, vy }: Way): void {
    const { walks, bodies } = space.scene;
    if (thing.holder !== null) return;
    walks.stop(thing.id);
    bodies.velocity(thing, vx, vy);
  }

  const paceOf = (thing: Thing) => (halted.has(thing.id) ? 0 : hearing().paceOf(thing));

  function face(thing: Thing, angle: number): void {
    const turn = angle - thing.angle;
    const least = turn - Math.round(turn / (2 * Math.PI)) * 2 * Math.PI;
    if (Math.abs(least) >= leastTurn) space.scene.bodies.turn(thing, angle);
  }

  return {
    take(item, tick) {
      const thing = item.type === 'input' ? find(item.character) : undefined;
      if (item.type !== 'input' || !thing) return false;
      const { owner, seq, input } = item;
      ways.delete(owner);
      if (hearing().hears(thing, 'input')) return false;
      acks.set(owner, Math.max(acks.get(owner) ?? seq, seq));
      const [x, y] = [axis(input.x), axis(input.y)];
      const most = Math.max(1, Math.hypot(x, y));
      const pace = paceOf(thing);
      // JSON has no -0, and a checkpoint is to give the same.
      const way = { id: thing.id, vx: (x / most) * pace + 0, vy: (y / most) * pace + 0, since: tick };
      ways.set(owner, way);
      go(thing, way);
      if (x !== 0 || y !== 0) face(thing, Math.atan2(y, x));
      news.moved(thing);
      return true;
    },
    walkOn(tick) {
      for (const [owner, way] of ways) {
        const thing = find(way.id);
        const stands = way.since !== tick && way.vx === 0 && way.vy === 0;
        if (stands || thing?.owner !== owner || !connected.has(owner)) ways.delete(owner);
        else if (way.since !== tick) go(thing, way);
      }
    },
    paceOf,
    wayOf: ({ id, owner }) => {
      const way = owner === null ? undefined : ways.get(owner);
      return way?.id === id ? way : undefined;
    },
    asked(intent) {
      if (intent.verb !== 'set' || intent.fields?.speed === undefined) return;
      if (intent.fields.speed !== 0) halted.delete(intent.id);
      else if (find(intent.id)) halted.add(intent.id);
    },
    done() {
      for (const [owner, seq] of acks) frames.ack(owner, seq);
      acks.clear();
    },
    renewed() {
      halted.clear();
    },
    tell() {
      for (const { id } of ways.values()) {
        const thing = find(id);
        if (thing) news.moved(thing);
      }
    },
    save: () => ({ ways: [...ways], halted: [...halted].filter(find) }),
    restore(saved) {
      for (const [owner, way] of saved.ways) ways.set(owner, way);
      for (const id of saved.halted) halted.add(id);
    },
  };
}

function axis(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : 0;
}
