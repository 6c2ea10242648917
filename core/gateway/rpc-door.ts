/**
 * `POST /rpc`, and `POST /rpc/<method>` for one method: read and answered by hand, beside fastify. A call is small, and routes,
 * hooks and headers set one by one cost more than it does.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../contract/errors.ts';
import type { Log } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Origins } from './addresses.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { everywhere, ownOrigin } from './headers.ts';
import type { Peer, Peers } from './peers.ts';
import { answerRpc, parseError, type RpcResult, refusalBody } from './rpc.ts';
import { answerPlain, methodOf, plainRefusal } from './rpc-plain.ts';

export type Caller = {
  readonly address: string;
  readonly loopback: boolean;
  /** A page asks, and no program. */
  readonly page: boolean;
  /** What stands behind `Authorization: Bearer`. */
  readonly token: string | undefined;
  /** The login that the browser keeps, when the page is of this node and brings no other. */
  readonly cookie: string | undefined;
  /** Has the browser keep a login, or forget it. */
  readonly keep: (token: string | null, maxAgeS: number) => void;
};

export type RpcDoorOptions = {
  readonly origins: Origins;
  readonly peers: Peers;
  readonly log: Log;
  readonly messageBytes: number;
  readonly isBarred: (address: string) => boolean;
  /** Cookies go over https alone. */
  readonly secure: boolean;
  /** Gives the function that carries out the calls of one request. */
  readonly caller: (caller: Caller) => (method: string, params: unknown) => Promise<Answer>;
};

type Refusal = { readonly status: 403 | 413 | 415 | 500; readonly code: ErrorCode; readonly message?: string };

const barred: Refusal = { status: 403, code: 'session.barred' };
const foreign: Refusal = { status: 403, code: 'session.origin' };
const notJson: Refusal = {
  status: 415,
  code: 'call.malformed',
  message: 'The content type has to be application/json',
};
const tooLarge: Refusal = { status: 413, code: 'call.malformed', message: 'The body is too large' };
const broken: Refusal = { status: 500, code: 'call.failed' };

/** Whether a request comes to this door. */
export function isRpc({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && (url === '/rpc' || url.startsWith('/rpc/') || url.startsWith('/rpc?'));
}

/** Answers the requests that come to it, whatever is in them. */
export function createRpcDoor(options: RpcDoorOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { origins, peers, log, messageBytes, isBarred, secure, caller } = options;

  async function answer(
    { headers, url = '' }: IncomingMessage,
    { address, loopback }: Peer,
    text: string,
    response: ServerResponse,
  ): Promise<void> {
    const token = headers.authorization && /^Bearer ([\w-]{1,200})$/.exec(headers.authorization)?.[1];
    const cookie = !token && origins.isOwn(headers) ? readCookie(headers.cookie, secure) : undefined;
    let kept: string | undefined;
    const call = caller({
      ...{ address, loopback, page: origins.isPage(headers), token: token || undefined, cookie },
      keep(given, maxAgeS) {
        kept = writeCookie(given, maxAgeS, secure);
      },
    });
    const method = methodOf(url);
    const { status, body } =
      method === undefined ? await answerJson(text, call) : await answerPlain(method, text, call);
    write(response, status, body, kept);
  }

  return (request, response) => {
    const peer = peers.find(request.socket.remoteAddress, request.headers);
    if (isBarred(peer.address)) return refuse(request, response, barred);
    if (!origins.admits(request.headers)) return refuse(request, response, foreign);
    if (!jsonType.test(request.headers['content-type'] ?? '')) return refuse(request, response, notJson);
    readBody(request, messageBytes, (text) => {
      if (text === undefined) return refuse(request, response, tooLarge);
      answer(request, peer, text, response).catch((error: unknown) => {
        log.error({ path: '/rpc', error: String(error) }, 'request failed');
        if (!response.headersSent) refuse(request, response, broken);
      });
    });
  };
}

function answerJson(text: string, call: ReturnType<RpcDoorOptions['caller']>): Promise<RpcResult> | RpcResult {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return parseError();
  }
  return answerRpc(body, call);
}

const jsonType = /^application\/json\s*(?:;|$)/i;

/** @param done  Is given the body, or undefined when it has more than `most` bytes. Never called when the client goes before. */
function readBody(request: IncomingMessage, most: number, done: (text: string | undefined) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > most) return done(undefined);
  const parts: Buffer[] = [];
  let bytes = 0;
  request.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= most) return void parts.push(part);
    request.removeAllListeners('data').removeAllListeners('end');
    done(undefined);
  });
  request.on('end', () => done((parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString()));
}

/** The rest of a body that is refused is not waited for. */
function refuse(request: IncomingMessage, response: ServerResponse, { status, code, message }: Refusal): void {
  if (!request.complete) response.shouldKeepAlive = false;
  const isPlain = methodOf(request.url ?? '') !== undefined;
  write(response, status, isPlain ? plainRefusal(code, message).body : refusalBody(code, message));
}

const head = [
  ...[...everywhere].flat(),
  ...ownOrigin,
  ...['content-type', 'application/json; charset=utf-8'],
  ...['cache-control', 'no-store'],
];

/** All at once: a header that is set by itself is checked, kept, and looked up again. */
function write(response: ServerResponse, status: number, body: string, cookie?: string): void {
  const all = cookie === undefined ? head : [...head, 'set-cookie', cookie];
  if (status === 204) response.writeHead(status, all).end();
  else response.writeHead(status, [...all, 'content-length', String(Buffer.byteLength(body))]).end(body);
}
