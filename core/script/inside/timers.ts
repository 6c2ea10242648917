/** Timers as data: one for each object, script and name. */
import type { Json } from '../../contract/content.ts';
import type { ObjectId, TimerRow } from '../../contract/link.ts';
import { deepFreeze } from './plain.ts';

export type Timer = {
  readonly object: ObjectId;
  readonly script: string;
  readonly name: string;
  /** Unix seconds. */
  readonly due: number;
  readonly every: number | null;
  readonly data: Json;
};

export type TimerChange = Omit<TimerRow, 'due'> & { readonly due: number | null };

export interface Timers {
  /** Sets or replaces; gives back what was there before. */
  set(timer: Timer): Timer | undefined;
  remove(timer: Pick<Timer, 'object' | 'script' | 'name'>): Timer | undefined;
  find(timer: Pick<Timer, 'object' | 'script' | 'name'>): Timer | undefined;
  count(object: ObjectId): number;
  /** Removes all of an object; their rows go with it. */
  forget(object: ObjectId): void;
  /** Those due at `time`, by due time, then object, script and name. */
  due(time: number): readonly Timer[];
  next(): number | null;
  /** What changed since the last call. */
  takeChanges(): readonly TimerChange[];
  /** Takes one in that is stored already. */
  restore(row: TimerRow): void;
  all(): readonly Timer[];
  clear(): void;
}

export function createTimers(): Timers {
  const byObject = new Map<ObjectId, Map<string, Timer>>();
  const changed = new Map<string, Pick<Timer, 'object' | 'script' | 'name'>>();
  /** A heap by due time; entries that were replaced stay until they come up. */
  let heap: Timer[] = [];
  /** How long it may grow before those are taken out. */
  let roomy = 64;

  const keyOf = (timer: { script: string; name: string }) => `${timer.script}\n${timer.name}`;
  const find = (timer: Pick<Timer, 'object' | 'script' | 'name'>) => byObject.get(timer.object)?.get(keyOf(timer));
  const note = (timer: Pick<Timer, 'object' | 'script' | 'name'>) =>
    changed.set(`${timer.object}\n${keyOf(timer)}`, { object: timer.object, script: timer.script, name: timer.name });

  function store(timer: Timer): Timer | undefined {
    const own = byObject.get(timer.object) ?? new Map<string, Timer>();
    const old = own.get(keyOf(timer));
    own.set(keyOf(timer), timer);
    byObject.set(timer.object, own);
    if (heap.length >= roomy) tidy();
    rise(heap, timer);
    return old;
  }

  /** A timer set again and again to a far day would fill the memory that all scripts of the zone share. */
  function tidy(): void {
    heap = heap.filter((timer) => find(timer) === timer).sort((a, b) => a.due - b.due);
    roomy = 64 + 2 * heap.length;
  }

  /** Drops entries on top that were replaced or removed. */
  function top(): Timer | undefined {
    while (heap[0] && find(heap[0]) !== heap[0]) sink(heap);
    return heap[0];
  }

  return {
    set(timer) {
      note(timer);
      return store(timer);
    },
    remove(timer) {
      const old = find(timer);
      if (old) {
        byObject.get(timer.object)?.delete(keyOf(timer));
        note(timer);
      }
      return old;
    },
    find,
    count: (object) => byObject.get(object)?.size ?? 0,
    forget(object) {
      byObject.delete(object);
      for (const [key, timer] of changed) if (timer.object === object) changed.delete(key);
    },
    due(time) {
      // An undone replacement leaves a timer in the heap twice.
      const due = new Set<Timer>();
      for (let timer = top(); timer && timer.due <= time; timer = top()) {
        due.add(timer);
        sink(heap);
      }
      return [...due].sort((a, b) => a.due - b.due || order(a.object, b.object) || order(keyOf(a), keyOf(b)));
    },
    next: () => top()?.due ?? null,
    takeChanges() {
      const changes = [...changed.values()].map(
        (timer): TimerChange => find(timer) ?? { ...timer, due: null, every: null, data: null },
      );
      changed.clear();
      return changes;
    },
    restore(row) {
      deepFreeze(row.data);
      store(row);
    },
    all: () => [...byObject.values()].flatMap((own) => [...own.values()]),
    clear() {
      byObject.clear();
      changed.clear();
      heap.length = 0;
    },
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rise(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if ((heap[parent] as Timer).due <= timer.due) break;
    heap[at] = heap[parent] as Timer;
    at = parent;
  }
  heap[at] = timer;
}

/** Takes the top off. */
function sink(heap: Timer[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as Timer).due < (heap[child] as Timer).due) child++;
    if ((heap[child] as Timer).due >= last.due) break;
    heap[at] = heap[child] as Timer;
    at = child;
  }
  heap[at] = last;
}
