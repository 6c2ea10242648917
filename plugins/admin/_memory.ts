/** What administration keeps at hand: who is muted until when, which accounts are banned, a stop that is on its way. */
import { type Off, perNode } from 'roost/plugin';

/** An end in Unix seconds; null never comes. */
export type Until = number | null;

export type Memory = {
  /** Muted accounts by id, and guests by owner. */
  mutes: ReadonlyMap<string, Until>;
  /** Banned accounts by id. */
  bans: ReadonlyMap<string, Until>;
  /** The changes of privileges so far. */
  changes: Promise<void>;
  shutdown: { readonly at: number; readonly reason: string; readonly cancel: Off } | null;
};

/** Of the node whose host it is: several may live in one process. */
export const memoryOf = perNode<Memory>(() => ({
  mutes: new Map(),
  bans: new Map(),
  changes: Promise.resolve(),
  shutdown: null,
}));

export function holds(ends: ReadonlyMap<string, Until>, key: string, now: number): boolean {
  const until = ends.get(key);
  return until !== undefined && (until === null || until > now);
}
