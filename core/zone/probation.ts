/**
 * New builds prove themselves for some seconds beside what is known of those before: a throw that no player caused, a
 * stopped tick or a kind that costs many times as much brings the former ones back.
 */
import type { Program } from '../contract/content.ts';
import type { ScriptReport } from '../contract/link.ts';
import { roost, type Spent, zoneKind } from './costs.ts';
import type { MakeReport } from './reporter.ts';
import type { Zone } from './zone.ts';

export type ProbationOptions = {
  /** Proven programs: those that come back. */
  readonly former: readonly Program[];
  readonly programs: readonly Program[];
  /** Mean CPU milliseconds of a tick by kind with the former build; null when nothing is known of it. */
  readonly formerMean: ReadonlyMap<string, number> | null;
  /** Kinds whose objects have a script that is on probation. */
  readonly concerns: (kind: string, isNew: (script: string) => boolean) => boolean;
  readonly makeReport: MakeReport;
};

export interface Probation {
  readonly former: readonly Program[];
  readonly formerMean: ReadonlyMap<string, number> | null;
  readonly builds: readonly { readonly path: string; readonly build: string }[];
  /** Whether that build of that script is on probation. */
  concerns(script: string, build: string): boolean;
  /** Why the former builds come back after this tick, or null. */
  look(throws: readonly ScriptReport[], spent: Spent | null, nameOf: NameOf): ScriptReport | null;
}

export type NameOf = (
  handler: number,
) => { readonly script: string; readonly build: string; readonly handler: string } | undefined;

/** A kind may cost so many times what it did, and less than that is never too much (CPU milliseconds a tick). */
const mostTimes = 10;
const leastMs = 1;
/** Ticks before costs are looked at (an engine is slow with new code), and how many of them are measured at least. */
const warmUp = 5;
const leastTicks = 15;
/** What costs so much (CPU milliseconds a tick) keeps all zones of its worker from their pace: it is judged sooner. */
const grossMs = 10;
const leastGross = 5;
/** Part of the ticks, the dearest ones, that count for nothing: the engine collects its garbage in somebody's tick. */
const spared = 0.15;
/** Different players whose calls threw. */
const mostCallers = 3;

/** Null when the programs are those that were proven. */
export function createProbation(options: ProbationOptions): Probation | null {
  const { former, programs, formerMean, makeReport } = options;
  const proven = new Set(former.map(keyOf));
  const changed = programs.filter((program) => !proven.has(keyOf(program)));
  if (changed.length === 0) return null;
  const names = new Set(changed.map(({ name }) => name));
  const callers = new Map<string, Set<string>>();
  /** What each kind cost in each tick that was measured. */
  const kinds = new Map<string, number[]>();
  const handlers = new Map<number, number>();
  let ticks = 0;

  const concerns = (script: string, build: string) =>
    changed.some((program) => program.name === script && program.build === build);

  function judgeThrow(report: ScriptReport): boolean {
    if (report.what !== 'throw' || !concerns(report.script, report.build)) return false;
    if (!report.callers) return true;
    const known = callers.get(report.script) ?? new Set();
    callers.set(report.script, known);
    for (const caller of report.callers) known.add(caller);
    return known.size >= mostCallers;
  }

  /** Which kind costs too much, with what it costs now and before. */
  function tooDear(): { readonly kind: string; readonly ms: number; readonly before: number } | null {
    const measured = ticks - warmUp;
    if (!formerMean || measured < leastGross) return null;
    for (const [kind, costs] of kinds) {
      const ms = meanOfMost(costs, measured);
      const before = formerMean.get(kind);
      // What was not there before is not dearer than before.
      if (kind === roost || before === undefined || ms <= leastMs || ms <= before * mostTimes) continue;
      if (measured < leastTicks && ms <= grossMs) continue;
      if (options.concerns(kind, (script) => names.has(script))) return { kind, ms, before };
    }
    return null;
  }

  function judgeCosts(nameOf: NameOf): ScriptReport | null {
    const dear = tooDear();
    if (!dear) return null;
    const { kind, ms, before } = dear;
    const [dearest] = [...handlers]
      .map(([number, sum]) => ({ by: nameOf(number), ms: sum / (ticks - warmUp) }))
      .filter(({ by }) => by && concerns(by.script, by.build))
      .sort((a, b) => b.ms - a.ms);
    const by = dearest?.by;
    const what = by ? `${by.script} spends ${inMs(dearest.ms)} a tick here` : `${kind} spends ${inMs(ms)} a tick`;
    const message = `${what}, more than ten times the ${inMs(before)} of the build before`;
    const program = changed.find(({ name }) => name === kind);
    return makeReport(null, 'slow', by?.handler ?? 'tick', message, by ?? (program && toScript(program)));
  }

  return {
    former,
    formerMean,
    builds: changed.map(({ path, build }) => ({ path, build })),
    concerns,
    look(throws, spent, nameOf) {
      const thrown = throws.find(judgeThrow);
      if (thrown) return thrown;
      if (!spent) return null;
      ticks++;
      if (ticks <= warmUp) return null;
      for (const [kind, ms] of spent.kinds) {
        const costs = kinds.get(kind);
        if (costs) costs.push(ms);
        else kinds.set(kind, [ms]);
      }
      for (const [number, ms] of spent.handlers) handlers.set(number, (handlers.get(number) ?? 0) + ms);
      return judgeCosts(nameOf);
    },
  };
}

/** Mean of what is left without the dearest; ticks without a cost had none. */
function meanOfMost(costs: readonly number[], ticks: number): number {
  const without = Math.ceil(ticks * spared);
  const rest = costs.toSorted((a, b) => b - a).slice(without);
  return rest.reduce((sum, ms) => sum + ms, 0) / (ticks - without);
}

function keyOf({ path, build }: Program): string {
  return `${path} ${build}`;
}

function toScript({ name, build }: Program): { readonly script: string; readonly build: string } {
  return { script: name, build };
}

function inMs(ms: number): string {
  return `${ms < 0.1 ? ms.toFixed(2) : ms.toFixed(1)} ms`;
}

/** CPU milliseconds of a tick by kind, with the builds that run. */
export function meansOf({ kinds, costs }: Pick<Zone, 'kinds' | 'costs'>): ReadonlyMap<string, number> {
  return new Map([...kinds.keys(), zoneKind].map((kind) => [kind, costs.mean(kind)]));
}

/** Finds the kinds whose objects have a script that is new, among what is in the zone now. */
export function concernsIn({ objects }: Pick<Zone, 'objects'>): ProbationOptions['concerns'] {
  return (kind, isNew) => {
    if (isNew(kind)) return true;
    return objects.all().some((thing) => thing.kind === kind && thing.scripts.some(isNew));
  };
}
