/**
 * Which builds run: of every designer's file the newest one, unless something stands against it; then the last good one
 * that fits, else the same build at rest. What stands against builds is in the database too, so that a start does not
 * die of one again.
 */
import type { Program } from '../contract/content.ts';
import type { KindInfo, ZoneId } from '../contract/link.ts';
import type { Clock, Held, Log, Quarantined } from '../contract/ports.ts';
import { everywhere, type GoodBuild, type ScriptKill, type Scripts } from '../store/store.ts';

/** What a zone is to run, and what its unproven builds may go back to. */
export type Choice = { readonly programs: readonly Program[]; readonly former: readonly Program[] };

export interface Builds {
  /** Reads what earlier lives have found out. */
  start(): Promise<void>;
  /** @param admit  Builds that are taken although they are only being tried. */
  choose(zone: ZoneId, newest: readonly Program[], admit?: readonly Program[]): Choice;
  /** Nothing is proven of it: it goes on probation. */
  isUnproven(program: Program): boolean;
  /** Those that no trial has seen and nothing stands against. */
  untried(programs: readonly Program[]): readonly Program[];
  /** Until `admit` they are given to no zone. */
  hold(programs: readonly Program[]): void;
  admit(programs: readonly Program[]): void;
  /** They were loaded: what may be gone back to, with the shape of its state. */
  ran(programs: readonly Program[], kinds: readonly KindInfo[]): void;
  /** They passed their probation. */
  passed(programs: readonly Program[]): Promise<void>;
  /** @param kill  It ended a worker. @returns Why its file is held from now on, or null. */
  quarantine(one: Quarantined, kill: boolean): Promise<string | null>;
  /** Takes back all that stands against a file. False when there was nothing. */
  lift(path: string): Promise<boolean>;
  /** Why it runs in no zone. */
  refused(program: Program): Quarantined | undefined;
  held(path: string): Held | undefined;
  /** The newest good build of a file. */
  good(path: string): Program | undefined;
  /** The newest good build of every file. */
  goods(): readonly Program[];
  /** A file is gone, and its kind shall be. False when nothing was known of it. */
  forget(path: string): Promise<boolean>;
  /** What runs no more, for people. */
  standing(): { readonly quarantined: readonly Quarantined[]; readonly held: readonly Held[] };
}

type Known = { readonly program: Program; version: number | null; at: number; passed: boolean };

/** Builds of one file that are remembered. */
const knownMost = 6;
/** Workers that one file may end within so many seconds. */
const killsMost = 3;
const killsWithinS = 600;

export type BuildsOptions = { readonly scripts: Scripts; readonly clock: Clock; readonly log: Log };

export function createBuilds({ scripts, clock, log }: BuildsOptions): Builds {
  /** By path, the newest first. */
  const known = new Map<string, Known[]>();
  /** By build, then zone. */
  const quarantined = new Map<string, Map<string, Quarantined>>();
  const held = new Map<string, Held>();
  const tried = new Set<string>();
  const waiting = new Set<string>();
  let kills: ScriptKill[] = [];

  function find({ path, build }: Program): Known | undefined {
    return known.get(path)?.find(({ program }) => program.build === build);
  }

  function remember(program: Program, version: number | null): Known {
    const all = known.get(program.path) ?? [];
    const one = find(program) ?? { program, version, at: clock.now(), passed: false };
    one.version = version ?? one.version;
    const others = all.filter((other) => other !== one);
    // What never passed is forgotten first.
    const kept = [...others.filter(({ passed }) => passed), ...others.filter(({ passed }) => !passed)];
    const most = new Set([one, ...kept.slice(0, knownMost - 1)]);
    known.set(
      program.path,
      [one, ...others].filter((other) => most.has(other)),
    );
    return one;
  }

  function verdict(zone: ZoneId, program: Program): Quarantined | undefined {
    const zones = quarantined.get(keyOf(program));
    return zones?.get(zone) ?? zones?.get(everywhere);
  }

  /** Why a build is not to run in a zone, in words. */
  function against(zone: ZoneId, program: Program): string | null {
    const found = verdict(zone, program);
    if (found) return found.reason;
    if (waiting.has(keyOf(program))) return 'it is being tried';
    const hold = held.get(program.path);
    return hold && !find(program)?.passed ? hold.why : null;
  }

  function instead(zone: ZoneId, program: Program): Program | undefined {
    const self = find(program);
    const fits = (other: Known) => !self?.passed || other.version === self.version;
    return known.get(program.path)?.find((other) => other !== self && !verdict(zone, other.program) && fits(other))
      ?.program;
  }

  /** The build itself without its handlers; not even that when its file is not to be run, or never was. */
  function atRest(zone: ZoneId, program: Program, why: string): Program | null {
    const found = verdict(zone, program);
    const harmless = found ? runsFile(found) : find(program) !== undefined;
    return harmless ? { ...program, resting: why } : null;
  }

  function block(one: Quarantined): void {
    const zones = quarantined.get(keyOf(one)) ?? new Map<string, Quarantined>();
    quarantined.set(keyOf(one), zones.set(one.zone, one));
  }

  /** What is remembered holds at once; a database that is away only costs the next life its knowledge. */
  async function write(work: Promise<void>, path: string): Promise<void> {
    await work.catch((error) => log.error({ path, error }, 'what became of a build is not saved'));
  }

  return {
    async start() {
      const memory = await scripts.read(clock.now() - killsWithinS);
      for (const good of [...memory.good].reverse()) {
        const one = remember(good.program, good.version);
        one.passed = true;
        one.at = good.at;
        tried.add(keyOf(good.program));
      }
      for (const one of memory.quarantined) block(one);
      for (const one of memory.held) held.set(one.path, one);
      kills = [...memory.kills];
    },
    choose(zone, newest, admit = []) {
      const programs: Program[] = [];
      const former: Program[] = [];
      for (const program of newest) {
        const why = admit.includes(program) ? null : against(zone, program);
        const other = why !== null || !find(program)?.passed ? instead(zone, program) : undefined;
        if (why === null) {
          programs.push(program);
          if (other) former.push(other);
        } else {
          const best = other ?? atRest(zone, program, why);
          if (best) programs.push(best);
        }
      }
      return { programs, former };
    },
    isUnproven: (program) => program.resting === undefined && !find(program)?.passed,
    untried: (programs) =>
      programs.filter((one) => !tried.has(keyOf(one)) && !quarantined.get(keyOf(one))?.has(everywhere)),
    hold(programs) {
      for (const one of programs) waiting.add(keyOf(one));
    },
    admit(programs) {
      for (const one of programs) {
        waiting.delete(keyOf(one));
        tried.add(keyOf(one));
      }
    },
    ran(programs, kinds) {
      for (const program of programs) {
        if (program.resting !== undefined) continue;
        const info = kinds.find(({ kind, build }) => kind === program.name && build === program.build);
        remember(program, info?.version ?? null);
        tried.add(keyOf(program));
      }
    },
    async passed(programs) {
      for (const program of programs) {
        const one = remember(program, null);
        if (one.passed || program.resting !== undefined) continue;
        one.passed = true;
        one.at = clock.now();
        const { version, at } = one;
        await write(scripts.passed({ program, version, at } satisfies GoodBuild), program.path);
      }
    },
    async quarantine(one, isKill) {
      const { zone, path, build, at } = one;
      const kill = isKill ? { path, build, zone, at } : null;
      const rows = [one];
      if (kill) {
        const elsewhere = kills.some((other) => other.path === path && other.build === build && other.zone !== zone);
        if (elsewhere) rows.push({ ...one, zone: everywhere });
        kills = [...kills.filter((other) => at - other.at < killsWithinS), kill];
      }
      for (const row of rows) block(row);
      waiting.delete(keyOf(one));
      const count = kills.filter((other) => other.path === path).length;
      const why = `it ended ${count} workers within ten minutes`;
      const hold = kill && count >= killsMost && !held.has(path) ? { path, why, at } : null;
      if (hold) held.set(path, hold);
      await write(scripts.judge({ quarantined: rows, kill, held: hold }), path);
      return hold?.why ?? null;
    },
    async lift(path) {
      const rows = [...quarantined].filter(([key]) => pathOf(key) === path);
      const any = held.delete(path) || rows.length > 0;
      for (const [key] of rows) {
        quarantined.delete(key);
        tried.delete(key);
      }
      kills = kills.filter((kill) => kill.path !== path);
      if (any) await scripts.lift(path);
      return any;
    },
    refused: (program) => quarantined.get(keyOf(program))?.get(everywhere),
    held: (path) => held.get(path),
    good: (path) => known.get(path)?.find(({ passed }) => passed)?.program,
    goods: () => [...known.values()].flatMap((all) => all.find(({ passed }) => passed)?.program ?? []),
    async forget(path) {
      const any = known.delete(path);
      if (any) await scripts.forget(path);
      return any;
    },
    standing: () => ({
      quarantined: [...quarantined.values()].flatMap((zones) => [...zones.values()]),
      held: [...held.values()],
    }),
  };
}

/** A build whose file runs when it is loaded: what is wrong with it is in a handler. */
function runsFile({ handler }: Quarantined): boolean {
  return !['', 'file', 'migrate'].includes(handler);
}

function keyOf({ path, build }: { readonly path: string; readonly build: string }): string {
  return `${build} ${path}`;
}

function pathOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}
