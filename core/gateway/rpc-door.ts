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

type Refusal = {
  readonly status: 401 | 403 | 405 | 413 | 415 | 500;
  readonly code: ErrorCode;
  readonly message?: string;
};

const barred: Refusal = { status: 403, code: 'session.barred' };
const foreign: Refusal = { status: 403, code: 'session.origin' };
const notPosted: Refusal = { status: 405, code: 'call.malformed', message: 'A method is called by POST' };
/** Who means to be somebody is not taken for a stranger. */
const noToken: Refusal = {
  status: 401,
  code: 'session.unknown-token',
  message: 'What stands behind Bearer cannot be a token',
};
const notJson: Refusal = {
  status: 415,
  code: 'call.malformed',
  message: 'The content type has to be application/json',
};
const tooLarge: Refusal = { status: 413, code: 'call.malformed', message: 'The body is too large' };
const broken: Refusal = { status: 500, code: 'call.failed' };

/** Whether a request comes to this door. */
export function isRpc({ url = '' }: IncomingMessage): boolean {
  return url === '/rpc' || url.startsWith('/rpc/') || url.startsWith('/rpc?');
}

/** Answers the requests that come to it, whatever is in them. */
export function createRpcDoor(options: RpcDoorOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { origins, peers, log, messageBytes, isBarred, secure, caller } = options;

  async function answer(
    request: IncomingMessage,
    { address, loopback }: Peer,
    text: string,
    response: ServerResponse,
  ): Promise<void> {
    const { headers, url = '' } = request;
    const token = readToken(headers.authorization);
    if (token === null) return refuse(request, response, noToken);
    const cookie = !token && origins.isOwn(headers) ? readCookie(headers.cookie, secure) : undefined;
    let kept: string | undefined;
    const call = caller({
      ...{ address, loopback, page: origins.isPage(headers), token, cookie },
      keep(given, maxAgeS) {
        kept = writeCookie(given, maxAgeS, secure);
      },
    });
    const method = methodOf(url);
    const { status, body } =
      method === undefined ? await answerJson(text, call) : await answerPlain(method, text, call);
    const more = [...(kept === undefined ? [] : ['set-cookie', kept]), ...(status === 429 ? later : [])];
    write(response, status, body, [...toAlly(request), ...more]);
  }

  /** What the browser of an allowed page of another server wants to hear before it hands over an answer. */
  function toAlly({ headers }: IncomingMessage): readonly string[] {
    if (headers.origin === undefined) return [];
    const ally = origins.findAlly(headers);
    return ally === undefined ? [] : ['access-control-allow-origin', ally, 'vary', 'origin'];
  }

  /** The rest of a body that is refused is not waited for. */
  function refuse(request: IncomingMessage, response: ServerResponse, { status, code, message }: Refusal): void {
    if (!request.complete) response.shouldKeepAlive = false;
    const isPlain = methodOf(request.url ?? '') !== undefined;
    const body = isPlain ? plainRefusal(code, message).body : refusalBody(code, message);
    write(response, status, body, [...toAlly(request), ...(status === 405 ? allowed : [])]);
  }

  return (request, response) => {
    const peer = peers.find(request.socket.remoteAddress, request.headers);
    if (isBarred(peer.address)) return refuse(request, response, barred);
    if (!origins.admits(request.headers)) return refuse(request, response, foreign);
    if (request.method === 'OPTIONS') return write(response, 204, '', [...toAlly(request), ...allowed, ...preflight]);
    if (request.method !== 'POST') return refuse(request, response, notPosted);
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

/** Undefined where nobody means to be anybody, null for what can be no token. */
function readToken(authorization: string | undefined): string | null | undefined {
  const bearer = authorization === undefined ? null : /^bearer(?:\s+(.*))?$/i.exec(authorization);
  if (bearer === null) return undefined;
  return /^[\w-]{1,200}$/.test(bearer[1] ?? '') ? (bearer[1] as string) : null;
}

/** Budgets are full again after a second or two. */
const later = ['retry-after', '1'] as const;
const allowed = ['allow', 'OPTIONS, POST'] as const;
/** What a page of another server may send; never a cookie. */
const preflight = [
  ...['access-control-allow-methods', 'POST'],
  ...['access-control-allow-headers', 'authorization, content-type'],
  ...['access-control-max-age', '600'],
] as const;

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

const head = [
  ...[...everywhere].flat(),
  ...ownOrigin,
  ...['content-type', 'application/json; charset=utf-8'],
  ...['cache-control', 'no-store'],
];

/** All at once: a header that is set by itself is checked, kept, and looked up again. */
function write(response: ServerResponse, status: number, body: string, more: readonly string[]): void {
  const all = more.length === 0 ? head : [...head, ...more];
  if (status === 204) response.writeHead(status, all).end();
  else response.writeHead(status, [...all, 'content-length', String(Buffer.byteLength(body))]).end(body);
}
