/**
 * The scripts of one zone: what it was given, what its worker says became of it, and what it is to be given instead.
 * What a worker says of scripts it was not given ends that worker.
 */
import type { Program } from '../contract/content.ts';
import type { ScriptReport, ToNode, ZoneId } from '../contract/link.ts';
import { type Blamed, nameDeath, nothingNamed } from './blame.ts';
import type { Run } from './run.ts';
import { readVerdict } from './verdict.ts';
import type { ZoneHost } from './zone-host.ts';

type Host = Pick<
  ZoneHost,
  'log' | 'clock' | 'reports' | 'load' | 'builds' | 'judge' | 'swaps' | 'scriptsChanged' | 'limits'
>;
type Said = Extract<ToNode, { type: 'loaded' | 'swapped' | 'judged' | 'convicted' }>;

/** What the end of its worker says of a zone. */
export type Doing =
  /** It was another zone's, or nobody's. */
  | { readonly kind: 'none' }
  /** Its own, and nobody knows what did it. */
  | { readonly kind: 'unexplained' }
  /** This script did it. `written` resolves when that is on disk. */
  | { readonly kind: 'script'; readonly written: Promise<void> };

export class ZoneScripts {
  readonly #zone: ZoneId;
  readonly #host: Host;
  #proving: NodeJS.Timeout | null = null;
  /** What ran in it when somebody was last told, by path. */
  #told: ReadonlyMap<string, string> | null = null;

  constructor(zone: ZoneId, host: Host) {
    this.#zone = zone;
    this.#host = host;
  }

  /** @returns In words, what is false in it. */
  hear(run: Run, message: Said): string | null {
    switch (message.type) {
      case 'loaded':
        run.tick = message.tick;
        this.#runs(run, message);
        this.#tell(run);
        this.#prove(run);
        run.loaded.resolve();
        return null;
      case 'swapped':
        return this.#swapped(run, message);
      case 'judged':
        return this.#judged(run, message);
      case 'convicted':
        return this.#convicted(run, message.report);
    }
  }

  /** Counts what went wrong by itself. */
  report(run: Run, report: ScriptReport): void {
    this.#host.reports.script(report);
    if (report.what === 'log' || report.what === 'refused') return;
    run.faulty.add(`${report.script} ${report.build}`);
    if (report.object !== null && (run.faults.size < faultsMost || run.faults.has(report.object)))
      run.faults.set(report.object, (run.faults.get(report.object) ?? 0) + report.count);
  }

  /** Hands newly compiled programs or a new map to the life that runs. */
  async reload(run: Run): Promise<void> {
    const source = await this.#host.load(this.#zone);
    if (run.over) return;
    const before = run.source;
    run.source = source;
    const { epoch, worker } = run;
    const zone = this.#zone;
    if (JSON.stringify(before.content) !== JSON.stringify(source.content))
      worker.send({ type: 'content', zone, epoch, content: source.content });
    const { programs } = this.#host.builds.choose(zone, source.programs);
    const known = new Set(run.programs.map(toText));
    const changed = programs.filter((program) => !known.has(toText(program)));
    if (changed.length === 0 && programs.length === run.programs.length) return;
    const way = changed.some((program) => this.#isNew(source.programs, program)) ? 'new' : 'back';
    run.swap(programs);
    worker.send({ type: 'programs', zone, epoch, programs, way });
  }

  /** A build that goes back to what ran before needs no probation. */
  #isNew(newest: readonly Program[], program: Program): boolean {
    return newest.includes(program) && this.#host.builds.isUnproven(program);
  }

  /** Whose doing the end of its worker was. A script that is named runs no more when this returns. */
  judgeEnd(run: Run, why: string, blame: readonly string[]): Doing {
    this.end();
    const verdict = readVerdict(why, blame);
    if (verdict.kind === 'nobody' || verdict.zone !== this.#zone) return { kind: 'none' };
    const blamed = this.#name(run, why, blame, verdict.why);
    if (!blamed) return { kind: 'unexplained' };
    this.#host.reports.script(blamed.report);
    const written = this.#host.judge.killed(blamed).then(() => this.#host.scriptsChanged());
    return { kind: 'script', written };
  }

  #name(run: Run, why: string, blame: readonly string[], message: string): Blamed | null {
    const { handlers, tick, claims } = run;
    const objectAt = (slot: number) => claims.objectAt(slot);
    const kindOf = (object: string) => claims.kindOf(object) ?? null;
    const death = { zone: this.#zone, tick, why, blame, handlers, objectAt, kindOf };
    const named = nameDeath(death, run.programs);
    if (named) return named;
    // No handler has a name before a file has run: the new one did it, when there is only one.
    const fresh = run.changing ? run.programs.filter((program) => this.#host.builds.isUnproven(program)) : [];
    return fresh.length === 1 ? nothingNamed(this.#zone, fresh[0] as Program, message) : null;
  }

  /** The life is over. */
  end(): void {
    if (this.#proving) clearTimeout(this.#proving);
    this.#proving = null;
  }

  #runs(run: Run, { kinds, handlers = [] }: Exclude<Said, { type: 'convicted' }>): void {
    run.changing = false;
    run.kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    run.handlers = handlers;
    this.#host.builds.ran(run.programs, kinds);
  }

  /** Tells those who watch which builds run in the zone that did not before. */
  #tell({ programs, claims }: Run): void {
    const before = this.#told;
    this.#told = new Map(programs.map(({ path, build }) => [path, build]));
    if (before === null) return;
    const kinds = claims.kinds();
    for (const { path, name, role, build, resting } of programs) {
      if (resting !== undefined || before.get(path) === build) continue;
      // Nobody sees a difference where there is nothing of the kind.
      if (role === 'object' && !kinds[name]) continue;
      const message = `runs in ${this.#zone}`;
      this.#host.reports.watch({ what: 'reload', path, build, zone: this.#zone, message, at: this.#host.clock.now() });
    }
  }

  /** Builds that have nothing to go back to are on no probation in the worker: their first seconds are looked at here. */
  #prove(run: Run): void {
    this.end();
    const fresh = run.programs.filter((program) => this.#host.builds.isUnproven(program) && !run.mayGoBack(program));
    if (fresh.length === 0) return;
    this.#proving = setTimeout(() => {
      const kinds = run.claims.kinds();
      // What has nothing here to run on has shown nothing.
      const used = fresh.filter(({ role, name }) => role === 'zone' || kinds[name] !== undefined);
      const fine = used.filter((one) => run.programs.includes(one) && !run.faulty.has(`${one.name} ${one.build}`));
      void this.#host.judge.passed(this.#zone, fine);
    }, this.#host.limits.probationMs);
  }

  #swapped(run: Run, message: Extract<Said, { type: 'swapped' }>): string | null {
    const { ok, reports } = message;
    this.#host.log.info({ zone: this.#zone, ok }, ok ? 'scripts taken over' : 'old scripts go on');
    if (ok) {
      this.#runs(run, message);
      this.#tell(run);
      return null;
    }
    run.changing = false;
    const given = run.programs;
    run.goBack();
    for (const report of reports) {
      const program = find(given, report);
      if (program) this.#settleRefused(program, report);
    }
    return null;
  }

  #settleRefused(program: Program, { message, line, object, handler }: ScriptReport): void {
    this.#host.swaps.settle(program, {
      ...{ outcome: 'refused', place: this.#zone, why: message },
      ...{ line, object, handler },
    });
  }

  #judged(run: Run, message: Extract<Said, { type: 'judged' }>): string | null {
    const { builds, back, kinds } = message;
    const judged = builds.flatMap(({ path, build }) => {
      return run.given((one) => one.path === path && one.build === build) ?? [];
    });
    if (judged.length !== builds.length) return 'a build that it was not given';
    if (back === null) {
      void this.#host.judge.passed(this.#zone, judged);
      return null;
    }
    const program = find(judged, back);
    if (!program) return 'the failure of a build that it was not given';
    const isOwn = back.zone === this.#zone;
    if (!isOwn && !this.#host.builds.refused(program)) return 'a failure elsewhere that nobody knows of';
    // What it was given meanwhile takes the place of what it went back to.
    if (run.programs.includes(program)) {
      run.goBack(kinds);
      this.#runs(run, message);
      const { path, build } = program;
      this.#host.log.info({ zone: this.#zone, path, build }, 'the build before runs again');
    }
    if (isOwn) this.#follow(this.#host.judge.back({ program, report: toDefinition(back, program) }));
    return null;
  }

  #convicted(run: Run, report: ScriptReport): string | null {
    const program = run.given(isOf(report));
    if (!program) return 'a conviction of a script that it was not given';
    if (program.resting !== undefined) return null;
    run.rest(program, report.message);
    this.#follow(this.#host.judge.convicted({ program, report: toDefinition(report, program) }));
    return null;
  }

  /** What was found out holds for other zones too. */
  #follow(work: Promise<void>): void {
    void work.then(() => this.#host.scriptsChanged());
  }
}

/** Objects whose faults are counted. */
const faultsMost = 1_000;

function find(programs: readonly Program[], report: ScriptReport): Program | undefined {
  return programs.find(isOf(report));
}

function isOf({ script, build }: ScriptReport): (program: Program) => boolean {
  return (program) => program.name === script && program.build === build;
}

/** A handler that was stopped has no line of its own: it is shown where it is defined. */
function toDefinition(report: ScriptReport, program: Program): ScriptReport {
  const place = program.handlers.find(({ name }) => name === report.handler);
  if (report.line > 0 || !place) return { ...report, file: report.file || program.path };
  return { ...report, file: place.file, line: place.line, column: place.column };
}

function toText({ role, name, build, resting }: Program): string {
  return `${role} ${name} ${build} ${resting ?? ''}`;
}
