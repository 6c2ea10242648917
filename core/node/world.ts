/**
 * Games, maps and scripts as they were read last. What is broken keeps its former self; what never was right is left out
 * and reported. Files are read again when they are saved.
 */
import type { Compiler } from '../content/compiler.ts';
import { type GameFolder, readWorld, type ScriptFile } from '../content/world.ts';
import type { Fault, Game, Program, ZoneMap } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Clock, Log, Reports } from '../contract/ports.ts';
import type { Builds } from './builds.ts';
import type { LoadedContent } from './run.ts';
import type { Swaps } from './swaps.ts';
import type { WorldSource } from './world-source.ts';

export type WorldOptions = {
  /** Absolute folders, the built-in one first. */
  readonly roots: readonly string[];
  readonly compiler: Compiler;
  /** What runs in the place of files that are missing or broken. */
  readonly builds: Pick<Builds, 'good' | 'goods'>;
  readonly swaps: Pick<Swaps, 'begin'>;
  readonly reports: Reports;
  readonly log: Log;
  readonly clock: Clock;
  /** Games whose zones have to be given something new. */
  readonly onChanged: (games: ReadonlySet<string>) => Promise<void>;
};

export interface LiveWorld extends WorldSource {
  /** Reads everything again; several wishes at a time are one. Tells what is broken, once. */
  refresh(): Promise<void>;
  /** What is broken now. */
  faults(): readonly Fault[];
  /** Build of each script as it was compiled last, by path; of two with one path the first. */
  builds(): ReadonlyMap<string, string>;
  /** Files that were read, broken ones among them. */
  files(): number;
}

/** A game with all that its zones are loaded from. */
type Loaded = {
  readonly game: Game;
  readonly programs: readonly Program[];
  readonly zonePrograms: readonly Program[];
  /** By zone; zones without a map are not in it. */
  readonly maps: ReadonlyMap<string, ZoneMap>;
};

export function createWorld(options: WorldOptions): LiveWorld {
  const { roots, compiler, builds, swaps, reports, log, clock, onChanged } = options;
  let loaded: ReadonlyMap<string, Loaded> = new Map();
  let programs: ReadonlyMap<string, Program> = new Map();
  let told: ReadonlyMap<string, Fault> = new Map();
  let faults: Fault[] = [];
  let files = 0;
  let running: Promise<void> | null = null;
  let again = false;

  async function readAll(): Promise<void> {
    const found = readWorld(roots);
    faults = [...found.faults];
    files = 0;
    const compiled = await compileAll(found.games, found.shared);
    const next = new Map<string, Loaded>();
    for (const folder of found.games) {
      const one = await readGame(folder, compiled);
      if (one) next.set(folder.name, one);
    }
    const former = { loaded, programs };
    loaded = next;
    programs = compiled;
    tellFaults(tellChanges(former.programs, compiled));
    for (const game of former.loaded.size > 0 ? next.keys() : []) {
      if (!former.loaded.has(game)) log.info({ game }, 'game is new');
    }
    const changed = changedGames(former.loaded, next);
    if (changed.size > 0) await onChanged(changed);
  }

  /** Programs by root and path, each file once. */
  async function compileAll(
    games: readonly GameFolder[],
    shared: readonly ScriptFile[],
  ): Promise<Map<string, Program>> {
    const scripts = new Map<string, ScriptFile>();
    for (const script of [...shared, ...games.flatMap((game) => [...game.scripts, ...game.zones])]) {
      scripts.set(keyOf(script), script);
    }
    const compiled = new Map<string, Program>();
    for (const [key, script] of scripts) {
      files++;
      const outcome = await compiler.script(script);
      const program = outcome.kind === 'program' ? outcome.program : (programs.get(key) ?? builds.good(script.path));
      if (outcome.kind === 'faults') faults.push(...outcome.faults);
      if (program) compiled.set(key, program);
    }
    return compiled;
  }

  async function readGame(folder: GameFolder, compiled: ReadonlyMap<string, Program>): Promise<Loaded | null> {
    const former = loaded.get(folder.name);
    files++;
    const outcome = await compiler.game(folder.root, folder.path);
    if (outcome.kind === 'faults') faults.push(...outcome.faults);
    const game = outcome.kind === 'game' ? outcome.game : former?.game;
    if (!game) return null;
    const pick = (scripts: readonly ScriptFile[]) => scripts.flatMap((script) => compiled.get(keyOf(script)) ?? []);
    const maps = await readMaps(folder, game, former);
    const lost = missing(folder);
    return {
      game,
      programs: [...pick(folder.scripts), ...lost.filter(({ role }) => role === 'object')],
      zonePrograms: [...pick(folder.zones), ...lost.filter(({ role }) => role === 'zone')],
      maps,
    };
  }

  /** Good builds of a game's files that are not there any more: their kinds go on with them. */
  function missing({ path, scripts, zones }: GameFolder): readonly Program[] {
    const there = new Set([...scripts, ...zones].map(({ role, name }) => `${role} ${name}`));
    const isOurs = (file: string) => file.startsWith(`${path}/`) || file.startsWith('scripts/');
    const lost = builds.goods().filter((good) => isOurs(good.path) && !there.has(`${good.role} ${good.name}`));
    for (const { path: file, build } of lost) {
      const message = `it is missing: its last good build ${build} goes on (host.lift lets its kind go)`;
      faults.push({ file, line: 0, column: 0, message });
    }
    return lost;
  }

  async function readMaps(folder: GameFolder, game: Game, former: Loaded | undefined): Promise<Map<string, ZoneMap>> {
    const maps = new Map<string, ZoneMap>();
    /** Zones that are alike share a map: read once, kept once. */
    const read = new Map<string, Awaited<ReturnType<typeof compiler.map>>>();
    for (const { name, map: path } of game.zones) {
      if (path === null) continue;
      const known = read.get(path);
      const outcome = known ?? (await compiler.map(folder.root, folder.path, path));
      read.set(path, outcome);
      if (!known) files++;
      if (!known && outcome.kind === 'faults') faults.push(...outcome.faults);
      const map = outcome.kind === 'map' ? outcome.map : former?.maps.get(name);
      if (map) maps.set(name, map);
    }
    return maps;
  }

  /** What is broken is told when it breaks, not at every save of another file, and when it no longer is. */
  function tellFaults(changed: ReadonlySet<string>): void {
    const now = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
    for (const [key, fault] of now) if (!told.has(key)) reports.fault(fault, 'not loaded');
    const broken = new Set(faults.map(({ file }) => file));
    for (const path of new Set([...told.values()].map(({ file }) => file))) {
      if (broken.has(path)) continue;
      log.info({ path }, 'no longer broken');
      if (!changed.has(path)) reports.watch({ what: 'reload', path, message: 'no longer broken', at: clock.now() });
    }
    faults = [...now.values()];
    told = now;
  }

  /** Tells which scripts are new or different, and gives back their paths. */
  function tellChanges(before: ReadonlyMap<string, Program>, after: ReadonlyMap<string, Program>): Set<string> {
    const changed = new Set<string>();
    if (before.size === 0) return changed;
    for (const [key, program] of after) {
      const { path, build } = program;
      const former = before.get(key);
      if (former?.build === build) continue;
      changed.add(path);
      log.info({ path, build, former: former?.build }, 'script compiled');
      swaps.begin(program, former?.build ?? null, '');
      const message = former ? `build ${build} after ${former.build}` : `build ${build} is new`;
      reports.watch({ what: 'reload', path, build, message, at: clock.now() });
    }
    return changed;
  }

  async function run(): Promise<void> {
    do {
      again = false;
      await readAll();
    } while (again);
  }

  return {
    refresh() {
      if (running) again = true;
      else {
        running = run().finally(() => {
          running = null;
        });
      }
      return running as Promise<void>;
    },
    faults: () => faults,
    builds: () => new Map([...programs.values()].reverse().map(({ path, build }) => [path, build])),
    files: () => files,
    game: (name) => loaded.get(name)?.game,
    games: () => [...loaded.values()].map(({ game }) => game),
    map: (game, zone) => loaded.get(game)?.maps.get(zone),
    async load(game, zone) {
      const one = loaded.get(game.name);
      if (!one) throw new HostError('zone.unknown');
      return toContent(one, zone);
    },
  };
}

/** @throws HostError `zone.unknown`, `zone.failed` when the map of the zone cannot be read. */
function toContent({ game, programs, zonePrograms, maps }: Loaded, zone: string): LoadedContent {
  const spec = game.zones.find(({ name }) => name === zone);
  if (!spec) throw new HostError('zone.unknown');
  const map = maps.get(zone) ?? null;
  if (spec.map !== null && !map) {
    throw new HostError('zone.failed', `Cannot load zone "${game.name}/${zone}": its map cannot be read`);
  }
  return {
    game,
    map,
    content: {
      spec,
      character: game.character,
      settings: game.settings,
      units: game.units,
      solids: map?.solids ?? [],
      areas: map?.areas ?? [],
      mapObjects: map?.objects ?? [],
    },
    programs: [...programs, ...zonePrograms.filter(({ name }) => name === zone)],
  };
}

/** Games that are not what they were. New ones have no zones yet that would have to hear of it. */
function changedGames(before: ReadonlyMap<string, Loaded>, after: ReadonlyMap<string, Loaded>): Set<string> {
  const changed = [...after].filter(([name, now]) => {
    const then = before.get(name);
    return then !== undefined && fingerprint(then) !== fingerprint(now);
  });
  return new Set(changed.map(([name]) => name));
}

function fingerprint({ game, programs, zonePrograms, maps }: Loaded): string {
  const builds = [...programs, ...zonePrograms].map(({ path, build }) => `${path} ${build}`);
  return JSON.stringify([game, builds, [...maps].map(([zone, { hash }]) => [zone, hash])]);
}

function keyOf({ root, path }: ScriptFile): string {
  return `${root}\n${path}`;
}
