/** One engine.io connection: what comes in is counted before it is parsed, what goes out before it is sent. */
import type { IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Socket } from 'socket.io';
import type { ErrorCode } from '../../contract/errors.ts';
import type { Allowance } from '../allowances.ts';
import { FloodWatch } from '../budget.ts';
import { cannedAnswer, classify } from '../packet.ts';
import type { Peer } from '../peers.ts';
import { type LiveSession, refusal } from '../session.ts';
import type { SocketsOptions } from '../socket.ts';
import { toTextFrame } from '../ws-frame.ts';

/** Packets in the body of one polling request. */
const packetsPerBody = 32;
/** How an input begins, as clients write it. */
const inputHead = '2["input",';
/** `readyState` of a WebSocket that takes messages. */
const webSocketOpen = 1;

export type Connection = Socket['conn'];
/** What of a transport is used: the polling one reads bodies, the WebSocket one can be cut off. */
export type Transport = Connection['transport'] & {
  onData?: (body: unknown) => void;
  /** What the body came with, while it is read. */
  readonly dataReq?: IncomingMessage | null;
  readonly socket?: Partial<WebSocket>;
};

/** What of a WebSocket of the server is used. */
type WebSocket = {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly terminate: () => void;
  readonly _socket: Pick<NetSocket, 'cork' | 'uncork'> | null;
  /** Where engine.io puts frames that were made before. */
  readonly _sender: { readonly sendFrame: (parts: readonly Buffer[]) => void };
};

export class Line {
  session: LiveSession | undefined;
  /** Why Roost ended it, when it did. */
  reason: string | undefined;
  readonly connection: Connection;
  /** Who is at its other end, as it was opened. */
  readonly peer: Peer;
  /** A page opened it, and no program. */
  page: boolean;
  readonly allowance: Allowance;
  readonly #options: SocketsOptions;
  readonly #cut: (connection: Connection) => void;
  readonly #flood: FloodWatch;
  #joined = false;
  /** Bytes that wait in engine.io for the transport. */
  #queued = 0;

  constructor(
    connection: Connection,
    peer: Peer,
    options: SocketsOptions,
    allowance: Allowance,
    cut: (connection: Connection) => void,
  ) {
    this.connection = connection;
    this.peer = peer;
    this.page = options.origins.isPage(connection.request.headers);
    this.allowance = allowance;
    this.#options = options;
    this.#cut = cut;
    const { bytesPerSecond, callsPerSecond, floodFactor, floodS } = options.limits;
    const nowMs = options.clock.monotonicMs();
    this.#flood = new FloodWatch(floodFactor * callsPerSecond, floodFactor * bytesPerSecond, floodS, nowMs);
    this.#guardBodies(connection.transport as Transport);
    this.#guardMessages();
    connection.on('packetCreate', ({ data }: { readonly data?: unknown }) => this.#count(data));
    connection.on('flush', () => {
      this.#queued = 0;
      // What waited in engine.io goes out as one write: a write costs as much as a call.
      (connection.transport as Transport).socket?._socket?.cork();
    });
    connection.on('drain', () => (connection.transport as Transport).socket?._socket?.uncork());
  }

  /** Whether it may become a session now: once. */
  joins(): boolean {
    const isFirst = !this.#joined;
    this.#joined = true;
    return isFirst;
  }

  /** Bytes that the client has not taken: in engine.io, and in the WebSocket and its TCP socket. */
  waitingBytes(): number {
    return this.#queued + ((this.connection.transport as Transport).socket?.bufferedAmount ?? 0);
  }

  /** Tells the client why, if there is a session, and ends it. */
  end(code: ErrorCode): void {
    if (this.reason !== undefined) return;
    if (this.session !== undefined) {
      this.session.end(code);
      return;
    }
    this.reason = code;
    this.#cut(this.connection);
  }

  /**
   * Exactly what engine.io would write. Where it has nothing waiting the packet goes straight into the WebSocket: a
   * delta costs engine.io's queue and events as much as its bytes cost the kernel.
   */
  write(packet: string): void {
    const { connection } = this;
    const { name, socket } = connection.transport as Transport;
    const isFree = this.#queued === 0 && connection.readyState === 'open' && name === 'websocket';
    if (isFree && socket?.readyState === webSocketOpen && socket._sender) {
      this.#admit(packet.length);
      socket._sender.sendFrame([toTextFrame(`4${packet}`)]);
    } else {
      connection.write(packet);
    }
  }

  #count(data: unknown): void {
    const bytes = typeof data === 'string' ? data.length : 0;
    this.#admit(bytes);
    this.#queued += bytes;
  }

  #admit(bytes: number): void {
    const waiting = this.waitingBytes();
    this.#options.wrote(bytes);
    if (waiting > this.#options.limits.closeBytes) queueMicrotask(() => this.end('session.slow'));
  }

  /** Bodies of polling requests: more packets than a client puts into one are dropped unread. */
  #guardBodies(transport: Transport): void {
    const read = transport.onData;
    if (transport.name !== 'polling' || read === undefined) return;
    transport.onData = (body) => {
      // Without https a page's own GET may not say where it is from. What it posts does, and nobody is in without posting.
      this.page ||= this.#options.origins.isPage(transport.dataReq?.headers ?? {});
      if (typeof body === 'string' && countSeparators(body) >= packetsPerBody) this.end('session.too-fast');
      else read.call(transport, body);
    };
  }

  /** Stands before socket.io's parser. */
  #guardMessages(): void {
    const { connection, allowance } = this;
    const parse = connection.listeners('data') as ((data: unknown) => void)[];
    connection.removeAllListeners('data');
    connection.on('packet', ({ type }: { readonly type: string }) => {
      // Messages are counted below, where they can be answered.
      if (type !== 'message' && !allowance.packets.take(this.#options.clock.monotonicMs()))
        this.end('session.too-fast');
    });
    connection.on('data', (data: unknown) => {
      if (this.reason !== undefined) return;
      const nowMs = this.#options.clock.monotonicMs();
      const bytes =
        typeof data === 'string'
          ? data.length
          : ((data as { readonly byteLength?: number } | undefined)?.byteLength ?? 0);
      this.#options.read(bytes);
      if (this.#flood.count(bytes, nowMs)) return this.end('session.too-fast');
      const isWithin = allowance.packets.take(nowMs) && allowance.bytes.take(nowMs, bytes);
      const code = isWithin ? classify(data) : 'call.too-fast';
      if (code === undefined && this.#takeInput(data)) return;
      if (code === undefined) for (const listener of parse) listener(data);
      else this.#refuse(data, code);
    });
  }

  /**
   * An input that wants no answer is read here: most of what comes in are these, and socket.io's parser and events cost
   * more than the input. True when it was one; anything unusual about it is left to socket.io.
   */
  #takeInput(data: unknown): boolean {
    const { session } = this;
    if (session === undefined || typeof data !== 'string') return false;
    if (!data.startsWith(inputHead) || !data.endsWith(']')) return false;
    const text = data.slice(inputHead.length, -1);
    let input: unknown;
    try {
      input = JSON.parse(text);
    } catch {
      // More than one argument, or not JSON: socket.io's parser has the last word on that.
      return false;
    }
    // As socket.io does, so that it stays behind what came before it.
    process.nextTick(() => {
      if (!session.closed) session.input(input, text);
    });
    return true;
  }

  /** Answers a packet that is not read, if it asked for an answer. */
  #refuse(data: unknown, code: 'call.too-fast' | 'call.malformed'): void {
    this.#options.refused(code);
    const answer = cannedAnswer(data, refusal(code));
    if (answer !== undefined) this.connection.write(answer);
  }
}

function countSeparators(body: string): number {
  let count = 0;
  for (let at = body.indexOf('\x1e'); at !== -1 && count < packetsPerBody; at = body.indexOf('\x1e', at + 1)) count++;
  return count;
}
