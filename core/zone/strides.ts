/**
 * Characters that are moved by so many seconds of walking at once. In the long run nobody gets further by it than by walking,
 * and nothing that stands in the way is jumped over. By time of the zone, so that it replays.
 */
import type { InboxItem, ObjectId } from '../contract/link.ts';
import { isInside } from './bodies.ts';
import type { Calls } from './calls.ts';
import { areFinite } from './check.ts';
import type { News } from './news.ts';
import type { Thing } from './objects.ts';
import type { Space } from './space.ts';
import { refusal } from './verb.ts';
import { radiusOf } from './walks.ts';

export interface Strides {
  /** Moves by an item, and answers it. False when it is none. */
  take(item: InboxItem, time: number): boolean;
  save(): SavedStrides;
  /** Adds to what is there. */
  restore(saved: SavedStrides): void;
}

/** Unix seconds until which a character has walked ahead of its time. */
export type SavedStrides = readonly (readonly [id: ObjectId, until: number])[];

export type StridesOptions = {
  readonly space: Space;
  readonly news: News;
  readonly calls: Calls;
  /** Metres per second. */
  readonly paceOf: (thing: Thing) => number;
};

/** Seconds that a character may be ahead of its time, and metres of one move. */
const most = { seconds: 2, metres: 20 } as const;
/** Metres between two places that are looked at on the way: not more than half of who goes there. */
const looks = { least: 0.05, most: 0.25 } as const;

const tooFast = `It goes further than it can walk: ${most.seconds} seconds ahead of its time, ${most.metres} m at once.`;

export function createStrides({ space, news, calls, paceOf }: StridesOptions): Strides {
  const ahead = new Map<ObjectId, number>();

  /** Whether there are so many seconds left; takes them. */
  function spend(id: ObjectId, seconds: number, time: number): boolean {
    for (const [other, until] of ahead) if (until <= time) ahead.delete(other);
    const until = (ahead.get(id) ?? time) + seconds;
    if (until > time + most.seconds) return false;
    ahead.set(id, until);
    return true;
  }

  function isBlocked(thing: Thing, x: number, y: number): boolean {
    const { bodies, width, height } = space.scene;
    if (!isInside(x, y, width, height)) return true;
    const metres = Math.hypot(x - thing.x, y - thing.y);
    const parts = Math.ceil(metres / Math.min(looks.most, Math.max(looks.least, radiusOf(bodies, thing))));
    for (let part = 1; part <= parts; part++) {
      const way = part / parts;
      if (bodies.blocked(thing, thing.x + (x - thing.x) * way, thing.y + (y - thing.y) * way)) return true;
    }
    return false;
  }

  /** Moves it, or gives code and words of why not. */
  function go(thing: Thing, dx: number, dy: number, time: number): readonly [code: string, message: string] | null {
    const { walks, bodies } = space.scene;
    if (!areFinite(dx, dy)) return ['object.bad-params', refusal.notFinite];
    if (thing.holder !== null) return ['object.blocked', refusal.held];
    const pace = paceOf(thing);
    const seconds = Math.hypot(dx, dy);
    if (seconds * pace > most.metres || !spend(thing.id, seconds, time)) return ['object.too-fast', tooFast];
    const [x, y] = [thing.x + dx * pace, thing.y + dy * pace];
    if (isBlocked(thing, x, y)) return ['object.blocked', 'Something that does not move is in the way.'];
    walks.stop(thing.id);
    const refused = bodies.put(thing, x, y, 'step');
    if (refused !== null) return ['object.blocked', refused];
    news.moved(thing);
    return null;
  }

  return {
    take(item, time) {
      if (item.type !== 'move') return false;
      const { call } = item;
      const thing = space.scene.objects.find(item.character);
      const refused = thing ? go(thing, item.dx, item.dy, time) : (['object.no-character', refusal.gone] as const);
      if (thing && refused === null)
        calls.answer({ call, ok: true, result: { x: thing.x, y: thing.y, speed: paceOf(thing) }, durable: false });
      else if (refused !== null) calls.answer({ call, ok: false, code: refused[0], message: refused[1] });
      return true;
    },
    save: () => [...ahead],
    restore(saved) {
      for (const [id, until] of saved) ahead.set(id, until);
    },
  };
}
