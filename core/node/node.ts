/** Puts a node together: every part is built here, told of the others here, and stopped in mirrored order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, isLoopback } from '../config.ts';
import { createCompiler } from '../content/compiler.ts';
import type { Guests, HostNode, Log, Process } from '../contract/ports.ts';
import { createDevToken } from '../gateway/dev-token.ts';
import { createGateway } from '../gateway/gateway.ts';
import type { GatewayConfig } from '../gateway/limits.ts';
import { createMethods, type Methods, serverSession } from '../methods/methods.ts';
import { createLoopDelay } from '../report/loop-delay.ts';
import { createMetricsPage } from '../report/metrics.ts';
import { createReports } from '../report/reports.ts';
import { openTelemetry } from '../report/telemetry.ts';
import { openStore } from '../store/store.ts';
import { watchFolders } from '../watch.ts';
import { createBuilds } from './builds.ts';
import { createBus } from './bus.ts';
import { systemClock } from './clock.ts';
import { openControl } from './control.ts';
import { gatherFigures } from './figures.ts';
import { createIncidents } from './incidents.ts';
import { commandLine } from './offline.ts';
import { createReadiness } from './readiness.ts';
import { createRecorder } from './recorder.ts';
import { createReloads } from './reloads.ts';
import { createScripts } from './scripts.ts';
import { createSwaps } from './swaps.ts';
import { createTallies } from './tallies.ts';
import { traceDb } from './traced-db.ts';
import type { WorkerSettings } from './worker-process.ts';
import { createWorkers } from './workers.ts';
import { createWorld } from './world.ts';
import { createZones, type HostedZones } from './zones.ts';

type Step = () => Promise<void> | void;

/** A guest who was not here for a day comes back as somebody else (seconds). */
const guestsKeptS = 86_400;
const forgetGuestsMs = 3_600_000;

/** A node by its settings. Nothing runs before `start`. */
export function createNode(config: Config, log: Log, process: Process): HostNode {
  /** What has to be undone, the last first. */
  const undo: Step[] = [];
  let methods: Methods | null = null;
  let stopping: Promise<void> | null = null;

  async function start(): ReturnType<HostNode['start']> {
    const clock = systemClock;
    const version = readVersion();
    const telemetry = config.telemetry === '' ? undefined : await openTelemetry(config.telemetry, version, log);
    if (telemetry) undo.push(() => telemetry.close());
    const tracing = telemetry?.tracing;
    if (config.production && !isSecure(config))
      log.warn({ publicUrl: config.publicUrl }, 'publicUrl is not https: cookies of logins can be read on their way');
    const reports = createReports(log, clock);
    const bus = createBus(log);
    const store = await openStore({
      folder: config.data,
      log,
      clock,
      deadlineMs: config.storeBusyMs,
      linesKept: config.linesKept,
    });
    undo.push(() => store.close());

    const memory = { scripts: store.scripts, log, clock };
    const builds = createBuilds(memory);
    const swaps = createSwaps(memory);
    undo.push(() => swaps.idle());

    const compiler = createCompiler({ roots: config.roots, deadlineMs: config.compileMs });
    undo.push(() => compiler.close());
    const world = createWorld({
      roots: config.roots,
      compiler,
      builds,
      swaps,
      reports,
      log,
      clock,
      onChanged: (games) => zones.reload(games),
    });

    const recorder = createRecorder();
    const incidents = createIncidents({
      ...{ folder: join(config.data, 'incidents'), recorder, limits: workerSettings(config) },
      ...{ version: readVersion(), clock, log },
    });
    undo.push(() => incidents.idle());

    const tallies = createTallies(config.metricsZones, clock.monotonicMs);
    const workers = createWorkers({
      count: config.workers,
      onTallies: tallies.add,
      recorder,
      settings: workerSettings(config),
      uid: config.workerUid,
      outstandingMb: config.outstandingMb,
      silentMs: config.watchdogSilentMs,
      listFile: join(config.data, 'workers'),
      log,
      onMessage: (worker, message) => zones.receive(worker, message),
      onGone(worker, why, blame) {
        zones.lost(worker, why, blame);
      },
    });
    undo.push(() => workers.stop());

    const zones: HostedZones = createZones({
      log,
      clock,
      reports,
      tracing,
      bus,
      store,
      workers,
      world,
      houses: { admit: async (visit) => String(await loaded.serve('zone.admit', visit)) },
      accountOf: (owner) => [...gateway.sessions()].find((session) => session.owner === owner)?.account ?? null,
      builds,
      swaps,
      recorder,
      incidents,
      dev: config.dev,
      game: config.game,
      limits: zoneLimits(config),
    });
    undo.push(() => zones.stop());

    const loop = createLoopDelay();
    undo.push(() => loop.stop());
    const devToken = config.dev && isLoopback(config.host) ? createDevToken() : undefined;
    const turnDoor = serverSession('turn');
    const gateway = createGateway({
      config: gatewayConfig(config),
      zones,
      guests: store.guests,
      dispatch: () => loaded,
      authenticate: (presented) => loaded.authenticate(presented),
      log,
      clock,
      clientFolder(game) {
        const folder = world.game(game)?.folder;
        return folder === undefined ? undefined : join(folder, 'client');
      },
      version,
      strip: (source, path) => compiler.page(source, path),
      devToken,
      lacks: createReadiness({ workers: workers.active, store, clock }),
      turn: (request) => loaded.call(turnDoor, 'turn.post', request),
      reference: () => loaded.reference(),
      metrics: createMetricsPage(
        () => gatherFigures({ version, tallies, zones, workers, gateway, methods: loaded, store, loop }),
        loop,
      ),
    });
    const scripts = createScripts({
      ...{ roots: config.roots, newest: world.builds, builds, swaps },
      ...{ probationMs: config.probationMs, reports, clock, log },
    });
    const reloads = createReloads({
      builds,
      swaps,
      exists: (path) => world.builds().has(path),
      again: async () => {
        await world.refresh();
        await zones.reload(new Set(world.games().map(({ name }) => name)));
      },
    });
    const loaded = createMethods({
      ...{ config, gateway, zones, scripts, reloads, reports, log, clock },
      ...{ views: gateway.views, tracing, process },
      db: tracing ? traceDb(store.db, tracing, clock) : store.db,
    });
    methods = loaded;
    undo.push(() => loaded.stop());
    undo.push(() => gateway.stop('session.closing'));
    undo.push(forgetGuests(store.guests));

    await Promise.all([builds.start(), swaps.start()]);
    // Files are read while the workers start.
    await Promise.all([world.refresh(), workers.start()]);
    const games = world.games().map(({ name }) => name);
    if (!games.includes(config.game)) log.warn({ game: config.game, games }, 'there is no such game: / has no page');
    // Plugins know of zones that no file declares: timers of those may be due.
    await loaded.start();
    const operator = serverSession(commandLine);
    undo.push(
      await openControl({
        ...{ folder: config.data, log },
        call: async (method, params) => loaded.call(operator, method, params),
      }),
    );
    await zones.start();
    undo.push(await watchFolders(config, foldersOf(config), () => world.refresh().catch(notRead)));
    const { url, textPort, turnPort } = await gateway.start();
    const doors = [
      ...(textPort === undefined ? [] : [`telnet ${config.host} ${textPort}`]),
      ...(turnPort === undefined ? [] : [`${url.replace(/\d+$/, String(turnPort))}  (the turn relay)`]),
    ];
    return { url, doors, ...(devToken === undefined ? {} : { link: `${url}/#dev=${devToken}` }) };
  }

  function forgetGuests(guests: Guests): () => void {
    const forget = () =>
      guests.forget(systemClock.now() - guestsKeptS).catch((error) => log.warn({ error }, 'old guests not removed'));
    const timer = setInterval(forget, forgetGuestsMs);
    return () => clearInterval(timer);
  }

  function notRead(error: unknown): void {
    log.error({ error }, 'files could not be read again');
  }

  async function stop(): Promise<void> {
    for (let step = undo.pop(); step; step = undo.pop()) {
      try {
        await step();
      } catch (error) {
        log.error({ error }, 'a part did not stop cleanly');
      }
    }
  }

  return {
    async start() {
      try {
        return await start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
    stray(error) {
      if (!methods?.blameStray(error)) log.error({ error }, 'an error that nobody caught');
    },
  };
}

/** What designers' files are read from and watched in. */
function foldersOf({ roots }: Config): readonly string[] {
  return roots.flatMap((root) => [join(root, 'scripts'), join(root, 'games')]);
}

export function workerSettings(config: Config): WorkerSettings {
  return {
    memoryMb: config.workerMemoryMb,
    isolateMb: config.isolateMemoryMb,
    tickLimitMs: config.tickLimitMs,
    watchdogMs: watchdogEveryMs,
    flushMs: config.flushMs,
    frameMb: frameMost,
    objectsPerZone: objectsMost,
    limits: {
      objectPercent: config.objectCpuPercent,
      kindPercent: config.kindCpuPercent,
      zonePercent: config.zoneCpuPercent,
      probationMs: config.probationMs,
      recycleMs: config.recycleMs,
    },
  };
}

/** Not settings: they follow from others, or nobody has wanted them otherwise. */
const watchdogEveryMs = 20;
const frameMost = 16;
const objectsMost = 5_000;
const storePatienceMs = 60_000;
const sumEveryS = 5;
/** Backlogs of a slow session: it is cut off at so many times the one at which it is told less. */
const cutOffFactor = 4;

function zoneLimits(config: Config) {
  return {
    startMs: config.zoneStartMs,
    workerBytes: config.workerMemoryMb * 1_048_576,
    sleepAfterMs: config.sleepAfterMs,
    unloadAfterMs: config.unloadAfterMs,
    askMs: config.handlerMs,
    waitingEach: config.waitingCalls,
    waitingMs: config.waitingMs,
    onceMs: config.onceMs,
    objectsMost,
    probationMs: config.probationMs,
    storePatienceMs,
  };
}

function gatewayConfig(config: Config): GatewayConfig {
  return {
    ...config,
    sumEveryS,
    graceS: config.graceMs / 1_000,
    connectionsPerAddress: config.sessionsPerAddress,
    connectsPerAddressPerSecond: config.newSessionsPerSecond,
    connectTimeoutMs: config.handshakeMs,
    sessions: config.sessionsMost,
    floodS: config.floodMs / 1_000,
    heartbeatTimeoutMs: config.heartbeatLostMs,
    slowBytes: config.backlogKb * 1_024,
    closeBytes: cutOffFactor * config.backlogKb * 1_024,
    idleSessionS: config.lobbyMs / 1_000,
    secure: isSecure(config),
  };
}

/** Cookies go over https alone. */
function isSecure({ publicUrl }: Config): boolean {
  return publicUrl.startsWith('https://');
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
