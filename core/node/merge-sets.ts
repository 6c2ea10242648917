import type { KeepFrame } from '../contract/link.ts';
import type { SaveSet } from '../store/store.ts';

/** Lines that wait for a database that is away; the oldest go first. */
const linesMost = 5_000;

/** Two sets of one zone as one: what the later one says holds. Both must be of the same epoch. */
export function mergeSets(earlier: SaveSet, later: SaveSet): SaveSet {
  return {
    ...later,
    keep: mergeKeeps(earlier, later),
    moves: [...earlier.moves, ...later.moves],
    once: [...earlier.once, ...later.once],
    strict: earlier.strict || later.strict,
  };
}

function mergeKeeps(earlier: SaveSet, later: SaveSet): KeepFrame {
  const removed = new Set([...earlier.keep.removed, ...later.keep.removed]);
  // What left with a move in the earlier set is not of this zone any more, unless it came back, which is a commit between.
  const objects = new Map(earlier.keep.objects.map((row) => [row.id, row]));
  for (const row of later.keep.objects) objects.set(row.id, row);
  for (const id of later.keep.removed) objects.delete(id);
  const timers = new Map<string, KeepFrame['timers'][number]>();
  for (const timer of [...earlier.keep.timers, ...later.keep.timers]) {
    if (removed.has(timer.object)) continue;
    timers.set(`${timer.object}\n${timer.script}\n${timer.name}`, timer);
  }
  return {
    ...later.keep,
    objects: [...objects.values()],
    removed: [...removed],
    timers: [...timers.values()],
    lines: [...earlier.keep.lines, ...later.keep.lines].slice(-linesMost),
  };
}
