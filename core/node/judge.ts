/**
 * What follows from a build's failure or success, wherever it was seen: it is remembered, recorded and told. The zones
 * hear of it by being given their programs again.
 */
import type { Program } from '../contract/content.ts';
import type { ScriptReport, ZoneId } from '../contract/link.ts';
import type { Clock, Log, Reports, SwapOutcome } from '../contract/ports.ts';
import type { WatchMessage } from '../contract/protocol.ts';
import type { IncidentWhat } from '../contract/replay.ts';
import { toPlainText } from '../report/plain.ts';
import { everywhere } from '../store/store.ts';
import type { Blamed } from './blame.ts';
import type { Builds } from './builds.ts';
import type { Incidents } from './incidents.ts';
import type { Swaps } from './swaps.ts';

export interface Judge {
  /** Nothing went wrong in its first seconds. */
  passed(zone: ZoneId, programs: readonly Program[]): Promise<void>;
  /** Its probation ended badly: it runs in no zone any more. */
  back(blamed: Blamed): Promise<void>;
  /** It was stopped and rests in that zone. */
  convicted(blamed: Blamed): Promise<void>;
  /** It ended a worker. */
  killed(blamed: Blamed): Promise<void>;
  /** It failed on a copy: no zone has seen it. @param died  It took the worker with it. */
  refused(blamed: Blamed, died: boolean): Promise<void>;
  /** A new build of a file that a person has to lift first. */
  held(program: Program): void;
  /** A build that was saved once more, although it is known not to run: its author is told why again. */
  again(program: Program): void;
}

export type JudgeOptions = {
  readonly builds: Builds;
  readonly swaps: Swaps;
  /** Keeps what led to it. */
  readonly incidents: Pick<Incidents, 'write'>;
  readonly reports: Reports;
  readonly clock: Clock;
  readonly log: Log;
};

export function createJudge({ builds, swaps, incidents, reports, clock, log }: JudgeOptions): Judge {
  async function against({ program, report }: Blamed, { scope, outcome, what, kill, left }: Verdict): Promise<void> {
    // At once: the zone goes on, and what is recorded of it with it.
    const incident = left === null ? null : incidents.write(left, report);
    const { path, build, name } = program;
    const reason = inWords(report);
    const { object, handler, file, line, column } = report;
    const where = { object, handler, reason, file, line };
    const row = { zone: scope, path, build, script: name, ...where, at: clock.now() };
    const heldWhy = await builds.quarantine(row, kill);
    const [next] = builds.choose(report.zone, [program]).programs;
    const former = next?.build === build ? undefined : next?.build;
    const place = { file, line, column, why: reason, runs: former ?? 'nothing: it rests' };
    log.warn(
      { zone: report.zone, object, script: name, path, build, handler, ...place, incident },
      `script ${outcome}`,
    );
    swaps.settle(program, { outcome, former, place: report.zone, why: reason, line: report.line, object, handler });
    reports.watch(toWatch(program, report, { what, former, incident, at: clock.now() }));
    if (heldWhy !== null) tellHeld(program, heldWhy);
  }

  function tellHeld({ path, build }: Program, why: string): void {
    const message = `${path} is held: ${why}; somebody has to lift it (host.lift)`;
    log.warn({ path, build, why }, 'script held');
    reports.watch({ what: 'quarantine', path, build, message, at: clock.now() });
  }

  return {
    async passed(zone, programs) {
      const fresh = programs.filter((program) => builds.isUnproven(program));
      const former = new Map(fresh.map(({ path }) => [path, builds.good(path)?.build]));
      await builds.passed(fresh);
      for (const program of fresh) {
        swaps.settle(program, { outcome: 'passed', former: former.get(program.path), place: zone });
      }
      await swaps.idle();
      for (const program of fresh) {
        log.info({ zone, path: program.path, build: program.build }, 'script passed its probation');
      }
    },
    back: (blamed) =>
      against(blamed, { scope: everywhere, outcome: 'back', what: 'back', kill: false, left: 'rollback' }),
    convicted: (blamed) =>
      against(blamed, { ...quarantined, scope: blamed.report.zone, kill: false, left: 'quarantine' }),
    killed: (blamed) => against(blamed, { ...quarantined, scope: blamed.report.zone, kill: true, left: 'kill' }),
    refused: (blamed, died) =>
      against(blamed, { scope: everywhere, outcome: 'refused', what: 'quarantine', kill: died, left: null }),
    again(program) {
      const known = builds.refused(program);
      if (!known || !swaps.isOpen(program)) return;
      const { path, build } = program;
      const { reason, file, line, object, handler } = known;
      swaps.settle(program, { outcome: 'refused', place: '', why: reason, line, object, handler });
      const former = builds.good(path)?.build;
      reports.watch({
        ...{ what: 'quarantine', path: file || path, build, message: reason, at: clock.now() },
        ...(line > 0 ? { line } : {}),
        ...(handler === '' ? {} : { handler }),
        ...(former === undefined || former === build ? {} : { former }),
      });
    },
    held(program) {
      const why = builds.held(program.path)?.why ?? '';
      swaps.settle(program, { outcome: 'held', place: '', why });
      tellHeld(program, why);
    },
  };
}

const quarantined = { outcome: 'quarantined', what: 'quarantine' } as const;

type Verdict = {
  readonly scope: string;
  readonly outcome: SwapOutcome;
  readonly what: WatchMessage['what'];
  readonly kill: boolean;
  /** What kind of incident is left of it; null when no zone was concerned. */
  readonly left: IncidentWhat | null;
};

/** `tick: it did not come back after 412 ms`. */
function inWords({ handler, message }: ScriptReport): string {
  return handler === '' ? message : `${handler}: ${message}`;
}

function toWatch(
  program: Program,
  report: ScriptReport,
  more: { what: WatchMessage['what']; former: string | undefined; incident: string | null; at: number },
): WatchMessage {
  const { zone, object, handler, file, line, column } = report;
  return {
    what: more.what,
    path: file || program.path,
    build: program.build,
    ...(line > 0 ? { line, column } : {}),
    message: toPlainText(inWords(report)),
    zone,
    ...(object === null ? {} : { object }),
    ...(handler === '' ? {} : { handler }),
    ...(more.former === undefined ? {} : { former: more.former }),
    ...(more.incident === null ? {} : { incident: more.incident }),
    at: more.at,
  };
}
