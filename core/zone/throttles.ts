/** Standing limits on how often scripts tick: an isolate is told of those that change, a new one of all. */
import type { Throttle } from '../contract/driver.ts';
import type { ObjectId } from '../contract/link.ts';
import type { Checkpoint } from './checkpoint.ts';

export interface Throttles {
  add(changed: readonly Throttle[]): void;
  /** Whether the isolate has still to be told. */
  waiting(): boolean;
  /** All of them, when the isolate does not know them. */
  take(): readonly Throttle[];
  /** A new isolate knows none of them. */
  renewed(): void;
  /** Whether that object has one of its own. */
  isOn(object: ObjectId): boolean;
  /** Lifts those on kinds of which other builds run, and those on single objects. */
  lift(isOther: (kind: string) => boolean): void;
  save(): SavedThrottles;
  restore(saved: SavedThrottles): void;
}

type SavedThrottles = Pick<Checkpoint, 'throttles' | 'throttlesTold'>;

export function createThrottles(): Throttles {
  const standing = new Map<string, Throttle>();
  let told = true;

  function set(throttle: Throttle): void {
    standing.set(keyOf(throttle), throttle);
  }

  return {
    add(changed) {
      for (const throttle of changed) set(throttle);
      if (changed.length > 0) told = false;
    },
    waiting: () => !told,
    take() {
      if (told) return [];
      told = true;
      const all = [...standing.values()];
      for (const [key, { every }] of standing) if (every === 1) standing.delete(key);
      return all;
    },
    renewed() {
      told = standing.size === 0;
    },
    isOn: (object) => (standing.get(keyOf({ kind: null, object }))?.every ?? 1) > 1,
    lift(isOther) {
      for (const [key, { kind }] of standing) if (kind === null || isOther(kind)) standing.delete(key);
    },
    save: () => ({ throttles: [...standing.values()], throttlesTold: told }),
    restore({ throttles, throttlesTold }) {
      for (const throttle of throttles) set(throttle);
      told = throttlesTold;
    },
  };
}

function keyOf({ kind, object }: Pick<Throttle, 'kind' | 'object'>): string {
  return `${kind} ${object}`;
}
