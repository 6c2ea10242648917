/** Where clients come in: puts the doors, sessions, presence, rooms and fan-out together. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { HostError } from '../contract/errors.ts';
import { isLetIn } from '../contract/let-in.ts';
import type { ZoneId } from '../contract/link.ts';
import type {
  Account,
  Clock,
  Dispatch,
  Gateway,
  Guests,
  Log,
  Off,
  Presented,
  Session,
  Views,
  Zones,
} from '../contract/ports.ts';
import { wireLimits } from '../contract/protocol.ts';
import type { Reference } from '../contract/reference.ts';
import type { GatewayFigures } from '../report/figures.ts';
import type { MetricsPage } from '../report/metrics.ts';
import { Addresses } from './addresses.ts';
import { type Allowance, Allowances } from './allowances.ts';
import { createArrivals, createTakeBack } from './arrivals.ts';
import { Audience } from './audience.ts';
import { Counts } from './counts.ts';
import { createDoors, type From } from './doors.ts';
import { Fanout } from './fanout.ts';
import type { GatewayConfig } from './limits.ts';
import { createListeners } from './listeners.ts';
import { createLogins } from './logins.ts';
import { privilegesOf } from './operator.ts';
import type { Player } from './player.ts';
import { Polls } from './polls.ts';
import { Presence } from './presence.ts';
import { createRandomBytes } from './random.ts';
import { createRooms } from './rooms.ts';
import { type Door, LiveSession, type SessionHost } from './session.ts';
import { Spectators } from './spectators.ts';
import { whyNotStay } from './stay.ts';
import type { TurnCall } from './turn-door.ts';
import { sightOf, specOf } from './zone-spec.ts';

export type GatewayOptions = {
  readonly config: GatewayConfig;
  readonly zones: Zones;
  readonly guests: Guests;
  /** Asked at every call: methods are built after the gateway. */
  readonly dispatch: () => Dispatch;
  /** Whose token it is; null when it is nobody's. @throws HostError that the client is told */
  readonly authenticate: (presented: Presented) => Promise<Account | null>;
  readonly log: Log;
  readonly clock: Clock;
  /** Absolute folder of a game's client files. */
  readonly clientFolder: (game: string) => string | undefined;
  /** Version of Roost. */
  readonly version: string;
  /** Removes the types of a designer's file, outside of this process. Roost's own are read in a thread. */
  readonly strip?: (source: string, path: string) => Promise<string>;
  /** With it a client on this machine has the privilege `build`, and pages may import the code editor. */
  readonly devToken?: string | undefined;
  /** What the node lacks to serve well, for /readyz; without it nothing ever. */
  readonly lacks?: () => Promise<readonly string[]>;
  /** The page /metrics; asked for when it is read first. Without it there is none. */
  readonly metrics?: MetricsPage;
  /** Carries out a request in the plain format of the turn relay. */
  readonly turn: TurnCall;
  /** What there is to call; without it there is no /docs/api. */
  readonly reference?: () => Reference;
};

/** Where a node is to be found. */
export type Listening = {
  readonly url: string;
  readonly port: number;
  /** Of lines of text, and of the turn relay's older format, where they are open. */
  readonly textPort?: number;
  readonly turnPort?: number;
};

export interface RunningGateway extends Gateway {
  readonly views: Views;
  /** For the metrics. */
  figures(): GatewayFigures;
  /** Serves when it resolves. @throws Error of the system when a port cannot be had. */
  start(): Promise<Listening>;
  /** Tells the sessions, ends them, closes the port. Twice is harmless. */
  stop(reason: string): Promise<void>;
}

export function createGateway(options: GatewayOptions): RunningGateway {
  const { config, zones, log, clock } = options;
  const randomBytes = createRandomBytes();
  const sessions = new Map<string, LiveSession>();
  const counts = new Counts();
  const opened = createListeners<[Session]>();
  const closed = createListeners<[Session, string]>();
  const loggedIn = createListeners<[Session]>();
  const entered = createListeners<[Session, ZoneId]>();
  const left = createListeners<[Session, ZoneId]>();
  const rooms = createRooms((id) => sessions.get(id));
  let stopped: Promise<void> | undefined;

  const fanout = new Fanout({
    sight: (zone) => sightOf(zones, zone),
    slowBytes: config.slowBytes,
    sumEveryS: config.sumEveryS,
    clock,
  });
  const audience = new Audience((zone, sessions) => zones.audience(zone, sessions));
  const spectators = new Spectators({ zones, fanout, audience, clock, sight: (zone) => sightOf(zones, zone) });
  const presence = new Presence({
    zones,
    guests: options.guests,
    fanout,
    clock,
    log,
    random: randomBytes,
    graceS: config.graceS,
    ghostsPerAddress: config.connectionsPerAddress,
    audience,
    coming(session) {
      polls.checkRoom(session);
      spectators.unwatch(session);
    },
    capacity: (zone) => specOf(zones, zone)?.capacity ?? 0,
    entered: (session, zone) => entered.tell(session, zone),
    left: (session, zone) => left.tell(session, zone),
  });
  const host: SessionHost = {
    dispatch: options.dispatch,
    zones,
    clock,
    callsInFlight: config.callsInFlight,
    refused: (code) => counts.refused(code),
    calls: new AsyncLocalStorage(),
  };

  function open(door: Door, from: From, player: Player, allowance: Allowance, hasToken = false): LiveSession {
    const id = randomBytes(9).toString('base64url');
    const privileges = privilegesOf(from, hasToken);
    const session = new LiveSession(id, from.address, from, player, door, host, allowance, privileges);
    sessions.set(session.id, session);
    opened.tell(session);
    return session;
  }

  function close(session: LiveSession, reason: string): void {
    if (session.closed) return;
    session.closed = true;
    sessions.delete(session.id);
    counts.disconnected(reason);
    spectators.unwatch(session);
    presence.disconnected(session);
    rooms.forget(session.id);
    closed.tell(session, reason);
  }

  /** Out of a zone for which its account lacks the privilege by now. */
  function putOut(session: LiveSession): void {
    const zone = session.zone ?? session.watching;
    const needs = zone === null ? undefined : specOf(zones, zone)?.needs;
    if (zone === null || needs === undefined || isLetIn(session.account, needs)) return;
    spectators.unwatch(session);
    void presence.leave(session);
    session.send('zone', { zone, state: 'closed', code: 'zone.forbidden' });
  }

  const unwatch = (session: LiveSession) => spectators.unwatch(session);
  const takeBack = createTakeBack(presence, host.calls);
  const logins = createLogins({
    ...{ presence, takeBack, unwatch, loggedIn: loggedIn.tell },
    sessions: () => sessions.values(),
    policy: config.accountSessions,
  });
  const arrivals = createArrivals({ presence, logins, takeBack, unwatch, log, authenticate: options.authenticate });
  const allowances = new Allowances({ ...config, inputsPerSecond: wireLimits.inputsPerSecond });
  const addresses = new Addresses(config.connectionsPerAddress, config.connectsPerAddressPerSecond, clock);
  const polls = new Polls({
    ...{ clock, config, presence, allowances, takeBack, open, close },
    authenticate: options.authenticate,
    refused: (code) => counts.refused(code),
  });
  const doors = createDoors({
    ...options,
    ...{ addresses, allowances, presence, polls, arrivals, counts, close },
    open: (door, from, allowance, hasToken) => open(door, from, presence.createPlayer(), allowance, hasToken),
  });

  const offs: Off[] = [
    zones.onFrame((frame) => fanout.publish(frame)),
    zones.onState((state) => {
      spectators.changed(state);
      presence.changed(state);
    }),
    zones.onMoving((owner, from) => presence.moving(owner, from)),
    zones.onMoved((moved) => presence.moved(moved)),
  ];

  function sweep(): void {
    const nowMs = clock.monotonicMs();
    const isFull = doors.count > config.sessions;
    for (const session of sessions.values()) {
      if (!isFull) session.crowded = false;
      const why = whyNotStay(session, config, clock);
      if (why === 'session.time-over') void presence.leave(session);
      // Between two requests over HTTP there is no connection to end.
      if (why !== undefined && session.listens) session.end(why);
    }
    fanout.sweep();
    addresses.sweep();
    allowances.sweep(nowMs);
    polls.sweep();
  }
  const sweeping = setInterval(sweep, 1_000);
  sweeping.unref();

  async function shut(reason: string): Promise<void> {
    clearInterval(sweeping);
    for (const session of [...sessions.values()]) session.end('session.closing');
    await doors.hangUp();
    for (const session of [...sessions.values()]) close(session, reason);
    for (const off of offs) off();
    await doors.close();
  }

  const live = (session: Session): LiveSession => {
    const found = sessions.get(session.id);
    if (found === undefined) throw new HostError('zone.none');
    return found;
  };

  return {
    views: fanout,
    rooms,
    sessions: () => sessions.values(),
    find: (id) => sessions.get(id),
    enter: (session, zone, name) => presence.enter(live(session), zone, name),
    leave: (session) => presence.leave(live(session)),
    watch: (session, zone, spot) => spectators.watch(live(session), zone, spot),
    unwatch: (session) => spectators.unwatch(live(session)),
    identify: (session, account) => logins.identify(live(session), account),
    play: (session, persona) => logins.play(live(session), persona),
    changeAccount(id, change) {
      logins.change(id, change);
      for (const session of [...sessions.values()]) if (session.account?.id === id) putOut(session);
    },
    end(id, { code, message, leave }) {
      const session = sessions.get(id);
      if (session === undefined) return false;
      if (leave) void presence.leave(session);
      session.end(code, message);
      return true;
    },
    deliver(to, event, data) {
      const fits = ({
        owner,
        account,
      }: Pick<Player, 'owner'> & { readonly account: { readonly id: string } | null }) =>
        'owner' in to ? owner === to.owner : account?.id === to.account;
      let told = false;
      for (const session of sessions.values()) {
        if (!session.listens || !fits(session)) continue;
        session.send(event, data);
        told = true;
      }
      return presence.miss(fits, { event, data }) || told;
    },
    isNamed: (name) => presence.isNamed(name),
    ownerOf: (name) => presence.ownerOf(name),
    plays: (owner) => presence.findByOwner(owner) !== undefined,
    bar(barred) {
      addresses.bar(barred);
      for (const session of [...sessions.values()])
        if (addresses.isBarred(session.address)) {
          void presence.leave(session);
          session.end('session.barred');
        }
      doors.bar();
    },
    who: (zone) => presence.who(zone),
    heard: (session, since) => live(session).player.heard(since),
    onOpened: opened.add,
    onClosed: closed.add,
    onLoggedIn: loggedIn.add,
    onEntered: entered.add,
    onLeft: left.add,
    stats: () => ({
      sessions: sessions.size,
      bytesOut: counts.bytesOut,
      resyncs: fanout.resyncs,
      eventsDropped: fanout.eventsDropped,
      disconnects: counts.disconnects(),
    }),
    figures: () => counts.figures(sessions.values(), fanout),
    start: () => doors.listen(),
    stop(reason) {
      stopped ??= shut(reason);
      return stopped;
    },
  };
}
