/** Every sort of fault: how often, what it does, and what must be true before it counts as survived. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openConnection } from '../../core/store/connection.ts';
import * as accounts from './account-faults.ts';
import * as scripts from './script-faults.ts';
import { readSlowly, sendNonsense, vanish } from './strangers.ts';
import { brokenTally, saltFile, tallyFiles } from './tally.ts';
import { cameTrue, sleep } from './wait.ts';
import { expectSoon, type World } from './world.ts';

/** Those of one family come one after another; families overlap. */
export type Family = 'script' | 'plugin' | 'process' | 'store' | 'client' | 'account';

export type Sort = {
  readonly name: string;
  readonly family: Family;
  /** What the summary counts it as. */
  readonly as: 'good reload' | 'broken reload' | 'harm by a trusted script' | 'kill' | 'stall' | 'stranger' | 'login';
  readonly perHour: number;
  /** Only in this first part of the time: the memory of long lives is measured after it. */
  readonly until?: number;
  /** Resolves when its own effect was seen; gives the moment from which the way back counts, by default its begin. */
  readonly run: (world: World) => Promise<number> | Promise<void>;
};

const goodReloads = [
  ['save a hen', 50, scripts.saveHen],
  ['save a bank', 30, scripts.saveBank],
  ['migrate banks', 20, scripts.migrateBank],
  ['save a helper', 20, scripts.saveHelper],
] as const;

const brokenReloads = [
  ['half a file', 12, scripts.saveHalf],
  ['throws in tick', 12, scripts.saveThrowing],
  ['throws in create', 12, scripts.saveStillborn],
  ['throws in migrate', 12, scripts.saveBadMigration],
  ['endless loop', 12, scripts.saveLooping],
  ['memory bomb', 12, scripts.saveGrowing],
] as const;

const harms = [
  ['loops later', 8, scripts.loopLive],
  ['grows later', 8, scripts.growLive],
  ['throws later', 8, scripts.throwLive],
] as const;

export const sorts: readonly Sort[] = [
  ...goodReloads.map(([name, perHour, run]): Sort => ({ name, perHour, run, family: 'script', as: 'good reload' })),
  ...brokenReloads.map(([name, perHour, run]): Sort => ({ name, perHour, run, family: 'script', as: 'broken reload' })),
  ...harms.map(
    ([name, perHour, run]): Sort => ({ name, perHour, run, family: 'script', as: 'harm by a trusted script' }),
  ),
  // Node keeps every module it ever loaded, some 0.2 MB for each build of this plugin: more often, and that is what is measured.
  { name: 'save a plugin', family: 'plugin', as: 'good reload', perHour: 15, run: savePlugin },
  { name: 'break a plugin', family: 'plugin', as: 'broken reload', perHour: 8, run: breakPlugin },
  {
    name: 'kill a worker',
    family: 'process',
    as: 'kill',
    perHour: 60,
    until: 0.75,
    run: (world) => killWorker(world, 'busy'),
  },
  {
    name: 'kill the spare',
    family: 'process',
    as: 'kill',
    perHour: 20,
    until: 0.75,
    run: (world) => killWorker(world, 'idle'),
  },
  { name: 'kill the node', family: 'process', as: 'kill', perHour: 30, until: 0.5, run: killNode },
  { name: 'lock the database', family: 'store', as: 'stall', perHour: 24, run: lockDatabase },
  { name: 'fill the disk', family: 'store', as: 'stall', perHour: 8, run: fillDisk },
  {
    name: 'slow client',
    family: 'client',
    as: 'stranger',
    perHour: 30,
    run: ({ server, random }) => readSlowly(server, random),
  },
  {
    name: 'vanishing client',
    family: 'client',
    as: 'stranger',
    perHour: 60,
    run: ({ server, random }) => vanish(server, random),
  },
  {
    name: 'hostile frames',
    family: 'client',
    as: 'stranger',
    perHour: 60,
    run: ({ server, random }) => sendNonsense(server, random),
  },
  { name: 'end a login', family: 'account', as: 'login', perHour: 40, run: accounts.endLogin },
  { name: 'take a right', family: 'account', as: 'login', perHour: 40, run: accounts.changeRights },
  { name: 'take a place', family: 'account', as: 'login', perHour: 40, run: accounts.takeOver },
];

async function savePlugin(world: World): Promise<void> {
  const { server, files, operator } = world;
  const salt = ++files.salt;
  await server.write('plugins', { ...tallyFiles, 'tally/_salt.ts': saltFile(salt) });
  files.tally = salt;
  await expectBuild(world, salt, `the new plugin ${salt}`, () => operator.tallyBuild());
}

/** The build before goes on; after a kill of the node there may be none. Then a good one comes. */
async function breakPlugin(world: World): Promise<void> {
  const { server, random, operator, files } = world;
  const { path, text } = random.pick(brokenTally);
  await expectSoon(world, 'that the operator watches', () => operator.watching);
  const [from, watch] = [operator.next, operator.watches];
  await server.write('plugins', { [`tally/${path}`]: `${text}// ${++files.salt}\n` });
  const told = () =>
    operator.heard(from, ({ what, path: at }) => what === 'error' && at.includes('tally')) !== undefined;
  await expectSoon(world, `that the plugin is broken (${path})`, () => told() || operator.watches !== watch);
  const build = await operator.tallyBuild();
  if (build !== undefined && build !== files.tally)
    world.ledger.wrong('other', `the plugin's build ${files.tally} should have gone on, and ${build} did`);
  await savePlugin(world);
}

async function expectBuild(world: World, salt: number, what: string, ask: () => Promise<number | undefined>) {
  let answered: number | undefined;
  let asking = false;
  await expectSoon(world, what, () => {
    if (!asking) {
      asking = true;
      void ask().then((build) => {
        answered = build;
        asking = false;
      });
    }
    return answered === salt;
  });
}

async function killWorker({ server, random }: World, which: 'busy' | 'idle'): Promise<number> {
  // The list is written when a worker is started: a moment after a kill there may be none of a sort.
  let pids: readonly number[] = [];
  for (let tries = 0; pids.length === 0 && tries < 200; tries++) {
    pids = await server.workers().then(
      (workers) => workers[which],
      () => [],
    );
    if (pids.length === 0) await sleep(50);
  }
  if (pids.length === 0) throw new Error(`no ${which} worker to kill`);
  const from = performance.now();
  try {
    process.kill(random.pick(pids), 'SIGKILL');
  } catch (error) {
    // It has ended by itself since the list was written.
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
  return from;
}

/** The next life begins when the system has taken the former down; what it left behind must end by itself. */
async function killNode(world: World): Promise<number> {
  const { server, processes } = world;
  processes.look();
  const before = processes.tree();
  const from = performance.now();
  await server.end('SIGKILL');
  await server.start();
  const orphans = () => processes.left(processes.tree()).filter((pid) => before.includes(pid));
  if (!(await cameTrue(() => orphans().length === 0, 5_000)))
    world.ledger.wrong('orphan', `${orphans()} live on without their node`);
  return from;
}

/** Another process has the database for itself: longer than a write waits, in one of five. */
async function lockDatabase({ server, random }: World): Promise<number> {
  const heldMs = random.pick([200, 500, 1000, 2500, 6000]);
  const connection = await openConnection(join(server.data, 'roost.db'), ['pragma busy_timeout = 20000']);
  try {
    await connection.all('begin exclusive');
    await sleep(heldMs);
    await connection.all('rollback');
  } finally {
    await connection.close();
  }
  return performance.now();
}

/** No file of the node may grow beyond 4 KB for a while: every write of the database fails. */
async function fillDisk({ server, random }: World): Promise<number> {
  const { pid } = server;
  await limitFiles(pid, '4096');
  await sleep(random.between(300, 3000));
  // A node that was killed meanwhile has taken its limit along.
  if (server.pid === pid) await limitFiles(pid, 'unlimited');
  return performance.now();
}

async function limitFiles(pid: number, size: string): Promise<void> {
  // The soft limit alone: it may be raised again.
  await promisify(execFile)('prlimit', ['--pid', `${pid}`, `--fsize=${size}:unlimited`]);
}
