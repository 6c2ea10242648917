/**
 * Methods from plugins: builds the registry, the loader and the dispatch of a node.
 *
 * message → dispatch.ts → registry.ts (name → handler) → params.ts, rates.ts → a plugin's file, which gets host.ts.
 * Files → folder.ts → build.ts → slot.ts (hand-over) → registry.ts, all driven by loader.ts.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Listeners, NodeView, PluginInfo } from '../contract/plugin.ts';
import type {
  Account,
  Clock,
  Db,
  Dispatch,
  Gateway,
  Log,
  Off,
  Presented,
  Process,
  Reloads,
  Reports,
  Scripts,
  Session,
  Tracing,
  Views,
  Zones,
} from '../contract/ports.ts';
import type { Reference } from '../contract/reference.ts';
import type { CallFigures } from '../report/figures.ts';
import { watchFolders } from '../watch.ts';
import { createBlame, type Doing } from './blame.ts';
import { createCallCounts } from './call-counts.ts';
import { toCaller } from './caller.ts';
import { createReference } from './cards.ts';
import { rankCosts } from './costs.ts';
import { createInfo, toPluginInfo } from './describe.ts';
import { createDispatch } from './dispatch.ts';
import type { Root } from './folder.ts';
import type { HostParts } from './host.ts';
import { createLoader } from './loader.ts';
import { createRates } from './rates.ts';
import { createRegistry } from './registry.ts';
import { createRunning, nobody, type Told, type Who } from './running.ts';
import { emit } from './slot.ts';
import { createTraffic } from './traffic.ts';
import { createWatchers } from './watchers.ts';

export type MethodsParts = {
  readonly config: Config;
  readonly gateway: Gateway;
  readonly zones: Zones;
  readonly views: Views;
  readonly db: Db;
  readonly reports: Reports;
  readonly scripts: Scripts;
  readonly reloads: Reloads;
  readonly log: Log;
  readonly clock: Clock;
  /** 0 ≤ n < 1, for plugins. */
  readonly random?: () => number;
  readonly tracing?: Tracing | undefined;
  readonly process: Process;
  /** Only plugins of these names are loaded; without it all are. */
  readonly only?: readonly string[];
};

export type Methods = Dispatch & {
  /** Loads the plugins. Broken ones are reported, not thrown. */
  start(): Promise<void>;
  /** Lets calls in flight finish and stops the plugins, the last loaded first. Twice is harmless. */
  stop(): Promise<void>;
  /** Calls since the start, for the metrics. */
  calls(): readonly CallFigures[];
  /** Whose token it is, as the plugin that authenticates says; null when it is nobody's or no plugin does. @throws HostError */
  authenticate(presented: Presented): Promise<Account | null>;
  /** Calls a method as the server. @throws HostError with the code of the answer */
  serve(method: string, params: Json): Promise<Json>;
  /** What there is to call, for /docs/api. */
  reference(): Reference;
  /** Counts an error that nobody caught against the plugin it came from; false when it came from none. */
  blameStray(error: unknown): boolean;
};

/** The folder of the plugins that come with Roost. */
export const builtInPlugins = fileURLToPath(new URL('../../plugins/', import.meta.url));

export function createMethods(parts: MethodsParts): Methods {
  const { config, gateway, zones, log, clock, reports } = parts;
  const deadlineMs = config.handlerMs;
  const rate = { perSecond: config.methodPerSecond, burst: config.methodBurst };
  const version = readVersion();
  const registry = createRegistry();
  const rates = createRates(clock);
  const blame = createBlame(clock, log, config.pluginFailures);
  const counts = createCallCounts();
  const traffic = createTraffic(log);
  const watchers = createWatchers(reports, config.dev);
  const host: HostParts = {
    ...parts,
    version,
    dev: config.dev,
    game: config.game,
    settings: config,
    random: parts.random ?? Math.random,
    server: serverSession(),
    watch: watchers.add,
    call: (session, method, params) => dispatch.callWithin(blame.current() ?? null, session, method, params),
    node: nodeView(),
  };
  const dispatch = createDispatch({
    ...{ registry, rates, blame, counts, traffic, host, rate, deadlineMs },
    tracing: parts.tracing,
  });
  const loader = createLoader({
    ...parts,
    roots: rootsOf(config),
    registry,
    blame,
    deadlineMs,
    watch: (folders, changed) => watchFolders(config, folders, changed),
    run: (slot, build, tally) => createRunning({ host, blame, deadlineMs }, slot.name, build, tally),
  });
  const reference = createReference({ registry, rate, deadlineMs });
  const info = createInfo({ version, dev: config.dev, game: config.game, reference, zones, clock });
  const startedAt = clock.monotonicMs();
  let offs: readonly Off[] = [];

  function nodeView(): NodeView {
    return {
      info: () => info(),
      allowed: () => [...new Set(registry.list().map(({ method }) => method.allow))],
      scripts: parts.scripts,
      reloads: parts.reloads,
      plugins: () => loader.slots().map(toPluginInfo),
      rollback: async (name): Promise<PluginInfo> => toPluginInfo(await loader.rollback(name)),
      // Whoever asks is not waited for: it waits for the answer.
      reload: async (name) => (await loader.reload(name, namesOf(blame.current()))).map(toPluginInfo),
      stop: (reason) => parts.process.stop(reason),
      logging({ level, calls } = {}) {
        traffic.on = calls ?? traffic.on;
        return { level: parts.process.logLevel(level), calls: traffic.on };
      },
      async stats() {
        const { rss, heapUsed } = process.memoryUsage();
        const uptime = Math.round((clock.monotonicMs() - startedAt) / 1000);
        const loaded = await zones.stats();
        return { uptime, rss, heapUsed, ...gateway.stats(), zones: loaded, ...rankCosts(loaded) };
      },
    };
  }

  function tell<Name extends keyof Listeners>(name: Name, given: Told<Name>, who: Who = nobody): void {
    for (const slot of loader.slots()) emit(slot, name, given, who);
  }

  function listen(): readonly Off[] {
    const open = new Set<string>();
    const lost = new Set<string>();
    return [
      watchers.start(),
      gateway.onOpened((session) => {
        traffic.opened(session);
        tell('opened', { caller: toCaller(host, session) }, session);
      }),
      gateway.onClosed((session, reason) => {
        rates.close(session);
        watchers.remove(session);
        traffic.closed(session, reason);
        tell('closed', { caller: toCaller(host, session), reason }, session);
      }),
      gateway.onLoggedIn((session) => tell('loggedIn', { caller: toCaller(host, session) }, session)),
      gateway.onEntered((session, zone) => tell('entered', { caller: toCaller(host, session), zone }, session)),
      gateway.onLeft((session, zone) => tell('left', { caller: toCaller(host, session), zone }, session)),
      zones.onState(({ zone, state }) => {
        // What it was told last may be lost with its worker: plugins hear that it runs again.
        if (state === 'recovering') lost.add(zone);
        if (state === 'running' && (lost.delete(zone) || !open.has(zone))) {
          open.add(zone);
          tell('zoneOpened', { zone });
        } else if (state === 'closed') {
          lost.delete(zone);
          if (open.delete(zone)) tell('zoneClosed', { zone });
        }
      }),
    ];
  }

  return {
    call: dispatch.call,
    calls: counts.read,
    async start() {
      offs = listen();
      await loader.start();
    },
    async stop() {
      for (const off of offs) off();
      offs = [];
      await loader.stop();
    },
    async authenticate(presented) {
      const slot = loader
        .slots()
        .findLast(({ current, disabled }) => current?.build.manifest.authenticate && !disabled);
      // While the plugin hands over to its next build nobody is turned away.
      await slot?.gate;
      return (await slot?.current?.authenticate(presented)) ?? null;
    },
    async serve(method, params) {
      const answer = await dispatch.callWithin(null, host.server, method, params);
      if (answer.ok) return answer.result;
      throw new HostError(answer.error.code, answer.error.message, answer.error.details);
    },
    reference,
    blameStray: (error) => blame.stray(error),
  };
}

/** The plugins that work is being done for. */
function namesOf(doing: Doing | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at: Doing | null = doing ?? null; at; at = at.within) names.add(at.plugin);
  return names;
}

/** The built-in folder first, whether or not the setting names it too. */
function rootsOf(config: Config): readonly Root[] {
  const own = builtInPlugins.replace(/\/$/, '');
  const others = config.plugins.map((path) => path.replace(/\/$/, '')).filter((path) => path !== own);
  return [{ path: own, builtIn: true }, ...[...new Set(others)].map((path) => ({ path, builtIn: false }))];
}

/** Whoever acts in the name of the node: it may call everything that needs no character. */
export function serverSession(id = 'server'): Session {
  return {
    id,
    via: 'server',
    address: '',
    loopback: true,
    page: false,
    account: null,
    owner: 'server',
    name: null,
    zone: null,
    character: null,
    watching: null,
    has: () => true,
    send: () => {},
    afterAnswer: (work) => work(),
    keep: () => false,
  };
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
