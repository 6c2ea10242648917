/** Timers of a zone's objects as data: one per object, script and name. The runtime fires them; this is what is saved. */
import type { ObjectId, TimerRow } from '../contract/link.ts';
import { sizeOf } from './check.ts';

export type TimerChange = Omit<TimerRow, 'due'> & { readonly due: number | null };

export interface Timers {
  /** About how many bytes all of them take: a frame must hold them. */
  readonly bytes: number;
  /** Sets, replaces or (due null) removes one. */
  apply(change: TimerChange): void;
  of(object: ObjectId): readonly TimerRow[];
  all(): readonly TimerRow[];
  /** Removes an object's timers without marking them as changed: their rows go with the object. */
  forget(object: ObjectId): void;
  /** Unix seconds of the earliest one, or null. */
  nextDue(): number | null;
  count(object: ObjectId): number;
  unsaved(): boolean;
  /** What changed since the last call, for the persist set. */
  takeUnsaved(): readonly TimerChange[];
}

type Slot = { readonly due: number; readonly row: TimerRow };

/** Entries that the heap has room for at least. */
const leastRoom = 64;

export function createTimers(rows: readonly TimerRow[]): Timers {
  const byObject = new Map<ObjectId, Map<string, TimerRow>>();
  const changed = new Map<string, TimerChange>();
  /** Binary heap by due time; entries that were replaced stay until they come up, or until there are too many. */
  let heap: Slot[] = [];
  /** How long it may grow before those are taken out. */
  let roomy = leastRoom;
  let bytes = 0;

  const nameOf = (timer: { script: string; name: string }) => `${timer.script}\n${timer.name}`;
  const keyOf = (timer: { object: ObjectId; script: string; name: string }) => `${timer.object}\n${nameOf(timer)}`;

  function put(row: TimerRow): void {
    const own = byObject.get(row.object) ?? new Map<string, TimerRow>();
    bytes += weightOf(row) - weightOf(own.get(nameOf(row)));
    own.set(nameOf(row), row);
    byObject.set(row.object, own);
    push({ due: row.due, row });
  }

  const isCurrent = ({ row }: Slot) => byObject.get(row.object)?.get(nameOf(row)) === row;

  /** A timer that is set again and again to a far day would fill the memory of the worker, which no isolate counts. */
  function tidy(): void {
    heap = heap.filter(isCurrent).sort((a, b) => a.due - b.due);
    roomy = leastRoom + 2 * heap.length;
  }

  function push(slot: Slot): void {
    if (heap.length >= roomy) tidy();
    let at = heap.push(slot) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as Slot).due <= slot.due) break;
      heap[at] = heap[parent] as Slot;
      at = parent;
    }
    heap[at] = slot;
  }

  function pop(): void {
    const last = heap.pop() as Slot;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Slot).due < (heap[child] as Slot).due) child++;
      if ((heap[child] as Slot).due >= last.due) break;
      heap[at] = heap[child] as Slot;
      at = child;
    }
    heap[at] = last;
  }

  for (const row of rows) put(row);

  return {
    get bytes() {
      return bytes;
    },
    apply(change) {
      changed.set(keyOf(change), change);
      if (change.due !== null) return put({ ...change, due: change.due });
      const own = byObject.get(change.object);
      bytes -= weightOf(own?.get(nameOf(change)));
      own?.delete(nameOf(change));
      if (own?.size === 0) byObject.delete(change.object);
    },
    of: (object) => [...(byObject.get(object)?.values() ?? [])],
    all: () => [...byObject.values()].flatMap((own) => [...own.values()]),
    forget(object) {
      for (const row of byObject.get(object)?.values() ?? []) {
        changed.delete(keyOf(row));
        bytes -= weightOf(row);
      }
      byObject.delete(object);
    },
    nextDue() {
      for (let top = heap[0]; top; top = heap[0]) {
        if (isCurrent(top)) return top.due;
        pop();
      }
      return null;
    },
    count: (object) => byObject.get(object)?.size ?? 0,
    unsaved: () => changed.size > 0,
    takeUnsaved() {
      const changes = [...changed.values()];
      changed.clear();
      return changes;
    },
  };
}

/** Bytes of a row beside what it carries. */
const rowBytes = 130;

/** About how many bytes a timer takes as JSON; none: 0. */
export function weightOf(timer: Pick<TimerRow, 'script' | 'name' | 'data'> | undefined): number {
  return timer ? rowBytes + sizeOf([timer.script, timer.name, timer.data]) : 0;
}
