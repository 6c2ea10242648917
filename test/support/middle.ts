/** The middle of a node without its doors: store, workers and zones, over one made-up game. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Game, ZoneSpec } from '../../core/contract/content.ts';
import type { Log } from '../../core/contract/ports.ts';
import { createBuilds } from '../../core/node/builds.ts';
import { createBus } from '../../core/node/bus.ts';
import { createIncidents } from '../../core/node/incidents.ts';
import { createRecorder } from '../../core/node/recorder.ts';
import { createSwaps } from '../../core/node/swaps.ts';
import { createWorkers, type Workers } from '../../core/node/workers.ts';
import type { ZoneLimits } from '../../core/node/zone-host.ts';
import { createZones, type HostedZones } from '../../core/node/zones.ts';
import { createReports } from '../../core/report/reports.ts';
import { openStore, type Store } from '../../core/store/store.ts';
import { systemClock } from './quiet.ts';

export type MiddleOptions = {
  /** Program of the workers; the real one by default. */
  readonly entry?: string;
  readonly zones?: readonly string[];
  readonly limits?: Partial<ZoneLimits>;
  readonly silentMs?: number;
  readonly data?: string;
};

export type LoggedLine = { readonly text: string; readonly fields: Readonly<Record<string, unknown>> };

export type Middle = AsyncDisposable & {
  readonly zones: HostedZones;
  readonly workers: Workers;
  readonly store: Store;
  readonly data: string;
  readonly lines: readonly LoggedLine[];
  /** The first line of the log, from now or earlier, with this text. */
  logged(text: string, fits?: (fields: LoggedLine['fields']) => boolean): Promise<LoggedLine>;
};

function specOf(name: string): ZoneSpec {
  return {
    ...{ name, map: null, capacity: 4, tickRate: 20, physics: { linearDamping: 4, angularDamping: 4 } },
    ...{ awake: 'players', view: { radius: 24, cell: 8, most: 400 }, hearing: 12, width: 20, height: 20 },
  };
}

/** A game called `test`. */
export async function startMiddle(options: MiddleOptions = {}): Promise<Middle> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'roost-middle-')));
  const lines: LoggedLine[] = [];
  const watchers = new Set<() => void>();
  const keep = (fields: object, text: string) => {
    lines.push({ text, fields: fields as LoggedLine['fields'] });
    for (const look of watchers) look();
  };
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
  const game: Game = {
    ...{ name: 'test', title: 'Test', dev: false, start: 'den', character: 'walker', settings: {}, folder: data },
    units: { metre: 100, turn: 256 },
    zones: (options.zones ?? ['den', 'hall']).map(specOf),
  };
  const store = await openStore({ folder: data, log, clock: systemClock, deadlineMs: 5_000, linesKept: 100 });
  const memory = { scripts: store.scripts, log, clock: systemClock };
  const settings = {
    ...{ memoryMb: 512, isolateMb: 64, tickLimitMs: 200, watchdogMs: 20, flushMs: 50, frameMb: 1 },
    objectsPerZone: 100,
  };
  const recorder = createRecorder();
  const incidents = createIncidents({
    ...{ folder: join(data, 'incidents'), recorder, limits: settings, version: '0.0.0', clock: systemClock, log },
  });
  const workers: Workers = createWorkers({
    count: 1,
    recorder,
    settings,
    uid: 0,
    ...(options.entry === undefined ? {} : { entry: options.entry }),
    outstandingMb: 8,
    silentMs: options.silentMs ?? 1_000,
    listFile: join(data, 'workers'),
    log,
    onMessage: (worker, message) => zones.receive(worker, message),
    onGone: (worker, why, blame) => zones.lost(worker, why, blame),
  });
  const zones: HostedZones = createZones({
    ...{
      log,
      clock: systemClock,
      reports: createReports(log, systemClock),
      bus: createBus(log),
      store,
      workers,
      builds: createBuilds(memory),
      swaps: createSwaps(memory),
      recorder,
      incidents,
      dev: true,
      game: 'devtest',
      houses: { admit: async () => 'nobody' },
      accountOf: () => null,
    },
    world: {
      game: (name) => (name === 'test' ? game : undefined),
      games: () => [game],
      map: () => undefined,
      async load(_, zone) {
        const spec = specOf(zone);
        const { character, settings, units } = game;
        const content = { spec, character, settings, units, solids: [], areas: [], mapObjects: [] };
        return { game, map: null, content, programs: [] };
      },
    },
    limits: {
      ...{
        startMs: 20_000,
        sleepAfterMs: 30_000,
        workerBytes: 2 ** 29,
        unloadAfterMs: 300_000,
        askMs: 10_000,
        waitingEach: 64,
      },
      ...{
        waitingMs: 5_000,
        objectsMost: 100,
        probationMs: 3_000,
        storePatienceMs: 60_000,
        onceMs: 600_000,
        ...options.limits,
      },
    },
  });
  await workers.start();
  await zones.start();
  return {
    ...{ zones, workers, store, data, lines },
    async logged(text, fits = () => true) {
      const found = Promise.withResolvers<LoggedLine>();
      const look = () => {
        const line = lines.find((one) => one.text === text && fits(one.fields));
        if (line) found.resolve(line);
      };
      watchers.add(look);
      look();
      return await found.promise.finally(() => watchers.delete(look));
    },
    async [Symbol.asyncDispose]() {
      await zones.stop();
      await workers.stop();
      await incidents.idle();
      await store.close();
      if (options.data === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}
