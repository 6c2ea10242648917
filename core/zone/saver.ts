/** What of a zone is not saved yet, and the persist set of it: everything changed since the last one, as of one tick. */
import type { JsonObject } from '../contract/content.ts';
import type { KeepFrame, Line, Pending, ZoneSaved } from '../contract/link.ts';
import type { Objects } from './objects.ts';
import type { Timers } from './timers.ts';

export interface Saver {
  /** State of the zone's own script; read by everybody, changed through `world`. */
  readonly state: JsonObject;
  readonly keep: JsonObject;
  world(state: JsonObject | null, keep: JsonObject | null): void;
  line(line: Line): void;
  /** Whether the messages of the next tick are other than those that were saved. */
  unsaved(pending: readonly Pending[]): boolean;
  take(pending: readonly Pending[]): KeepFrame;
}

/** Lines kept between two flushes. */
const mostLines = 1_000;

export function createSaver(saved: ZoneSaved, objects: Objects, timers: Timers): Saver {
  let state = saved.state;
  let keep = saved.keep;
  let lines: Line[] = [];
  let dirty = !saved.populated;
  let savedPending = saved.pending.length > 0;

  return {
    get state() {
      return state;
    },
    get keep() {
      return keep;
    },
    world(changed, kept) {
      if (changed) state = { ...state, ...changed };
      if (kept) keep = kept;
      dirty ||= changed !== null || kept !== null;
    },
    line(line) {
      if (lines.length < mostLines) lines.push(line);
    },
    unsaved(pending) {
      if (dirty || lines.length > 0 || objects.unsaved() || timers.unsaved()) return true;
      return pending.length > 0 || savedPending;
    },
    take(pending) {
      const set: KeepFrame = {
        populated: true,
        state,
        keep,
        pending,
        ...objects.takeUnsaved(),
        timers: timers.takeUnsaved(),
        lines,
        nextDue: timers.nextDue(),
      };
      lines = [];
      dirty = false;
      savedPending = pending.length > 0;
      return set;
    },
  };
}
