/**
 * How much of a core an object, a kind and a zone may use, judged over seconds of CPU time. What is above is not stopped
 * at once: its `tick` runs every 2nd, 4th, 8th time, then it rests for a while, and it comes back step by step.
 */
import type { Throttle } from '../contract/driver.ts';
import type { ObjectId, ScriptLimits } from '../contract/link.ts';
import { roost, windowMs, type ZoneCosts } from './costs.ts';

/** A limit that changes, and why. */
export type Decision = {
  readonly throttle: Throttle;
  /** What it spends, and may, in percent of a core. */
  readonly percent: number;
  readonly budget: number;
  /** Whose budget it is: of a zone over its own, the dearest kind gives way. */
  readonly of: 'object' | 'kind' | 'zone';
  /** Seconds that it rests. */
  readonly restS: number;
};

export interface Budget {
  /** New limits, at most once a second. */
  judge(nowMs: number): readonly Decision[];
  everyOf(kind: string): Throttle['every'];
  everyOfObject(id: ObjectId): Throttle['every'];
  /** Monotonic milliseconds at which one that rests is to be tried again, or null. */
  nextMs(): number | null;
  /** Other scripts: what is known of these kinds is about former builds. */
  forget(isNew: (kind: string) => boolean): void;
}

/** Milliseconds between two judgements. */
const judgedMs = 1_000;
/** The least that is judged: so many entries, for an object so many samples with something in them; more for the first limit. */
const leastEntries = 10;
const leastHits = 4;
const firstHits = 6;
/** After a change, so long until the next is thought of, and the way back. */
const settleMs = 2_000;
const calmMs = windowMs;
/** One comes back when it would stay below this part of its budget. */
const calmPart = 0.8;
const firstRestS = 10;
const longestRestS = 320;

type Every = Throttle['every'];
type Level = { every: Every; sinceMs: number; restS: number; untilMs: number };

export function createBudget(limits: ScriptLimits, costs: ZoneCosts): Budget {
  const kinds = new Map<string, Level>();
  const objects = new Map<ObjectId, Level>();
  let lastMs = Number.NEGATIVE_INFINITY;
  let zoneSinceMs = Number.NEGATIVE_INFINITY;

  const fresh = (): Level => ({ every: 1, sinceMs: Number.NEGATIVE_INFINITY, restS: 0, untilMs: 0 });

  function set(level: Level, every: Every, nowMs: number): void {
    if (every === 0) {
      // A rest long ago is forgiven.
      const isAgain = level.restS > 0 && nowMs - level.untilMs < longestRestS * 1000;
      level.restS = isAgain ? Math.min(longestRestS, level.restS * 2) : firstRestS;
      level.untilMs = nowMs + level.restS * 1000;
    }
    level.every = every;
    level.sinceMs = nowMs;
  }

  /** The next limit for one that uses `share` of a core while it is limited as it is; null when it stays. */
  function next(level: Level, share: number, limit: number, nowMs: number, isCrowded: boolean): Every | null {
    if (level.every === 0) return nowMs >= level.untilMs ? 8 : null;
    if (nowMs - level.sinceMs < settleMs) return null;
    if (share > limit) return slower(level.every, (share * level.every) / limit);
    const isCalm = nowMs - level.sinceMs >= calmMs && share * 2 < limit * calmPart;
    return level.every > 1 && isCalm && !isCrowded ? faster(level.every) : null;
  }

  function judgeKinds(nowMs: number, isCrowded: boolean): Decision[] {
    const decisions: Decision[] = [];
    const all = costs.window(nowMs);
    for (const kind of new Set([...all.kinds.keys(), ...kinds.keys()])) {
      if (kind === roost) continue;
      const level = kinds.get(kind) ?? fresh();
      const window = level.every === 1 ? all : costs.window(nowMs, level.sinceMs);
      if (level.every !== 0 && window.entries < leastEntries) continue;
      const share = (window.kinds.get(kind)?.ms ?? 0) / spanOf(level, window.spanMs);
      const limit = limits.kindPercent / 100;
      const every = next(level, share, limit, nowMs, isCrowded);
      if (every === null) continue;
      set(level, every, nowMs);
      keep(kinds, kind, level, nowMs);
      const throttle = { kind, object: null, every };
      decisions.push({ throttle, percent: share * 100, budget: limits.kindPercent, of: 'kind', restS: level.restS });
    }
    return decisions;
  }

  function judgeObjects(nowMs: number): Decision[] {
    const decisions: Decision[] = [];
    const spent = costs.objects(nowMs);
    for (const id of new Set([...spent.keys(), ...objects.keys()])) {
      const { steadyMs, spanMs, hits } = spent.get(id) ?? { steadyMs: 0, spanMs: 0, hits: 0 };
      const level = objects.get(id) ?? fresh();
      const share = steadyMs / Math.max(windowMs, spanMs);
      const limit = limits.objectPercent / 100;
      if (level.every === 1 && (hits < firstHits || share <= limit)) continue;
      if (level.every !== 0 && share > limit && hits < leastHits) continue;
      const every = next(level, share, limit, nowMs, false);
      if (every === null) continue;
      set(level, every, nowMs);
      costs.forgetObject(id, nowMs);
      keep(objects, id, level, nowMs);
      const throttle = { kind: null, object: id, every };
      decisions.push({
        throttle,
        percent: share * 100,
        budget: limits.objectPercent,
        of: 'object',
        restS: level.restS,
      });
    }
    return decisions;
  }

  /** A zone above its own budget: the kind that spends most gives way, one step at a time. */
  function judgeZone(nowMs: number, percent: number): Decision[] {
    if (percent <= limits.zonePercent || nowMs - zoneSinceMs < settleMs) return [];
    const window = costs.window(nowMs, zoneSinceMs);
    if (window.entries < leastEntries) return [];
    const [dearest] = [...window.kinds]
      .filter(([kind]) => kind !== roost && kinds.get(kind)?.every !== 0)
      .sort(([, a], [, b]) => b.ms - a.ms);
    if (!dearest || dearest[1].ms === 0) return [];
    const [kind] = dearest;
    const level = kinds.get(kind) ?? fresh();
    const every = slower(level.every, level.every * 2) as Every;
    set(level, every, nowMs);
    keep(kinds, kind, level, nowMs);
    zoneSinceMs = nowMs;
    const throttle = { kind, object: null, every };
    return [{ throttle, percent, budget: limits.zonePercent, of: 'zone', restS: level.restS }];
  }

  return {
    judge(nowMs) {
      if (nowMs - lastMs < judgedMs) return [];
      lastMs = nowMs;
      const window = costs.window(nowMs, zoneSinceMs);
      const share = window.ms / (zoneSinceMs > nowMs - windowMs ? Math.max(settleMs, window.spanMs) : windowMs);
      const isCrowded = share * 100 > limits.zonePercent * calmPart;
      const decisions = [...judgeKinds(nowMs, isCrowded), ...judgeObjects(nowMs)];
      return decisions.length > 0 ? decisions : judgeZone(nowMs, share * 100);
    },
    everyOf: (kind) => kinds.get(kind)?.every ?? 1,
    everyOfObject: (id) => objects.get(id)?.every ?? 1,
    nextMs() {
      const rests = [...kinds.values(), ...objects.values()].filter(({ every }) => every === 0);
      return rests.length === 0 ? null : Math.min(...rests.map(({ untilMs }) => untilMs));
    },
    forget(isNew) {
      for (const kind of [...kinds.keys()]) if (isNew(kind)) kinds.delete(kind);
      objects.clear();
    },
  };
}

/** Judged over five seconds, or since the limit changed when that is less; never over a moment. */
function spanOf(level: Level, spanMs: number): number {
  return level.every === 1 ? windowMs : Math.max(settleMs, spanMs);
}

/** One that runs as declared and has not rested for long is as good as new. */
function keep<Key>(levels: Map<Key, Level>, key: Key, level: Level, nowMs: number): void {
  if (level.every === 1 && nowMs - level.untilMs > longestRestS * 1000) levels.delete(key);
  else levels.set(key, level);
}

/** The least of 2, 4, 8 that is enough and slower than now; beyond it one rests. */
function slower(now: Every, wanted: number): Every {
  if (now === 8) return 0;
  return ([2, 4, 8] as const).find((every) => every > now && every >= wanted) ?? 8;
}

function faster(now: Every): Every {
  return now === 8 ? 4 : now === 4 ? 2 : 1;
}
