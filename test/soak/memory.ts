/** What the samples of memory and open files say. */
import type { Ledger } from './ledger.ts';
import type { Kind, Sample } from './processes.ts';
import { type Slope, slopeOf } from './slope.ts';

export type Use = {
  readonly most: number;
  readonly last: number;
  /** Over the second half. */
  readonly slope: Slope;
};

export type Memory = Readonly<Record<Kind, { readonly rssMb: Use; readonly files: Use }>>;

/**
 * Megabytes a minute that are no growth. V8 gives memory back when it likes: the level of a process that is steady wanders
 * by some 10 MB in half an hour, which is this slope; a leak of 1 KB per tick of one zone (20 a second) is 1.2.
 */
const rssPerMinute = 0.5;
/** Open files a minute: players come and go, one each. */
const filesPerMinute = 0.5;
/** Shorter than this, filling caches is all there is to see, and the slope is told but not judged. */
const leastMinutes = 5;
/** However short it is: more than this in one process is a leak. A worker may have one copy of a zone more than it runs. */
const most: Readonly<Record<Kind, number>> = { node: 450, worker: 700 };

export function judgeMemory(samples: readonly Sample[], seconds: number, ledger: Ledger): Memory {
  const use = (kind: Kind, value: (sample: Sample) => number): Use => {
    const all = samples.filter((sample) => sample.kind === kind);
    const second = all.filter(({ atS }) => atS >= seconds / 2);
    return {
      most: Math.max(0, ...all.map(value)),
      last: all.at(-1) === undefined ? 0 : value(all.at(-1) as Sample),
      slope: slopeOf(second.map((sample) => ({ life: sample.life, atS: sample.atS, value: value(sample) }))),
    };
  };
  const of = (kind: Kind) => ({ rssMb: use(kind, ({ rssMb }) => rssMb), files: use(kind, ({ files }) => files) });
  const memory = { node: of('node'), worker: of('worker') };
  for (const kind of ['node', 'worker'] as const) {
    const { rssMb, files } = memory[kind];
    if (rssMb.most > most[kind]) ledger.wrong('memory', `a ${kind} had ${rssMb.most.toFixed(0)} MB`);
    if (rssMb.slope.minutes < leastMinutes) continue;
    if (rssMb.slope.perMinute > rssPerMinute)
      ledger.wrong('memory', `a ${kind} grows by ${rssMb.slope.perMinute.toFixed(2)} MB a minute`);
    if (files.slope.perMinute > filesPerMinute)
      ledger.wrong('memory', `a ${kind} opens ${files.slope.perMinute.toFixed(2)} files more a minute`);
  }
  return memory;
}
