/** The doors of the gateway and what they share: HTTP with socket.io on its server, lines of text, the turn relay. */
import { join } from 'node:path';
import type { ErrorCode } from '../contract/errors.ts';
import { type Addresses, Origins } from './addresses.ts';
import type { Allowance, Allowances } from './allowances.ts';
import { ApiDoor } from './api-door.ts';
import type { Arrivals } from './arrivals.ts';
import type { Counts } from './counts.ts';
import { admitsToken } from './dev-token.ts';
import { findEditorModules } from './editor.ts';
import type { GatewayOptions, Listening } from './gateway.ts';
import { createHttp } from './http.ts';
import { Pages } from './pages.ts';
import { Peers } from './peers.ts';
import type { Polls } from './polls.ts';
import type { Presence } from './presence.ts';
import type { Door, LiveSession } from './session.ts';
import { createSockets, type Opening } from './socket.ts';
import { createStripper } from './strip.ts';
import { createText } from './text.ts';
import { createTurnDoor, createTurnPort } from './turn-door.ts';
import { sightOf, specOf } from './zone-spec.ts';

/** Where a connection comes from. */
export type From = {
  readonly address: string;
  readonly loopback: boolean;
  /** It was opened by a page. */
  readonly page: boolean;
};

export type DoorsOptions = Omit<GatewayOptions, 'guests' | 'dispatch'> & {
  readonly addresses: Addresses;
  readonly allowances: Allowances;
  readonly presence: Presence;
  readonly polls: Polls;
  readonly arrivals: Arrivals;
  readonly counts: Counts;
  /** A session of somebody new. */
  readonly open: (door: Door, from: From, allowance: Allowance, hasToken: boolean) => LiveSession;
  readonly close: (session: LiveSession, reason: string) => void;
};

export interface Doors {
  /** Sessions over connections that stay open. */
  readonly count: number;
  /** @throws Error of the system when a port cannot be had. */
  listen(): Promise<Listening>;
  /** Other addresses are banned now. */
  bar(): void;
  /** Ends the connections; answers on their way get a moment. */
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

/** Time for answers over HTTP that are on their way when the node stops. */
const answersMs = 1_000;
/** A browser opens several connections for one page. */
const tcpPerConnection = 4;

export function createDoors(options: DoorsOptions): Doors {
  const { config, zones, log, clock, version, addresses, allowances, presence, polls, arrivals, counts } = options;
  const origins = new Origins([config.host, ...config.hosts], config.origins);
  const peers = new Peers(config.trustProxy, config.dev);
  const stripper = createStripper();
  const pages = new Pages({
    clientFolder: options.clientFolder,
    libraryFolder: join(import.meta.dirname, '..'),
    strip: options.strip ?? ((source, path) => stripper.strip(source, path)),
    editor: options.devToken === undefined ? new Map() : findEditorModules(),
  });
  const isBarred = (address: string) => addresses.isBarred(address);
  const connectionsPerAddress = tcpPerConnection * config.connectionsPerAddress;
  const map = (zone: string) => (specOf(zones, zone) === undefined ? undefined : zones.map(zone));
  const turn = createTurnDoor({ origins, peers, log, isBarred, call: options.turn });
  const turnPort = createTurnPort(turn, { connectionsPerAddress, peers });
  const http = createHttp({
    ...{ origins, peers, log, turn, version, connectionsPerAddress, pages, map, isBarred },
    messageBytes: config.messageBytes,
    game: config.game,
    isGame: (name) => zones.game(name) !== undefined,
    secure: config.secure,
    lacks: options.lacks ?? (async () => []),
    metrics: options.metrics && { page: options.metrics, token: config.metricsToken },
    api: openApi(options),
    caller: (caller) => polls.caller(caller),
  });
  const shared = {
    ...{ limits: config, peers, addresses, allowances, clock, log },
    closed: options.close,
    read: (bytes: number) => {
      counts.bytesIn += bytes;
    },
    refused: (code: ErrorCode) => counts.refused(code),
  };
  const sockets = createSockets({
    ...shared,
    server: http.server,
    origins,
    open: (opening) => openSocket(options, opening),
    wrote: (bytes) => {
      counts.bytesOut += bytes;
      counts.packetsOut += 1;
    },
  });
  const text = createText({
    ...shared,
    version,
    present: arrivals.present,
    others: () => sockets.count,
    plan: map,
    metre: (zone) => sightOf(zones, zone)?.units.metre ?? 1,
    open({ door, peer: { address, loopback }, allowance, token }) {
      const session = options.open(door, { address, loopback, page: false }, allowance, false);
      if (token !== undefined) arrivals.present(session, token);
      return session;
    },
    leave: (session) => presence.leave(session),
    wrote: (bytes) => {
      counts.bytesOut += bytes;
    },
  });

  return {
    get count() {
      return sockets.count + text.count;
    },
    async listen() {
      const turns = config.turnPort > 0 ? { turnPort: await turnPort.listen(config.turnPort, config.host) } : {};
      const port = await http.listen(config.port, config.host);
      const name = config.host.includes(':') ? `[${config.host}]` : config.host;
      const texts = config.textPort > 0 ? { textPort: await text.listen(config.textPort, config.host) } : {};
      return { url: `http://${name}:${port}`, port, ...texts, ...turns };
    },
    bar: () => text.bar(),
    async hangUp() {
      // Who does not read his answer keeps nobody from stopping.
      const impatience = setTimeout(() => http.server.closeAllConnections(), answersMs);
      await Promise.all([sockets.close(), text.close()]);
      clearTimeout(impatience);
    },
    async close() {
      await turnPort.close();
      await http.close();
      await stripper.close();
    },
  };
}

/** A session over socket.io, which may present a token of each kind. */
function openSocket({ open, arrivals, devToken }: DoorsOptions, opening: Opening): LiveSession {
  const { door, address, loopback, page, allowance, cookie, crowded, presented } = opening;
  const { resume, token, dev } = presented;
  const session = open(door, { address, loopback, page }, allowance, admitsToken(devToken, dev, loopback));
  session.crowded = crowded;
  const given = typeof token === 'string' ? { token, cookie: false } : cookie && { token: cookie, cookie: true };
  if (given) session.resuming = arrivals.admit(session, { ...given, via: 'socket', address, page });
  else if (typeof resume === 'string' && !crowded) session.resuming = arrivals.resume(session, resume);
  return session;
}

/** /docs/api, where there is something to show and somebody to see it. */
function openApi({ reference, config, version, authenticate, clock }: DoorsOptions): ApiDoor | undefined {
  const { apiDocs: who, messageBytes } = config;
  if (reference === undefined || who === 'off') return undefined;
  return new ApiDoor({ who, info: { version, messageBytes }, reference, authenticate, clock });
}
