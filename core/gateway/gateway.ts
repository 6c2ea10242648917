/** Where clients come in: puts socket.io, HTTP, sessions, presence, rooms and fan-out together. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import type { ZoneSpec } from '../contract/content.ts';
import { type ErrorCode, HostError } from '../contract/errors.ts';
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
import { type Answer, wireLimits } from '../contract/protocol.ts';
import type { Reference } from '../contract/reference.ts';
import type { GatewayFigures } from '../report/figures.ts';
import type { MetricsPage } from '../report/metrics.ts';
import { Addresses, Origins } from './addresses.ts';
import { type Allowance, Allowances } from './allowances.ts';
import { ApiDoor } from './api-door.ts';
import { Audience } from './audience.ts';
import { admitsToken, buildPrivilege } from './dev-token.ts';
import { findEditorModules } from './editor.ts';
import { Fanout, type ZoneSight } from './fanout.ts';
import { createHttp } from './http.ts';
import type { GatewayConfig } from './limits.ts';
import { createLogins } from './logins.ts';
import { Pages } from './pages.ts';
import { Peers } from './peers.ts';
import type { Player } from './player.ts';
import { Polls, resumeLength } from './polls.ts';
import { Presence } from './presence.ts';
import { createRandomBytes } from './random.ts';
import { createRooms } from './rooms.ts';
import type { Caller } from './rpc-door.ts';
import { type Door, LiveSession, type SessionHost } from './session.ts';
import { createSockets } from './socket.ts';
import { Spectators } from './spectators.ts';
import { createStripper } from './strip.ts';
import { createText } from './text.ts';
import { createTurnDoor, createTurnPort, type TurnCall } from './turn-door.ts';

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

/** Of who runs the node: `allow: 'operator'`. */
const operatorPrivilege = 'operator';
/** What the token of the start gives: whoever could open that link sits at the machine. */
const builders: ReadonlySet<string> = new Set([buildPrivilege, operatorPrivilege]);
const operators: ReadonlySet<string> = new Set([operatorPrivilege]);

/** Time for answers over HTTP that are on their way when the node stops. */
const answersMs = 1_000;

/** A browser opens several connections for one page. */
const tcpPerConnection = 4;

export function createGateway(options: GatewayOptions): RunningGateway {
  const { config, zones, log, clock } = options;
  const randomBytes = createRandomBytes();
  const sessions = new Map<string, LiveSession>();
  const disconnects = new Map<string, number>();
  const opened = createListeners<[Session]>();
  const closed = createListeners<[Session, string]>();
  const loggedIn = createListeners<[Session]>();
  const entered = createListeners<[Session, ZoneId]>();
  const left = createListeners<[Session, ZoneId]>();
  const rooms = createRooms((id) => sessions.get(id));
  const refused = new Map<ErrorCode, number>();
  let bytesOut = 0;
  let bytesIn = 0;
  let packetsOut = 0;
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
    refused: countRefused,
    calls: new AsyncLocalStorage(),
  };

  function countRefused(code: ErrorCode): void {
    refused.set(code, (refused.get(code) ?? 0) + 1);
  }

  function open(
    door: Door,
    address: string,
    from: { readonly loopback: boolean; readonly page: boolean },
    player: Player,
    allowance: Allowance,
    privileges?: ReadonlySet<string>,
  ): LiveSession {
    const id = randomBytes(9).toString('base64url');
    const session = new LiveSession(id, address, from, player, door, host, allowance, privileges);
    sessions.set(session.id, session);
    opened.tell(session);
    return session;
  }

  function close(session: LiveSession, reason: string): void {
    if (session.closed) return;
    session.closed = true;
    sessions.delete(session.id);
    disconnects.set(reason, (disconnects.get(reason) ?? 0) + 1);
    spectators.unwatch(session);
    presence.disconnected(session);
    rooms.forget(session.id);
    closed.tell(session, reason);
  }

  /** Takes back the character of an earlier connection; calls of the session wait for it. */
  async function resume(session: LiveSession, token: string): Promise<void> {
    const player = presence.findByToken(token);
    try {
      // A connection plays one character, and whoever is logged in those of his account: what it plays would be left behind.
      if (session.zone !== null || session.account !== null) throw new HostError('session.playing');
      spectators.unwatch(session);
      if (player === undefined) {
        session.player = (await presence.recall(session, token)) ?? session.player;
        throw new HostError('session.unknown-resume');
      }
      await takeBack(session, player);
    } catch (error) {
      log.debug({ session: session.id, error: String(error) }, 'not resumed');
      const { code, message } = new HostError('session.unknown-resume');
      session.send('notice', { code, message });
    } finally {
      session.resuming = undefined;
    }
  }

  /** The character of an earlier connection is this session's, with what was sent to it meanwhile. */
  async function takeBack(session: LiveSession, player: Player): Promise<void> {
    await host.calls.run([], async () => {
      const back = await presence.resume(session, player);
      session.send('resumed', back);
      // A request over HTTP hears nothing: it waits for a connection.
      if (session.listens) {
        player.lost = false;
        for (const { event, data } of player.takeMissed()) session.send(event, data);
      }
      for (const work of host.calls.getStore() ?? []) work();
    });
  }

  /** Finds out whose token it is that a new connection presented; calls of the session wait for it. */
  async function admit(session: LiveSession, presented: Presented): Promise<void> {
    try {
      const account = await options.authenticate(presented);
      if (account === null) throw new HostError('session.unknown-token');
      // Who takes the place of another connection of the account needs none of its own.
      if (logins.replaces(session, account)) session.crowded = false;
      if (!session.closed && !lacksPlace(session, account)) await logins.identify(session, account);
    } catch (error) {
      const told = error instanceof HostError ? error : new HostError('call.failed');
      if (told !== error) log.error({ session: session.id, error }, 'token not looked up');
      // Who presents a token that does not hold would act as somebody else than it thinks. A browser sends its cookie by
      // itself: whoever opens the page with an old one is a stranger, not wrong.
      if (!presented.cookie || told.code === 'session.elsewhere') session.end(told.code, told.message);
      else if (told.code !== 'session.unknown-token')
        session.send('notice', { code: told.code, message: told.message });
    } finally {
      session.resuming = undefined;
      if (lacksPlace(session, session.account)) session.end('session.full');
    }
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

  const logins = createLogins({
    sessions: () => sessions.values(),
    presence,
    policy: config.accountSessions,
    takeBack,
    unwatch: (session) => spectators.unwatch(session),
    loggedIn: loggedIn.tell,
  });
  const allowances = new Allowances({ ...config, inputsPerSecond: wireLimits.inputsPerSecond });
  const polls = new Polls({
    clock,
    config,
    presence,
    allowances,
    authenticate: options.authenticate,
    takeBack,
    open: (door, { address, loopback, page }, player, allowance) =>
      open(door, address, { loopback, page }, player, allowance, loopback && !page ? operators : undefined),
    close,
    refused: countRefused,
  });
  const origins = new Origins([config.host, ...config.hosts], config.origins);
  const peers = new Peers(config.trustProxy, config.dev);
  const addresses = new Addresses(config.connectionsPerAddress, config.connectsPerAddressPerSecond, clock);
  const stripper = createStripper();
  const core = join(import.meta.dirname, '..');
  const library = (source: string, path: string) => stripper.strip(source, path);
  const pages = new Pages({
    clientFolder: options.clientFolder,
    libraryFolder: core,
    strip: options.strip ?? library,
    editor: options.devToken === undefined ? new Map() : findEditorModules(),
  });
  const isBarred = (address: string) => addresses.isBarred(address);
  const connectionsPerAddress = tcpPerConnection * config.connectionsPerAddress;
  const turn = createTurnDoor({ origins, peers, log, isBarred, call: options.turn });
  const turnPort = createTurnPort(turn, { connectionsPerAddress, peers });
  const http = createHttp({
    origins,
    peers,
    log,
    turn,
    messageBytes: config.messageBytes,
    connectionsPerAddress,
    version: options.version,
    game: config.game,
    isGame: (name) => zones.game(name) !== undefined,
    pages,
    map: (zone) => (specOf(zones, zone) === undefined ? undefined : zones.map(zone)),
    isBarred,
    secure: config.secure,
    lacks: options.lacks ?? (async () => []),
    metrics: options.metrics && { page: options.metrics, token: config.metricsToken },
    api: openApi(options),
    caller: (caller: Caller) => {
      const call = polls.caller(caller);
      return (method: string, params: unknown): Promise<Answer> => call(method, params);
    },
  });
  const sockets = createSockets({
    server: http.server,
    limits: config,
    origins,
    peers,
    addresses,
    allowances,
    clock,
    log,
    open({ door, address, loopback, page, allowance, cookie, crowded, presented }) {
      const { resume: token, token: login, dev } = presented;
      // In development the operator is a program on this machine, or the page that was given the token; no other page.
      const operator = loopback && !page ? operators : undefined;
      const privileges = admitsToken(options.devToken, dev, loopback) ? builders : operator;
      const session = open(door, address, { loopback, page }, presence.createPlayer(), allowance, privileges);
      session.crowded = crowded;
      const given =
        typeof login === 'string' ? { token: login, cookie: false } : cookie && { token: cookie, cookie: true };
      if (given) session.resuming = admit(session, { ...given, via: 'socket', address, page });
      else if (typeof token === 'string' && !crowded) session.resuming = resume(session, token);
      return session;
    },
    closed: close,
    wrote: (bytes) => {
      bytesOut += bytes;
      packetsOut += 1;
    },
    read: (bytes) => {
      bytesIn += bytes;
    },
    refused: countRefused,
  });

  /** A token that a connection over TCP presents: of a login, or of a guest's lost connection. */
  function present(session: LiveSession, token: string): void {
    const { address } = session;
    session.resuming =
      token.length <= resumeLength
        ? resume(session, token)
        : admit(session, { token, cookie: false, via: 'text', address, page: false });
  }
  const text = createText({
    ...{ limits: config, peers, addresses, allowances, clock, log, version: options.version, present },
    others: () => sockets.count,
    plan: (zone) => (specOf(zones, zone) === undefined ? undefined : zones.map(zone)),
    metre: (zone) => sightOf(zones, zone)?.units.metre ?? 1,
    open({ door, peer: { address, loopback }, allowance, token }) {
      const from = { loopback, page: false };
      const session = open(door, address, from, presence.createPlayer(), allowance, loopback ? operators : undefined);
      if (token !== undefined) present(session, token);
      return session;
    },
    leave: (session) => presence.leave(session),
    closed: close,
    wrote: (bytes) => {
      bytesOut += bytes;
    },
    read: (bytes) => {
      bytesIn += bytes;
    },
    refused: countRefused,
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
    const isFull = sockets.count + text.count > config.sessions;
    for (const session of sessions.values()) {
      if (!isFull) session.crowded = false;
      const why = overdue(session, nowMs);
      if (why === 'session.time-over') void presence.leave(session);
      // Between two requests over HTTP there is no connection to end.
      if (why !== undefined && session.listens) session.end(why);
    }
    fanout.sweep();
    addresses.sweep();
    allowances.sweep(nowMs);
    polls.sweep();
  }
  /** Why a session may not stay any longer. */
  function overdue(session: LiveSession, nowMs: number): ErrorCode | undefined {
    const { account, zone, player, watching } = session;
    const isUnused = account === null && zone === null && watching === null;
    if (isUnused && nowMs - session.idleSinceMs > config.idleSessionS * 1000) return 'session.idle';
    if (session.resuming === undefined && lacksPlace(session, account)) return 'session.full';
    if (account?.until != null && account.until < clock.now()) return 'session.logged-out';
    if (config.guestMs > 0 && account === null && zone !== null && nowMs - player.bornMs > config.guestMs)
      return 'session.time-over';
    return config.silentMs > 0 && nowMs - session.lastMs > config.silentMs ? 'session.silent' : undefined;
  }
  const sweeping = setInterval(sweep, 1_000);
  sweeping.unref();

  async function shut(reason: string): Promise<void> {
    clearInterval(sweeping);
    for (const session of [...sessions.values()]) session.end('session.closing');
    // Answers on their way get a moment; who does not read his keeps nobody from stopping.
    const impatience = setTimeout(() => http.server.closeAllConnections(), answersMs);
    await Promise.all([sockets.close(), text.close()]);
    clearTimeout(impatience);
    for (const session of [...sessions.values()]) close(session, reason);
    for (const off of offs) off();
    await turnPort.close();
    await http.close();
    await stripper.close();
  }

  function figures(): GatewayFigures {
    const all = [...sessions.values()];
    return {
      sockets: all.filter(({ via }) => via === 'socket').length,
      texts: all.filter(({ via }) => via === 'text').length,
      https: all.filter(({ via }) => via === 'http').length,
      ...{ bytesIn, bytesOut, packetsOut, resyncs: fanout.resyncs, eventsDropped: fanout.eventsDropped },
      refused: [...refused],
      disconnects: [...disconnects],
      bytesWaiting: all.reduce((sum, session) => sum + session.waitingBytes(), 0),
      callsInFlight: all.reduce((sum, session) => sum + session.inFlight, 0),
    };
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
      text.bar();
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
      bytesOut,
      resyncs: fanout.resyncs,
      eventsDropped: fanout.eventsDropped,
      disconnects: Object.fromEntries(disconnects),
    }),
    figures,
    async start() {
      const turns = config.turnPort > 0 ? { turnPort: await turnPort.listen(config.turnPort, config.host) } : {};
      const port = await http.listen(config.port, config.host);
      const name = config.host.includes(':') ? `[${config.host}]` : config.host;
      const texts = config.textPort > 0 ? { textPort: await text.listen(config.textPort, config.host) } : {};
      return { url: `http://${name}:${port}`, port, ...texts, ...turns };
    },
    stop(reason) {
      stopped ??= shut(reason);
      return stopped;
    },
  };
}

/** /docs/api, where there is something to show and somebody to see it. */
function openApi({ reference, config, version, authenticate, clock }: GatewayOptions): ApiDoor | undefined {
  const { apiDocs: who, messageBytes } = config;
  if (reference === undefined || who === 'off') return undefined;
  return new ApiDoor({ who, info: { version, messageBytes }, reference, authenticate, clock });
}

function createListeners<Args extends readonly unknown[]>() {
  const listeners = new Set<(...args: Args) => void>();
  return {
    add(listener: (...args: Args) => void): Off {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell(...args: Args): void {
      for (const listener of [...listeners]) listener(...args);
    },
  };
}

/** It came when the node was full, and nothing lets it in all the same. */
function lacksPlace({ crowded }: LiveSession, account: Account | null): boolean {
  return crowded && !isLetIn(account, 'priority');
}

/** What the game declares of a zone; instances are like their zone. */
function specOf(zones: Zones, zone: ZoneId): ZoneSpec | undefined {
  const [game = '', rest = ''] = zone.split('/');
  const name = rest.split(/[#@~]/)[0];
  return zones.game(game)?.zones.find((spec) => spec.name === name);
}

function sightOf(zones: Zones, zone: ZoneId): (ZoneSpec & ZoneSight) | undefined {
  const spec = specOf(zones, zone);
  const game = zones.game(zone.slice(0, zone.indexOf('/')));
  return spec === undefined || game === undefined ? undefined : { ...spec, units: game.units };
}
