/**
 * What keeps a zone's scripts within bounds while it runs: budgets, probation of new builds, what follows a stop, isolates
 * that are made anew. It looks at each tick after it happened and acts between two ticks; what it decides for the next
 * one is part of that step, so that it replays.
 */
import type { Program } from '../contract/content.ts';
import type { Throttle } from '../contract/driver.ts';
import type { Caution, ObjectId, ScriptLimits, ScriptReport, ToNode } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import { createBudget } from './budget.ts';
import { convictingPart, createConvictions } from './convictions.ts';
import type { Culprit } from './culprit.ts';
import type { Stop } from './isolate.ts';
import { concernsIn, createProbation, meansOf, type Probation } from './probation.ts';
import { reportSlow } from './slow-report.ts';
import type { Ticked } from './step.ts';
import type { Zone } from './zone.ts';

export const defaultLimits: ScriptLimits = {
  objectPercent: 2,
  kindPercent: 25,
  zonePercent: 60,
  probationMs: 3_000,
  recycleMs: 1_800_000,
};

export type GuardOptions = {
  readonly zone: Zone;
  readonly clock: Clock;
  readonly limits: ScriptLimits;
  readonly tickLimitMs: number;
  /** Seconds of a tick. */
  readonly dt: number;
  readonly caution: Caution;
  /** Proven builds of programs the zone was loaded with. */
  readonly former: readonly Program[];
  readonly send: (
    message: DistributiveOmit<Extract<ToNode, { type: 'judged' | 'convicted' }>, 'zone' | 'epoch'>,
  ) => void;
};

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface Guard {
  /** Takes what the next step is to be told of. */
  orders(): { readonly throttles: readonly Throttle[]; readonly settled: boolean };
  /** Looks at what a tick did, and acts. */
  after(ticked: Ticked): void;
  /** Ends a probation whose time is over. Called in each turn, also when nothing ticked. */
  look(): void;
  /** New programs of the node. */
  programs(next: readonly Program[], way: 'new' | 'back'): ReturnType<Zone['swap']>;
  /** A build has failed in another zone: it goes back here too, if it has not proven itself. */
  refuse(why: ScriptReport): void;
  /** The zone sleeps or closes: nobody will know in time whether new builds are good. */
  pause(): void;
  /** Puts a fresh isolate in place of the one that runs, for its memory. */
  recycle(): void;
  /** Monotonic milliseconds at which it has something to do although the zone is at rest, or null. */
  nextMs(): number | null;
  everyOf(kind: string): Throttle['every'];
  everyOfObject(id: ObjectId): Throttle['every'];
}

/** Ticks after which an isolate is made anew, and ticks of careful mode. */
const recycledTicks = 1_000_000;
const carefulTicks = 100;
/** Ticks that a build must have run for before others are measured by it. */
const leastFormer = 10;

export function createGuard(options: GuardOptions): Guard {
  const { zone, clock, limits, send } = options;
  const budget = createBudget(limits, zone.costs);
  const convictions = createConvictions({ zone, tickLimitMs: options.tickLimitMs, send, onRebuilt: isNewer });
  let throttles: Throttle[] = [];
  let settled = false;
  let probation: Probation | null = null;
  let untilMs = 0;
  /** Stops since it began that name nobody. */
  let unnamed = 0;
  /** Monotonic milliseconds since which the zone sleeps: no build proves itself meanwhile. */
  let pausedMs: number | null = null;
  /** A zone that could not keep its pace gets the ticks of its probation, but not for ever. */
  let untilTick = 0;
  let latestMs = 0;
  let builtMs = clock.monotonicMs();
  let builtTick = zone.now.tick;
  /** When the programs that run came. */
  let buildsTick = zone.now.tick;
  let carefulUntil = options.caution === 'careful' ? zone.now.tick + carefulTicks : null;

  if (options.former.length > 0) begin(withFormer(zone.programs, options.former));

  /** What a zone was loaded with goes back at once where it could not be used. */
  function begin(former: readonly Program[]): void {
    prove(former, zone.programs, null);
    const trial = probation;
    const why = trial && zone.leftOut().find(({ script, build }) => trial.concerns(script, build));
    if (trial && why) goBack(trial, why);
  }

  function prove(
    former: readonly Program[],
    programs: readonly Program[],
    formerMean: ReadonlyMap<string, number> | null,
  ): void {
    probation = createProbation({
      ...{ former, programs, formerMean, makeReport: zone.makeReport },
      concerns: concernsIn(zone),
    });
    untilMs = clock.monotonicMs() + limits.probationMs;
    latestMs = untilMs + limits.probationMs;
    untilTick = zone.now.tick + Math.floor(limits.probationMs / 1_000 / options.dt);
    unnamed = 0;
    zone.measure(probation !== null);
    zone.hurry(probation !== null);
    if (probation) return;
    // They are the proven ones.
    settled = true;
  }

  /** What the builds that run cost, kept as it is; null when they have not run for long enough. */
  function means(): ReadonlyMap<string, number> | null {
    return zone.now.tick - buildsTick < leastFormer ? null : meansOf(zone);
  }

  function isNewer(): void {
    builtMs = clock.monotonicMs();
    builtTick = zone.now.tick;
  }

  function swap(programs: readonly Program[], proving: boolean): ReturnType<Zone['swap']> {
    const before = buildsOf(zone.programs);
    const swapped = zone.swap(programs, proving);
    if (!swapped.ok) return swapped;
    const now = buildsOf(zone.programs);
    budget.forget((kind) => before.get(kind) !== now.get(kind));
    isNewer();
    buildsTick = zone.now.tick;
    return swapped;
  }

  /** The former builds run again before the next tick. */
  function goBack(trial: Probation, why: ScriptReport): void {
    endProbation();
    const resting = zone.programs.filter((program) => program.resting !== undefined);
    const former = trial.former.map((program) => resting.find(isSame(program)) ?? program);
    const { ok, reports } = swap(former, false);
    if (!ok) {
      // Not even those can be loaded any more: what is new rests until somebody saves something better.
      for (const report of reports) zone.reports.add(report);
      convictions.rest((program) => trial.concerns(program.name, program.build), why);
      return;
    }
    send({
      ...{ type: 'judged', tick: zone.now.tick, builds: trial.builds, back: why },
      ...{ kinds: [...zone.kinds.values()], handlers: zone.handlers },
    });
  }

  function endProbation(): void {
    probation = null;
    zone.measure(false);
    zone.hurry(false);
  }

  function stopped(stop: Stop): void {
    const culprit = zone.culprit(stop);
    const report = zone.reportOn(stop);
    const isHurried = stop.fault.kind === 'timeout' && stop.limitMs < options.tickLimitMs;
    if (isHurried && !(culprit && didIt(culprit, stop))) {
      // It had less time than it may take, and others or the machine took some of that: it is run again, with all its time.
      zone.hurry(false);
      zone.unblamed();
      return;
    }
    if (culprit && isCallers(culprit)) return;
    if (probation && culprit && probation.concerns(culprit.program.name, culprit.program.build)) {
      goBack(probation, report);
      return;
    }
    if (!culprit) {
      // What names nobody may have been the machine: once.
      if (probation && ++unnamed > 1) goBack(probation, onTrial(probation, report));
      else zone.unblamed();
      return;
    }
    const { program } = culprit;
    if (convictions.isGuilty(program, stop)) convictions.rest((each) => each === program, report);
    else zone.unblamed();
  }

  /** A build on probation did it, by work of its own. */
  function didIt({ program }: Culprit, { handlerMs, limitMs }: Stop): boolean {
    return handlerMs > limitMs * convictingPart && probation?.concerns(program.name, program.build) === true;
  }

  /** Players are no off-switch: what was stopped in their calls stops for them alone, until there are many of them. */
  function isCallers({ program }: Culprit): boolean {
    const barring = zone.caller();
    if (!barring || !convictions.isTheirs(program, barring.owner)) return false;
    const failed = zone.rebuild(zone.programs, barring);
    isNewer();
    if (failed) zone.unblamed();
    return true;
  }

  /** A report that names nobody, as one of a build that it is counted against. */
  function onTrial(trial: Probation, { handler, message }: ScriptReport): ScriptReport {
    const by = zone.programs.find(({ name, build }) => trial.concerns(name, build));
    return zone.makeReport(null, 'stopped', handler, message, by && { script: by.name, build: by.build });
  }

  function judgeBudgets(): void {
    for (const decision of budget.judge(clock.monotonicMs())) {
      throttles.push(decision.throttle);
      zone.reports.add(reportSlow(decision, zone));
    }
  }

  function recycle(): void {
    zone.recycle();
    isNewer();
  }

  function keepFresh(): void {
    const { tick } = zone.now;
    if (carefulUntil !== null && tick >= carefulUntil) {
      carefulUntil = null;
      zone.trust();
      recycle();
    }
    const isOld = clock.monotonicMs() - builtMs >= limits.recycleMs || tick - builtTick >= recycledTicks;
    if (isOld && !probation) recycle();
  }

  function look(): void {
    if (pausedMs !== null) {
      untilMs += clock.monotonicMs() - pausedMs;
      latestMs += clock.monotonicMs() - pausedMs;
      pausedMs = null;
    }
    const nowMs = clock.monotonicMs();
    if (!probation || nowMs < untilMs) return;
    if (zone.now.tick < untilTick && nowMs < latestMs && !zone.atRest()) {
      untilMs = Math.min(latestMs, nowMs + options.dt * 1_000);
      return;
    }
    const { builds } = probation;
    endProbation();
    settled = true;
    const kinds = [...zone.kinds.values()];
    send({ type: 'judged', tick: zone.now.tick, builds, back: null, kinds, handlers: zone.handlers });
  }

  return {
    orders() {
      const taken = { throttles, settled };
      throttles = [];
      settled = false;
      return taken;
    },
    after(ticked) {
      if (ticked.stop) {
        stopped(ticked.stop);
        return;
      }
      const why = probation?.look(ticked.reports, ticked.spent, (number) => zone.handlers[number]);
      if (probation && why) goBack(probation, why);
      else look();
      judgeBudgets();
      keepFresh();
    },
    look,
    programs(next, way) {
      // Whoever did not prove itself yet is not what others go back to.
      const former = probation?.former ?? zone.programs;
      const known = probation ? probation.formerMean : means();
      const swapped = swap(next, way === 'new');
      if (!swapped.ok) return swapped;
      endProbation();
      convictions.forget();
      if (way === 'new') prove(former, next, known);
      return swapped;
    },
    refuse(why) {
      if (probation?.concerns(why.script, why.build)) goBack(probation, why);
    },
    pause() {
      pausedMs ??= clock.monotonicMs();
    },
    recycle,
    nextMs() {
      const now = throttles.length > 0 || settled ? clock.monotonicMs() : null;
      const times = [now, probation && untilMs, budget.nextMs()].filter((time) => time !== null);
      return times.length === 0 ? null : Math.min(...times);
    },
    everyOf: budget.everyOf,
    everyOfObject: budget.everyOfObject,
  };
}

function isSame({ path, build }: Program): (other: Program) => boolean {
  return (other) => other.path === path && other.build === build;
}

function buildsOf(programs: readonly Program[]): ReadonlyMap<string, string> {
  return new Map(programs.map(({ name, build }) => [name, build]));
}

/** The programs with those in place of which a proven build is known. */
function withFormer(programs: readonly Program[], former: readonly Program[]): readonly Program[] {
  const proven = new Map(former.map((program) => [program.path, program]));
  return programs.map((program) => proven.get(program.path) ?? program);
}
