/** One soak from the first start of the server to its last end. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit, auditEnd, auditFile } from './audit.ts';
import { Courier } from './courier.ts';
import { type Family, type Sort, sorts } from './faults.ts';
import { atticName, gameFiles, gems, zoneNames } from './game.ts';
import { Ledger } from './ledger.ts';
import { Lines } from './lines.ts';
import { Login } from './login.ts';
import { judgeMemory, type Memory } from './memory.ts';
import { Operator } from './operator.ts';
import { type Planned, plan } from './plan.ts';
import type { Setting } from './player.ts';
import { filesOf, Processes } from './processes.ts';
import { Random } from './random.ts';
import * as scripts from './script-faults.ts';
import { Server } from './server.ts';
import { rightsFiles, tallyFiles } from './tally.ts';
import { Turns } from './turns.ts';
import { cameTrue, sleep } from './wait.ts';
import { Walker } from './walker.ts';
import { expectSoon, players, untilWell, type World } from './world.ts';

export type SoakOptions = {
  readonly minutes: number;
  readonly seed: number;
  readonly workers: number;
  readonly walkersEach: number;
  readonly patienceMs: number;
  readonly say: (line: string) => void;
};

/** One fault, injected. */
export type Injected = {
  readonly sort: Sort;
  readonly atS: number;
  /** From the fault, or from its end where it lasts, until all is well. */
  readonly recoveredMs: number;
  /** No fault of another family was on its way. */
  readonly alone: boolean;
  readonly survived: boolean;
};

export type Outcome = {
  readonly options: SoakOptions;
  readonly seconds: number;
  readonly injected: readonly Injected[];
  readonly ledger: Ledger;
  readonly server: Server;
  readonly memory: Memory;
  /** That have arrived over the turn relay, and that the text port has answered. */
  readonly texts: number;
  readonly linesAnswered: number;
  /** Longest time without a tick that a player saw, in milliseconds. */
  readonly longestGapMs: number;
  readonly resyncs: number;
};

/** Players of the turn relay: two matches. */
const turnPlayers = 4;
/** Waits so long for what was under way when the load ends. */
const finishMs = 90_000;
/** Connections that are just being closed, and a compiler's pipes. */
const strayFilesMost = 10;
/** Grace of a lost connection, and what it takes to notice one. */
const ghostsMs = 30_000;

export async function soak(options: SoakOptions): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-soak-'));
  const ledger = new Ledger(options.say);
  const server = new Server(folder, options.workers);
  options.say(`seed ${options.seed}, everything in ${folder}`);
  await server.write('root', gameFiles());
  await server.write('plugins', { ...tallyFiles, ...rightsFiles });
  const processes = new Processes(
    () => (server.running ? server.pid : 0),
    () => ledger.seconds,
    (pid) => server.zonesOf(pid),
  );
  const injected: Injected[] = [];
  try {
    await server.start();
    const world = await populate(options, server, ledger, processes);
    try {
      await injectAll(world, plan(sorts, options.minutes, new Random(options.seed)), injected);
      await finish(world);
    } finally {
      for (const player of [...players(world), world.turns, world.lines]) player.close();
    }
    const { walkers } = world;
    const seconds = ledger.seconds;
    await lastLife(world);
    return {
      ...{ options, seconds, injected, ledger, server },
      ...{ texts: world.turns.received, linesAnswered: world.lines.answered },
      memory: judgeMemory(processes.samples, seconds, ledger),
      longestGapMs: Math.max(...walkers.map(({ longestMs }) => longestMs)),
      resyncs: players(world).reduce((sum, { client }) => sum + client.stats.resyncs, 0),
    };
  } finally {
    await server.end('SIGKILL');
    processes.stop();
    ledger.clock.stop();
    if (!(await cameTrue(() => processes.left().length === 0, 5_000)))
      ledger.wrong('orphan', `${processes.left()} live on after the end`);
    await server.close();
  }
}

async function populate(options: SoakOptions, server: Server, ledger: Ledger, processes: Processes): Promise<World> {
  // Players have chances of their own, so that how often they look does not change the faults.
  const chance = new Random(options.seed + 1);
  const setting = (): Setting => ({ ledger, random: new Random(chance.below(2 ** 31)), url: server.url });
  const zones = zoneNames.map((name) => `soak/${name}`);
  const names = Array.from({ length: options.walkersEach * zones.length }, (_, i) => `Walker${i}`);
  // Half of them have accounts.
  const logins = names.map((name, i) => (i % 2 === 0 ? new Login(name, () => server.url) : undefined));
  for (const login of logins) await login?.open();
  const walkers = names.map(
    (name, i) => new Walker({ ...setting(), login: logins[i] }, name, zones[i % zones.length] as string),
  );
  const route = [...zones, `soak/${atticName}`];
  const couriers = gems.map((gem) => new Courier(setting(), `Courier${gem}`, gem, route));
  const operator = new Operator(setting(), zones[0] as string);
  const turns = new Turns(ledger, server.url, options.seed, turnPlayers);
  const lines = new Lines(ledger, server.textPort);
  const kinds = ['hen', 'bank', 'imp'];
  const world: World = {
    ...{ server, ledger, walkers, couriers, operator, turns, lines, processes },
    random: new Random(options.seed + 2),
    files: { salt: 0, bankVersion: 1, good: new Map(kinds.map((kind) => [kind, new Set([0])])), tally: 0 },
    patienceMs: options.patienceMs,
    filesAtFirst: 0,
    say: options.say,
  };
  await Promise.all(players(world).map((player) => player.start()));
  turns.start();
  lines.start();
  await untilWell(world, 'the start');
  await audit(server.data, ledger, 'the start');
  for (const { login } of walkers) if (login?.owner) ledger.kept.set(login.owner, login.name);
  world.filesAtFirst = filesOf(server.pid);
  return world;
}

/** Each family in its own order and beside the others; one that is late hurries. */
async function injectAll(world: World, planned: readonly Planned[], injected: Injected[]): Promise<void> {
  const from = performance.now();
  const active = new Set<Family>();
  const families = Map.groupBy(planned, ({ sort }) => sort.family);
  world.say(`${planned.length} faults`);
  await Promise.all(
    [...families].map(async ([family, all]) => {
      for (const { sort, atS } of all) {
        await sleep(Math.max(0, atS * 1000 - (performance.now() - from)));
        active.add(family);
        injected.push(await inject(world, sort, active));
        active.delete(family);
      }
    }),
  );
}

async function inject(world: World, sort: Sort, active: ReadonlySet<Family>): Promise<Injected> {
  const { ledger, server } = world;
  const atS = ledger.seconds;
  const wrong = () => [...ledger.counts.values()].reduce((sum, count) => sum + count, 0);
  const before = wrong();
  let alone = active.size === 1;
  let began = performance.now();
  try {
    began = (await sort.run(world)) ?? began;
  } catch (error) {
    ledger.wrong('other', `${sort.name}: ${(error as Error).stack}`);
  }
  await untilWell(world, sort.name);
  if (sort.as === 'stall') await untilKept(world, sort.name);
  const recoveredMs = performance.now() - began;
  alone &&= active.size === 1;
  await audit(server.data, ledger, `after ${sort.name}`);
  const survived = wrong() === before;
  world.say(
    `${atS.toFixed(1).padStart(7)} s  ${sort.name.padEnd(18)} ${recoveredMs.toFixed(0).padStart(6)} ms${survived ? '' : '  WRONG'}`,
  );
  return { sort, atS, recoveredMs, alone, survived };
}

/** Durable calls are acknowledged again. */
async function untilKept(world: World, what: string): Promise<void> {
  const { ledger } = world;
  const before = ledger.total('lanes');
  await expectSoon(world, `a deposit after ${what}`, () => ledger.total('lanes') > before);
}

/** Good files, no more load, ghosts gone: then all is counted. */
async function finish(world: World): Promise<void> {
  const { ledger, server, walkers, couriers, turns, lines } = world;
  for (const save of [scripts.saveBank, scripts.saveHelper, scripts.saveImp]) await save(world);
  await untilWell(world, 'the end');
  const done = Promise.all([...walkers, ...couriers, turns, lines].map((player) => player.finish()));
  let isDone = false;
  void done.then(() => (isDone = true));
  if (!(await cameTrue(() => isDone, finishMs))) ledger.wrong('late', 'some calls were not answered before the end');
  const all = players(world);
  const settled = await cameTrue(() => charactersOf(world) === all.length, ghostsMs);
  if (!settled) ledger.wrong('duplicate', `${charactersOf(world)} characters of ${all.length} players are to be seen`);
  for (const player of walkers) checkMirror(world, player);
  const files = filesOf(server.pid) - world.filesAtFirst;
  if (files > strayFilesMost) ledger.wrong('memory', `the node has ${files} open files more than when all had come in`);
}

/** Characters in all zones, as players see them. */
function charactersOf(world: World): number {
  const seen = new Set<string>();
  for (const { client } of players(world))
    for (const { id, kind } of client.objects.values()) if (kind === 'walker') seen.add(id);
  return seen.size;
}

/** What a player sees is what is so. */
function checkMirror({ ledger }: World, walker: Walker): void {
  const bank = walker.find('bank');
  for (const lane of ledger.lanes.filter(({ zone }) => zone === walker.home)) {
    const seen = (bank?.state.lanes as Record<string, number> | undefined)?.[lane.name] ?? 0;
    if (seen !== lane.acked) ledger.wrong('loss', `${walker.name} sees ${seen} of ${lane.acked} in ${lane.name}`);
  }
}

/** A drained end, and a start from what it left. */
async function lastLife({ server, ledger, walkers, couriers }: World): Promise<void> {
  await server.end('SIGTERM');
  await audit(server.data, ledger, 'after the last end');
  await auditEnd(server.data, ledger, walkers.length + couriers.length + 1);
  await auditFile(server.data, ledger);
}
