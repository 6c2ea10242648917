/**
 * Who spends the CPU of a zone. The isolate says how long its handlers ran by its own clock; that is a claim, scaled here
 * to the CPU time that the entry really took. What no handler spent is `@roost`: taking in, giving out, loading.
 */
import type { Costs } from '../contract/driver.ts';
import type { ObjectId } from '../contract/link.ts';
import { isObject } from './check.ts';

/** The runtime and everything around handlers. */
export const roost = '@roost';

export type KindSpent = { ms: number; calls: number; messages: number; spawns: number; says: number };

/** The zone's own script, among kinds. */
export const zoneKind = '@zone';

/** CPU of one entry: by kind with `@roost`, and by handler number and object as far as they were measured. */
export type Spent = {
  readonly kinds: ReadonlyMap<string, number>;
  readonly handlers: ReadonlyMap<number, number>;
};

export type Window = {
  /** Milliseconds from the first entry that counts until now. */
  readonly spanMs: number;
  readonly entries: number;
  /** CPU milliseconds of all. */
  readonly ms: number;
  readonly kinds: ReadonlyMap<string, Readonly<KindSpent>>;
};

/** `steadyMs`: as if the dearest quarter of the samples were like the others; those may be a moment's (new code, garbage). */
export type ObjectSpent = {
  readonly ms: number;
  readonly steadyMs: number;
  readonly spanMs: number;
  readonly hits: number;
};

export interface ZoneCosts {
  /** Books an entry. `claims` are of a tick that ended well. */
  book(nowMs: number, entry: Booked): Spent;
  /** Something that an object of the kind did, beside using CPU. */
  count(nowMs: number, kind: string, what: 'messages' | 'spawns' | 'says'): void;
  /** The last five seconds, or what of them is after `sinceMs`. */
  window(nowMs: number, sinceMs?: number): Window;
  /** Objects that were sampled, with their estimated CPU over `spanMs`: five to ten seconds, in large zones up to 40. */
  objects(nowMs: number): ReadonlyMap<ObjectId, ObjectSpent>;
  /** What was sampled of an object says nothing any more. */
  forgetObject(id: ObjectId, nowMs: number): void;
  /** Mean CPU milliseconds of a kind in a tick since `restart`, by the ticks that ran; 0 for those who had nothing to do. */
  mean(kind: string): number;
  /** CPU milliseconds by kind, of everything booked since the last call of this. */
  takeSpent(): ReadonlyMap<string, number>;
  /** Ticks that were booked since `restart`. */
  ticks(): number;
  /** Other builds: means begin anew. */
  restart(): void;
}

export type Booked = {
  readonly cpuMs: number;
  /** Wall time of the entry, of which `cpuMs` was spent on the CPU. */
  readonly wallMs: number;
  readonly claims: Costs | null;
  /** Whose handler an entry was stopped in, with its share. */
  readonly stopped?: { readonly kind: string; readonly ms: number };
  /** One of so many objects is sampled in a tick. */
  readonly of: number;
};

export const windowMs = 5_000;
/** Objects are timed alone by turns, some eight in a tick (two readings of the clock each) but never more seldom than this. */
const sampledEach = 8;
const leastOf = 16;
const mostOf = 64;
const bucketMs = 500;
/** Ticks that a mean goes back at most. */
const longestMean = 400;
/** Kinds, and handlers, of one entry that are believed. */
const mostClaims = 2_000;

type Bucket = { startMs: number; entries: number; ms: number; readonly kinds: Map<string, KindSpent> };
/** CPU that samples stand for, in milliseconds: of this half of the time, and of the half before. */
type Sample = { now: number[]; last: number[]; sinceMs: number };
/** Part of an object's samples that says nothing of it. */
const spared = 0.25;

/** Which part of the objects is timed alone in a tick: it moves on so that one that ticks every 2nd time is not missed. */
export function sampleAt(tick: number, objects: number): { readonly part: number; readonly of: number } {
  const wanted = objects / sampledEach;
  const of = wanted <= leastOf ? leastOf : wanted <= mostOf / 2 ? mostOf / 2 : mostOf;
  return { part: (tick + Math.floor(tick / of)) % of, of };
}

/**
 * @param known     Whether there is such a kind: others are made up.
 * @param isAlways  Whether an object is timed whenever it runs: of one that runs seldom, turns would hit nothing.
 */
export function createCosts(
  known: (kind: string) => boolean,
  isAlways: (object: ObjectId) => boolean = () => false,
): ZoneCosts {
  let buckets: Bucket[] = [];
  let firstMs: number | null = null;
  const samples = new Map<ObjectId, Sample>();
  /** Samples are kept for one to two of these: the more seldom they are, the longer. */
  let halfMs = windowMs;
  let samplesSinceMs = 0;
  let lastSamplesSinceMs = 0;
  let untold = new Map<string, number>();
  const means = new Map<string, { mean: number; ticks: number }>();
  let ticks = 0;

  function bucketOf(nowMs: number): Bucket {
    const last = buckets.at(-1);
    if (last && nowMs - last.startMs < bucketMs) return last;
    const made: Bucket = { startMs: nowMs, entries: 0, ms: 0, kinds: new Map() };
    buckets = [...buckets.filter(({ startMs }) => nowMs - startMs < windowMs), made];
    firstMs ??= nowMs;
    return made;
  }

  function kindOf(bucket: Bucket, kind: string): KindSpent {
    const found = bucket.kinds.get(kind) ?? { ms: 0, calls: 0, messages: 0, spawns: 0, says: 0 };
    bucket.kinds.set(kind, found);
    return found;
  }

  function learn(kinds: ReadonlyMap<string, number>): void {
    ticks++;
    for (const kind of kinds.keys()) if (!means.has(kind)) means.set(kind, { mean: 0, ticks: ticks - 1 });
    for (const [kind, entry] of means) {
      entry.ticks++;
      entry.mean += ((kinds.get(kind) ?? 0) - entry.mean) / Math.min(longestMean, entry.ticks);
    }
  }

  function sample(nowMs: number, claims: Costs, scale: number, of: number): void {
    halfMs = windowMs * (of / leastOf);
    if (nowMs - samplesSinceMs >= halfMs) turnOver(nowMs);
    for (const { id, ms } of claims.objects.slice(0, mostClaims)) {
      if (!isTime(ms)) continue;
      const entry = samples.get(id) ?? newSample(0);
      entry.now.push(ms * scale * (isAlways(id) ? 1 : of));
      samples.set(id, entry);
    }
  }

  function turnOver(nowMs: number): void {
    const isStale = nowMs - samplesSinceMs >= 2 * halfMs;
    lastSamplesSinceMs = isStale ? nowMs : samplesSinceMs;
    samplesSinceMs = nowMs;
    for (const [id, entry] of samples) {
      if (entry.now.length === 0 || isStale) samples.delete(id);
      entry.last = entry.now;
      entry.now = [];
    }
  }

  return {
    book(nowMs, { cpuMs, wallMs, claims, stopped, of }) {
      const total = Number.isFinite(cpuMs) && cpuMs > 0 ? cpuMs : 0;
      const bucket = bucketOf(nowMs);
      bucket.entries++;
      bucket.ms += total;
      const kinds = new Map<string, number>();
      const handlers = new Map<number, number>();
      let left = total;
      if (claims) {
        const proper = claims.kinds.slice(0, mostClaims).filter(({ kind, ms }) => isTime(ms) && known(kind));
        const sum = proper.reduce((all, { ms }) => all + ms, 0);
        // Handlers get the part of the CPU that they had of the wall, and never more than there was.
        const scale = isTime(sum) ? Math.min(1, total / sum, wallMs > 0 ? total / wallMs : 1) : 0;
        for (const { kind, ms, calls } of proper) {
          kinds.set(kind, (kinds.get(kind) ?? 0) + ms * scale);
          left -= ms * scale;
          if (Number.isSafeInteger(calls) && calls > 0) kindOf(bucket, kind).calls += calls;
        }
        for (const { handler, ms } of claims.handlers.slice(0, mostClaims))
          if (isTime(ms)) handlers.set(handler, (handlers.get(handler) ?? 0) + ms * scale);
        sample(nowMs, claims, scale, of);
        learn(kinds);
      } else if (stopped) {
        const ms = Math.min(total, Math.max(0, stopped.ms));
        kinds.set(stopped.kind, ms);
        left -= ms;
      }
      kinds.set(roost, Math.max(0, left));
      for (const [kind, ms] of kinds) kindOf(bucket, kind).ms += ms;
      for (const [kind, ms] of kinds) untold.set(kind, (untold.get(kind) ?? 0) + ms);
      return { kinds, handlers };
    },
    count(nowMs, kind, what) {
      kindOf(bucketOf(nowMs), kind)[what]++;
    },
    window(nowMs, sinceMs = Number.NEGATIVE_INFINITY) {
      const kinds = new Map<string, KindSpent>();
      let [ms, entries, startMs] = [0, 0, nowMs];
      for (const bucket of buckets) {
        if (nowMs - bucket.startMs >= windowMs || bucket.startMs < sinceMs) continue;
        ms += bucket.ms;
        entries += bucket.entries;
        startMs = Math.min(startMs, bucket.startMs);
        for (const [kind, spent] of bucket.kinds) {
          const all = kinds.get(kind) ?? { ms: 0, calls: 0, messages: 0, spawns: 0, says: 0 };
          for (const key of Object.keys(all) as (keyof KindSpent)[]) all[key] += spent[key];
          kinds.set(kind, all);
        }
      }
      return { spanMs: nowMs - startMs, entries, ms, kinds };
    },
    objects(nowMs) {
      if (nowMs - samplesSinceMs >= halfMs) turnOver(nowMs);
      const all = new Map<ObjectId, ObjectSpent>();
      for (const [id, { now, last, sinceMs }] of samples) {
        const spanMs = nowMs - Math.max(lastSamplesSinceMs, sinceMs, firstMs ?? nowMs);
        const taken = [...last, ...now];
        all.set(id, { ms: sumOf(taken), steadyMs: steadyOf(taken), spanMs, hits: taken.length });
      }
      return all;
    },
    forgetObject(id, nowMs) {
      if (samples.has(id)) samples.set(id, newSample(nowMs));
    },
    mean: (kind) => means.get(kind)?.mean ?? 0,
    takeSpent() {
      const spent = untold;
      untold = new Map();
      return spent;
    },
    ticks: () => ticks,
    restart() {
      means.clear();
      ticks = 0;
    },
  };
}

/** What an isolate claims to have spent, when it has the form of that; null when it is none. */
export function toCosts(claim: Costs): Costs | null {
  const { kinds, handlers, objects } = isObject(claim) ? claim : {};
  return [kinds, handlers, objects].every((list) => Array.isArray(list) && list.every(isObject)) ? claim : null;
}

function newSample(sinceMs: number): Sample {
  return { now: [], last: [], sinceMs };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, ms) => sum + ms, 0);
}

function steadyOf(samples: readonly number[]): number {
  const rest = samples.toSorted((a, b) => b - a).slice(Math.ceil(samples.length * spared));
  return rest.length === 0 ? 0 : (sumOf(rest) / rest.length) * samples.length;
}

function isTime(ms: unknown): boolean {
  return Number.isFinite(ms) && (ms as number) > 0;
}
