/**
 * The plain format of the older turn server: one line of text in, one out, at `/turn` and on a port of its own. What the
 * line says is the turn plugin's; here are the body, the address, and the time that a request took. docs/turns.md.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import { goOn, type Soon } from '../contract/soon.ts';
import type { Origins } from './addresses.ts';
import { everywhere, ownOrigin } from './headers.ts';
import { limitConnections, openServer } from './http-server.ts';
import type { Peer, Peers } from './peers.ts';

/** Carries out a request; the result is the answer as text. Never throws or rejects. */
export type TurnCall = (request: {
  readonly body: string;
  readonly address: string;
  /** No limit of one address holds. */
  readonly free: boolean;
}) => Soon<Answer>;

export type TurnDoorOptions = {
  readonly origins: Origins;
  readonly peers: Peers;
  readonly log: Log;
  readonly isBarred: (address: string) => boolean;
  readonly call: TurnCall;
};

const bodyBytes = 16_384;
/** Of a body that is too long so much is still read, so that a client that writes first gets to its answer. */
const patientBytes = 1_048_576;

/** What the door answers by itself, in the format's own codes. */
const noLength = '1/*/*';
const noText = '2/*/*';
const notServed = '3/*/*';
const tooLong = '20/*/*';
const broken = '7/1/*';

/** Whether a request comes to this door on the main port. */
export function isTurn({ url = '' }: Pick<IncomingMessage, 'url'>): boolean {
  return url === '/turn' || url === '/turn/' || url.startsWith('/turn?');
}

/** Answers the requests that come to it, whatever is in them. */
export function createTurnDoor({ origins, peers, log, isBarred, call }: TurnDoorOptions): RequestListener {
  /** What the last request took, without the time on the wire. */
  let lastMs = 0;

  function answer(body: Buffer, { address, loopback }: Peer, response: ServerResponse): void {
    const beganMs = performance.now();
    const done = (status: number, text: string) => {
      lastMs = performance.now() - beganMs;
      write(response, status, text);
    };
    if (!isUtf8(body)) return done(400, noText);
    void goOn(call({ body: body.toString(), address, free: loopback }), (answered) => {
      if (answered.ok && typeof answered.result === 'string') done(statusOf(answered.result), answered.result);
      else {
        log.debug({ path: '/turn', code: answered.ok ? 'call.failed' : answered.error.code }, 'request failed');
        done(503, broken);
      }
    });
  }

  /** A program of the oldest kind says no host; a browser always does. */
  function isAdmitted(headers: IncomingMessage['headers']): boolean {
    return headers.host === undefined ? headers.origin === undefined : origins.admits(headers);
  }

  return (request, response) => {
    const { method, headers, socket } = request;
    const peer = peers.find(socket.remoteAddress, headers);
    if (isBarred(peer.address) || !isAdmitted(headers)) {
      // The rest of what is refused is not waited for.
      response.shouldKeepAlive &&= request.complete;
      return write(response, 403, notServed);
    }
    if (method === 'GET' || method === 'HEAD') return write(response, 200, (lastMs / 1_000).toFixed(6));
    if (method !== 'POST') return write(response, 405, noText, ['allow', 'GET, HEAD, POST']);
    readBody(request, response, (body) => answer(body, peer, response));
  };
}

function statusOf(text: string): 200 | 400 {
  return text.startsWith('0/') ? 200 : 400;
}

/** @param done  Is given the whole body. Not called when there is none to be had: that is answered here. */
function readBody(request: IncomingMessage, response: ServerResponse, done: (body: Buffer) => void): void {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length)) return write(response, 400, noLength);
  if (length > bodyBytes) {
    response.shouldKeepAlive &&= length <= patientBytes;
    return write(response, 400, tooLong);
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => done(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)));
}

/** As the older server had it. The text is another player's: the policy among `everywhere` lets nothing in it run. */
const head = [
  ...[...everywhere].flat(),
  ...ownOrigin,
  ...['content-type', 'text/html; charset=utf-8'],
  ...['cache-control', 'no-store'],
];

/** All at once, as in rpc-door.ts. */
function write(response: ServerResponse, status: number, text: string, more: readonly string[] = []): void {
  response.writeHead(status, [...head, ...more, 'content-length', String(Buffer.byteLength(text))]).end(text);
}

/** Whether what is no request of HTTP was meant for this door. */
export function isBrokenTurn({ rawPacket }: Error & { readonly rawPacket?: unknown }): boolean {
  return (
    rawPacket instanceof Uint8Array &&
    /^POST \/turn[ ?/]/.test(Buffer.from(rawPacket.subarray(0, 16)).toString('latin1'))
  );
}

/** Answers what is no request of HTTP, a length that is no number above all. */
export function answerBroken({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const text = code === 'HPE_INVALID_CONTENT_LENGTH' ? noLength : noText;
  const lines = [
    'HTTP/1.1 400 Bad Request',
    'content-type: text/html',
    `content-length: ${text.length}`,
    'connection: close',
  ];
  socket.end([...lines, '', text].join('\r\n'));
}

export interface TurnPort {
  /** @returns The port. @throws Error of the system when it cannot be had, with the `flag` that names another one. */
  listen(port: number, host: string): Promise<number>;
  /** Ends what is open too. Harmless when it does not listen. */
  close(): Promise<void>;
}

/** A port where every path leads to the door, as on the older server. */
export function createTurnPort(door: RequestListener, limits: Parameters<typeof limitConnections>[1]): TurnPort {
  const server = openServer(door, { requireHostHeader: false });
  limitConnections(server, limits);
  server.on('clientError', answerBroken);
  return {
    listen: (port, host) =>
      new Promise((listens, failed) => {
        const fail = (error: Error) => failed(Object.assign(error, { flag: '--turn-port' }));
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          const address = server.address();
          listens(typeof address === 'object' && address !== null ? address.port : port);
        });
      }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
