/**
 * socket.io at the door: who may connect, what is counted before it is read, and how a session reaches its client.
 * Only this file and what it is made of (socket/) know socket.io.
 */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Json } from '../contract/content.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Clock, Log } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Addresses, Origins } from './addresses.ts';
import type { Allowance, Allowances } from './allowances.ts';
import { readCookie } from './cookie.ts';
import type { GatewayConfig } from './limits.ts';
import type { Peers } from './peers.ts';
import { type Door, type LiveSession, refusal } from './session.ts';
import { type Connection, Line, type Transport } from './socket/line.ts';
import { findOld } from './versions.ts';
import type { Form } from './view/fragments.ts';

export type SocketsOptions = {
  readonly server: HttpServer;
  readonly limits: GatewayConfig;
  readonly origins: Origins;
  readonly peers: Peers;
  readonly addresses: Addresses;
  readonly allowances: Allowances;
  readonly clock: Clock;
  readonly log: Log;
  /** A connection is open. */
  readonly open: (opening: Opening) => LiveSession;
  readonly closed: (session: LiveSession, reason: string) => void;
  /** A packet was handed to a transport. */
  readonly wrote: (bytes: number) => void;
  /** A packet came in. */
  readonly read: (bytes: number) => void;
  /** A packet was answered, or dropped, unread. */
  readonly refused: (code: ErrorCode) => void;
};

/** A connection that becomes a session. */
export type Opening = {
  readonly door: Door;
  readonly address: string;
  readonly loopback: boolean;
  /** It was opened by a page: a designer's code, wherever it runs. */
  readonly page: boolean;
  readonly allowance: Allowance;
  readonly presented: Presented;
  /** The login that the browser keeps, when the page is of this node. */
  readonly cookie: string | undefined;
  /** There are as many as there may be of those without priority: it stays only with a login that has it. */
  readonly crowded: boolean;
};

/** What a client presented as `auth` when it connected. */
export type Presented = {
  readonly resume?: unknown;
  readonly token?: unknown;
  readonly dev?: unknown;
  readonly moves?: unknown;
  /** Version of the protocol that it speaks, such as `1.1`. */
  readonly protocol?: unknown;
  /** Its own version, such as `2.0.4`. */
  readonly client?: unknown;
};

/** Connections that are no sessions yet, or not any more, beside as many sessions as there may be. */
const comingMost = 256;
/** A client that was told to go is cut off after this long if it does not. */
const partingMs = 1_000;

export interface Sockets {
  /** Sessions over sockets. */
  readonly count: number;
  close(): Promise<void>;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { limits, log } = options;
  const io = new Server({
    serveClient: true,
    maxHttpBufferSize: limits.messageBytes,
    pingInterval: limits.heartbeatMs,
    pingTimeout: limits.heartbeatTimeoutMs,
    connectTimeout: limits.connectTimeoutMs,
    perMessageDeflate: false,
    httpCompression: false,
    allowEIO3: false,
    allowRequest: (request, decide) => {
      const { address } = options.peers.find(request.socket.remoteAddress, request.headers);
      const refused = refuse(request, address);
      if (refused !== undefined) log.debug({ code: refused, address }, 'connection refused');
      decide(refused, refused === undefined);
    },
  });
  io.attach(options.server);
  const most = limits.sessions + limits.sessionsPriority;
  const overMost = limits.sessionsPriority > 0 ? 'session.crowded' : 'session.full';
  const parting = new Set<ReturnType<typeof setTimeout>>();
  /** What was found out about a connection before its socket exists. */
  const lines = new WeakMap<Connection, Line>();

  function refuse(request: IncomingMessage, address: string): ErrorCode | undefined {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    // JSONP hands answers to any page's script element; older protocols have other heartbeats.
    if (query.has('j') || query.get('EIO') !== '4') return 'session.origin';
    if (options.addresses.isBarred(address)) return 'session.barred';
    if (!options.origins.admits(request.headers)) return 'session.origin';
    if (io.sockets.sockets.size >= most || io.engine.clientsCount >= most + comingMost) return overMost;
    return options.addresses.admits(address) ? undefined : 'session.too-many';
  }

  /** Why there is no place for a session; whether its login has priority is looked up. */
  function findFull({ crowded, resuming }: LiveSession): ErrorCode | undefined {
    if (io.sockets.sockets.size > most) return overMost;
    return crowded && resuming === undefined ? 'session.full' : undefined;
  }

  function cut(connection: Connection): void {
    connection.close(true);
    (connection.transport as Transport).socket?.terminate?.();
  }

  /** Cuts a connection off after a moment in which the client can still read why. */
  function part(connection: Connection): void {
    const timer = setTimeout(() => {
      parting.delete(timer);
      cut(connection);
    }, partingMs);
    timer.unref();
    parting.add(timer);
  }

  io.engine.on('connection', (connection: Connection) => {
    const peer = options.peers.find(connection.remoteAddress, connection.request.headers);
    const { address } = peer;
    const undo = options.addresses.open(address);
    if (undo === undefined) return cut(connection);
    const allowance = options.allowances.take(address, options.clock.monotonicMs());
    connection.on('close', () => {
      undo();
      options.allowances.giveBack(address, allowance, options.clock.monotonicMs());
      // A WebSocket waits half a minute for a client that does not say goodbye.
      part(connection);
    });
    lines.set(connection, new Line(connection, peer, options, allowance, cut));
  });

  // Several requests to join that come together would be a session each, and the connection is counted once.
  io.use((socket, next) => {
    if (lines.get(socket.conn)?.joins() === false) next(new Error('call.malformed'));
    else next();
  });

  io.on('connection', (socket) => {
    const line = lines.get(socket.conn);
    // Its address may have been banned since the handshake.
    if (line === undefined || options.addresses.isBarred(line.peer.address)) return cut(socket.conn);
    const { address, loopback } = line.peer;
    const presented = (socket.handshake.auth as Presented | null) ?? {};
    const door = createDoor(socket, line, part, presented.moves === 'packed' ? 'packed' : 'plain');
    const { headers } = socket.handshake;
    const cookie = options.origins.isOwn(headers) ? readCookie(headers.cookie, limits.secure) : undefined;
    const crowded = io.sockets.sockets.size > limits.sessions;
    const { allowance, page } = line;
    const session = options.open({ door, address, loopback, page, allowance, presented, cookie, crowded });
    line.session = session;
    socket.onAny((name: unknown, ...args: unknown[]) => receive(session, name, args, log));
    socket.on('disconnect', (reason) => {
      const why = line.reason ?? reason;
      log.info({ session: session.id, address, reason: why }, 'session closed');
      options.closed(session, why);
      // Who left the namespace and stayed connected would be nobody to any limit: a connection ends with its session.
      if (reason === 'client namespace disconnect') {
        socket.conn.close();
        part(socket.conn);
      }
    });
    const refused = findOld(presented, limits.clientLeast) ?? findFull(session);
    if (refused !== undefined) session.end(refused);
  });

  return {
    get count() {
      return io.sockets.sockets.size;
    },
    async close() {
      for (const timer of parting) clearTimeout(timer);
      for (const socket of io.sockets.sockets.values()) cut(socket.conn);
      await io.close();
    },
  };
}

/** Calls what a client sent, whatever it is, and answers if it can be answered. */
function receive(session: LiveSession, name: unknown, args: unknown[], log: Log): void {
  const last = args.at(-1);
  const acknowledge = typeof last === 'function' ? (last as (answer: Answer) => void) : undefined;
  if (acknowledge !== undefined) args.pop();
  const answer = (outcome: Answer): void => {
    if (acknowledge === undefined) return;
    try {
      acknowledge(outcome);
    } catch (error) {
      // What a handler gave back cannot be written as JSON.
      log.warn({ session: session.id, method: String(name).slice(0, 64), error: String(error) }, 'answer not sent');
      acknowledge(refusal('call.failed'));
    }
  };
  const [params = {}, ...more] = args;
  if (typeof name !== 'string' || more.length > 0 || typeof params !== 'object' || Array.isArray(params)) {
    return answer(refusal('call.malformed'));
  }
  if (name === 'input') {
    const wrong = session.input(params);
    return answer(wrong === undefined ? { ok: true, result: null } : refusal(wrong));
  }
  session.call(name, params ?? {}, answer).catch((error: unknown) => {
    log.error({ session: session.id, method: name.slice(0, 64), error: String(error) }, 'call broke');
  });
}

function createDoor(socket: Socket, line: Line, part: (connection: Connection) => void, form: Form): Door {
  const { conn } = socket;
  return {
    via: 'socket',
    form,
    send(event: string, data: Json) {
      socket.emit(event, data);
    },
    write(packet) {
      // Exactly what `socket.emit` would write, without building the packet again for each session.
      if (socket.connected) line.write(packet);
    },
    waitingBytes: () => line.waitingBytes(),
    close(code) {
      line.reason = code;
      socket.disconnect(true);
      // A client that does not read, or goes on sending, is not waited for.
      part(conn);
    },
  };
}
