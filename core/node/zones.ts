/** Every zone of this node: started when asked for, asleep when nobody looks, brought back when its worker dies. */
import { dirname } from 'node:path';
import type { Bus } from '../contract/bus.ts';
import type { Game, JsonObject } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Line, ObjectRow, PublicFrame, ScriptReport, ToNode, ZoneId, ZoneStats } from '../contract/link.ts';
import type {
  Account,
  Clock,
  Houses,
  Log,
  Moved,
  Reports,
  Tracing,
  ZoneAsk,
  ZoneState,
  Zones,
} from '../contract/ports.ts';
import type { Store } from '../store/store.ts';
import { Alarms } from './alarms.ts';
import type { Builds } from './builds.ts';
import { Gate } from './gate.ts';
import { HostedZone } from './hosted-zone.ts';
import type { Incidents } from './incidents.ts';
import { createAdmission } from './instances.ts';
import { createJudge } from './judge.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { createMoves } from './moves.ts';
import { Onces } from './onces.ts';
import { findCharacter, isPlayed } from './own-character.ts';
import { createPlacement } from './placement.ts';
import type { Recorder } from './recorder.ts';
import { createRegistered } from './registered.ts';
import type { LoadedContent } from './run.ts';
import type { Swaps } from './swaps.ts';
import { createTrials } from './trials.ts';
import { readVerdict } from './verdict.ts';
import type { Worker } from './worker.ts';
import type { Workers } from './workers.ts';
import type { WorldSource } from './world-source.ts';
import type { ZoneHost, ZoneLimits } from './zone-host.ts';
import { parseZoneId } from './zone-id.ts';

export type ZonesOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly reports: Reports;
  readonly tracing?: Tracing | undefined;
  readonly bus: Bus;
  readonly store: Store;
  readonly workers: Workers;
  readonly world: WorldSource;
  readonly houses: Houses;
  /** Who is logged in on the session that plays this owner's character. */
  readonly accountOf: (owner: string) => Account | null;
  readonly builds: Builds;
  readonly swaps: Swaps;
  readonly recorder: Pick<Recorder, 'checkpoint'>;
  readonly incidents: Pick<Incidents, 'write'>;
  readonly dev: boolean;
  /** The game that `/` shows. */
  readonly game: string;
  readonly limits: ZoneLimits & {
    /** Longest time that changes wait for a database that is away. */
    readonly storePatienceMs: number;
    /** Time that a durable call marked `once` is remembered. */
    readonly onceMs: number;
  };
};

export interface HostedZones extends Zones {
  readonly keeper: Keeper;
  /** Requests that wait for their zone to run, and those that a worker has. */
  requests(): { readonly waiting: number; readonly handed: number };
  start(): Promise<void>;
  receive(worker: Worker, message: Exclude<ToNode, { type: 'ready' | 'stats' }>): void;
  /** @param blame  Its last words, oldest first. */
  lost(worker: Worker, why: string, blame: readonly string[]): void;
  /** Scripts or maps were saved: new builds are tried, then the zones of these games that run are given what may run. */
  reload(games: ReadonlySet<string>): Promise<void>;
  /** Flushes and closes all. */
  stop(): Promise<void>;
}

/** Zones that are restored, or started by their timers, at a time. */
const atOnce = 2;

export function createZones(options: ZonesOptions): HostedZones {
  const { log, clock, reports, bus, store, workers, builds, swaps, recorder, incidents, limits } = options;
  const world = createRegistered(options.world);
  const hosted = new Map<ZoneId, HostedZone>();
  const alarms = new Alarms(clock, ring);
  const gate = new Gate(atOnce);
  let stopping = false;

  const keeper = createKeeper({
    store,
    log,
    clock,
    patienceMs: limits.storePatienceMs,
    onFailed: (zone, epoch) => hosted.get(zone)?.restore(epoch),
  });
  const { check, admit } = createAdmission({
    game: world.game,
    dev: options.dev,
    houses: options.houses,
    isOpen: (id) => (hosted.get(id)?.phase ?? 'closed') !== 'closed',
    players: playersIn,
  });
  const moves = createMoves({
    log,
    ...{ characters: store.characters, keeper },
    zone: (id) => hostedZone(check(id)),
    hosted: (id) => hosted.get(id),
    isPlayed: (kind) => isPlayed(kind, world.games()),
    admit: (id, owner, from, full) => {
      const as = owner === null ? 'thing' : 'player';
      const account = owner === null ? null : options.accountOf(owner);
      return admit(id, { as, account, player: owner, from }, full);
    },
    onMoving: (owner, from) => bus.publish('moving', { owner, from }),
    onMoved: (moved) => bus.publish('moved', moved),
  });
  const judge = createJudge({ builds, swaps, incidents, reports, clock, log });
  const trials = createTrials({ workers, store, builds, judge, clock, log, load });
  const place = createPlacement({
    ...{ workers, clock, rootOf, workerBytes: limits.workerBytes },
    zones: () => hosted.values(),
    isStopping: () => stopping,
  });
  const onces = new Onces({
    ...{ store, clock, log, askMs: limits.askMs, onceMs: limits.onceMs },
    ask: (id, ask) => hostedZone(check(id)).ask(ask),
  });
  const host: ZoneHost = {
    log,
    clock,
    reports,
    tracing: options.tracing,
    limits,
    store,
    keeper,
    gate,
    builds,
    judge,
    swaps,
    load,
    scriptsChanged: () => void giveAgain([...hosted.values()], false),
    place,
    leave: (worker: Worker) => workers.release(worker),
    publishFrame: (frame: PublicFrame) => bus.publish(`frame.${frame.zone}`, frame),
    publishState(state: ZoneState) {
      bus.publish(`state.${state.zone}`, state);
      if (state.state === 'closed') forget(state.zone);
    },
    forget,
    alarm: (zone: ZoneId, due: number | null) => alarms.set(zone, due),
    attended: (zone: ZoneId) => alarms.attended(zone),
  };

  function forget(id: ZoneId): void {
    if (hosted.get(id)?.idle) hosted.delete(id);
  }

  async function load(id: ZoneId): Promise<LoadedContent> {
    const { game, zone } = parseZoneId(check(id));
    return await world.load(world.game(game) as Game, zone);
  }

  /** The folder that the zone's game lies in; a game's own is `games/<name>` below it. */
  function rootOf(id: ZoneId): string {
    const folder = world.game(parseZoneId(id).game)?.folder;
    return folder === undefined ? '' : dirname(dirname(folder));
  }

  async function giveAgain(zones: readonly HostedZone[], saved: boolean): Promise<void> {
    for (const zone of zones)
      await zone.reload(saved).catch((error) => log.warn({ zone: zone.id, error }, 'zone keeps its old content'));
  }

  /** While new builds are tried, the workers of the zones that will be given them may get their isolates ready. */
  function tellAhead(zones: readonly HostedZone[]): void {
    const counts = new Map<Worker, number>();
    for (const { run, phase } of zones)
      if (run && phase === 'running') counts.set(run.worker, (counts.get(run.worker) ?? 0) + 1);
    for (const [worker, isolates] of counts) worker.send({ type: 'ahead', isolates });
  }

  function hostedZone(id: ZoneId): HostedZone {
    const known = hosted.get(id);
    if (known) return known;
    const zone = new HostedZone(id, host, moves.want);
    hosted.set(id, zone);
    return zone;
  }

  /** Characters in a zone, and those who are about to be. */
  function playersIn(id: ZoneId): number {
    const run = hosted.get(id)?.run;
    return run ? run.claims.owned(run.source.content.character) : 0;
  }

  /** Starts the zones that always run. */
  function openAwake(): void {
    for (const game of world.games()) {
      // What is only for development runs when somebody comes, unless it is what this node is for.
      if (game.dev && game.name !== options.game) continue;
      for (const spec of game.zones) {
        if (spec.awake !== 'always') continue;
        const one = `${game.name}/${spec.name}`;
        for (const id of [one, ...(spec.dimensions ?? []).map((name) => `${one}~${name}`)])
          gate.run(() => hostedZone(id).open()).catch((error) => log.warn({ zone: id, error }, 'zone not started'));
      }
    }
  }

  /** A timer of a zone that does not tick is due. */
  function ring(id: ZoneId): void {
    const wake = async () => hostedZone(check(id)).alarm();
    wake().catch((error) => log.warn({ zone: id, error }, 'zone not started for its timer'));
  }

  /** With the call that makes the request, when somebody follows that. */
  function followed(ask: ZoneAsk): ZoneAsk {
    const trace = options.tracing?.current();
    return trace === undefined ? ask : { ...ask, trace };
  }

  /** A worker died in this zone, and nobody knows by which handler. */
  function noteDeath(zone: ZoneId, message: string): void {
    const nobody = { object: null, kind: null, script: '', build: '', handler: '', file: '', line: 0, column: 0 };
    const tick = hosted.get(zone)?.run?.tick ?? 0;
    incidents.write('kill', { ...nobody, zone, tick, message, what: 'stopped', count: 1 });
  }

  /** A tick that was stopped is an incident also where nobody rests for it. */
  function noteStop(reports: readonly ScriptReport[]): void {
    for (const report of reports) if (report.what === 'stopped') incidents.write('stop', report);
  }

  return {
    keeper,
    requests() {
      let [waiting, handed] = [0, 0];
      for (const zone of hosted.values()) {
        waiting += zone.waiting;
        handed += zone.run?.handed ?? 0;
      }
      return { waiting, handed };
    },
    async start() {
      for (const { zone, due } of await store.due()) alarms.set(zone, due);
      onces.start();
      openAwake();
    },
    receive(worker, message) {
      if (trials.receive(worker, message)) return;
      const { zone, epoch } = message.type === 'frame' ? message.pub : message;
      const one = hosted.get(zone);
      const run = one?.run;
      if (one && run?.worker === worker && run.epoch === epoch) {
        if (message.type === 'checkpoint') return recorder.checkpoint(worker.id, message);
        const fault = one.receive(run, message);
        if (message.type === 'reports') noteStop(message.reports);
        if (fault !== null) worker.kill(`false ${message.type} of ${zone}: ${fault}`);
        return;
      }
      // An old epoch still on its way is nobody's; a zone it was never given is a lie.
      if (epoch > (worker.given.get(zone) ?? -1)) worker.kill(`${message.type} of ${zone}, which it does not have`);
    },
    lost(worker, why, blame) {
      const verdict = readVerdict(why, blame);
      const place = verdict.kind === 'nobody' ? {} : { zone: verdict.zone };
      const message = verdict.kind === 'nobody' ? `a worker ended: ${why}` : `${verdict.zone}: ${verdict.why}`;
      reports.watch({ what: 'worker', path: '', ...place, message, at: clock.now() });
      if (verdict.kind === 'zone') noteDeath(verdict.zone, verdict.why);
      for (const zone of [...hosted.values()]) if (zone.run?.worker === worker) zone.lost(why, blame);
    },
    async reload(games) {
      const affected = [...hosted.values()].filter(({ id }) => games.has(parseZoneId(id).game));
      const copyable = affected.flatMap(({ id, run }) => (run ? [{ zone: id, kinds: run.claims.kinds() }] : []));
      tellAhead(affected);
      await trials.run(copyable).catch((error) => log.error({ error }, 'new builds were not tried'));
      await giveAgain(affected, true);
    },
    async stop() {
      stopping = true;
      alarms.stop();
      onces.stop();
      await Promise.all([...hosted.values()].map((zone) => zone.stop()));
    },

    admit,
    register: (zone, registration) => world.register(zone, registration),
    async unregister(id) {
      const { game, zone } = parseZoneId(id);
      world.unregister(id);
      const itself = [...hosted.values()].filter((one) => {
        const name = parseZoneId(one.id);
        return name.game === game && name.zone === zone;
      });
      await Promise.all(itself.map((one) => one.close()));
    },
    async discard(id) {
      const known = check(id);
      if (playersIn(known) > 0) throw new HostError('zone.in-use', `Cannot discard "${known}": somebody is in it`);
      await hosted.get(known)?.close();
      await store.removeZone(known);
      alarms.set(known, null);
    },
    async open(id) {
      const zone = hostedZone(check(id));
      await zone.open();
      return zone.info();
    },
    find: (id) => hosted.get(id)?.info(),
    list: () => [...hosted.values()].map((zone) => zone.info()),
    async ask(id, wanted) {
      const ask = followed(wanted);
      if (ask.type === 'call' && ask.once !== undefined) return await onces.ask(id, ask, ask.once);
      return await hostedZone(check(id)).ask(ask).answered;
    },
    async locate(owner) {
      const found = findCharacter(await store.characters.owned(owner), world);
      return found && { object: found.id, zone: found.zone, away: found.away };
    },
    putAway: (id, character) => moves.putAway(id, character),
    async bringBack(owner, { object, zone }, to) {
      await moves.bringBack(hostedZone(check(to)), object, owner, zone);
    },
    async look(object) {
      const [row, ...held] = await store.characters.read(object);
      return row && { ...toPublic(row), holds: held.map(toPublic) };
    },
    erase: (object) => store.characters.erase(object),
    tell: (id, tell) => hosted.get(id)?.tell(tell),
    audience: (id, sessions) => hosted.get(id)?.audience(sessions),
    onFrame: (listener) => bus.subscribe('frame.>', (frame) => listener(frame as PublicFrame)),
    onState: (listener) => bus.subscribe('state.>', (state) => listener(state as ZoneState)),
    onMoving: (listener) =>
      bus.subscribe('moving', (data) => {
        const { owner, from } = data as { owner: string; from: ZoneId };
        listener(owner, from);
      }),
    onMoved: (listener) => bus.subscribe('moved', (moved) => listener(moved as Moved)),
    lines: (id, since, limit): Promise<readonly Line[]> => store.lines(id, since, limit),
    /** With the number of objects of each kind. */
    async stats(): Promise<readonly ZoneStats[]> {
      return workers.stats().zones.map((one) => ({ ...one, kinds: hosted.get(one.zone)?.run?.claims.kinds() ?? {} }));
    },
    examine: (id, object) => hosted.get(id)?.examine(object),
    game: (name) => world.game(name),
    games: () => world.games(),
    map(id) {
      const { game, zone } = parseZoneId(id);
      return world.map(game, zone);
    },
  };
}

/** What everybody may know of an object that is looked up. */
function toPublic({ id, kind, name, x, y, words, state }: ObjectRow): JsonObject {
  return { id, kind, name, x, y, words, state };
}
