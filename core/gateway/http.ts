/** HTTP: health, pages and maps, and JSON-RPC by its own door (rpc-door.ts). The only file that knows fastify; socket.io shares its server. */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ZoneMap } from '../contract/content.ts';
import type { Log } from '../contract/ports.ts';
import type { MetricsPage } from '../report/metrics.ts';
import type { ApiDoor, ApiRequest } from './api-door.ts';
import { everywhere, ownOrigin } from './headers.ts';
import { limitConnections, openServer } from './http-server.ts';
import { admitsReader } from './metrics-door.ts';
import type { Page, Pages } from './pages.ts';
import { refusalBody } from './rpc.ts';
import { createRpcDoor, isRpc, type RpcDoorOptions } from './rpc-door.ts';
import { answerBroken, isBrokenTurn, isTurn } from './turn-door.ts';

export type HttpOptions = RpcDoorOptions & {
  /** TCP connections that one address may hold open. */
  readonly connectionsPerAddress: number;
  readonly version: string;
  /** Game that `/` shows. */
  readonly game: string;
  readonly isGame: (name: string) => boolean;
  readonly pages: Pages;
  readonly map: (zone: string) => ZoneMap | undefined;
  /** What the node lacks to serve well, in words; nothing when it is ready. */
  readonly lacks: () => Promise<readonly string[]>;
  /** The page /metrics and, if it has one, the token that it takes. */
  readonly metrics: { readonly page: MetricsPage; readonly token: string } | undefined;
  /** The door at /turn. */
  readonly turn: RequestListener;
  /** What there is to call, at /docs/api. */
  readonly api: ApiDoor | undefined;
};

export interface Http {
  readonly server: Server;
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
}

export function createHttp(options: HttpOptions): Http {
  const rpc = createRpcDoor(options);
  /** Doors beside fastify, that write their own headers. */
  const doorOf = (request: IncomingMessage) => (isRpc(request) ? rpc : isTurn(request) ? options.turn : undefined);
  const app = Fastify({
    logger: false,
    bodyLimit: options.messageBytes,
    forceCloseConnections: true,
    clientErrorHandler: (error, socket) =>
      isBrokenTurn(error) ? answerBroken(error, socket) : refuseBroken(error, socket),
    exposeHeadRoutes: true,
    // An URL is a path of ours or a handshake.
    routerOptions: { maxParamLength: 250 },
    serverFactory: (rest) =>
      openServer((request, response) => (doorOf(request) ?? rest)(request, response), { shouldUpgradeCallback }),
  });
  limitConnections(app.server, options);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header(...ownOrigin);
    const { address } = options.peers.find(request.socket.remoteAddress, request.headers);
    if (options.isBarred(address)) return reply.code(403).type('application/json').send(refusalBody('session.barred'));
    // A service worker would stand between the browser and every page of this origin, of all games.
    if (request.headers['service-worker'] !== undefined) return reply.callNotFound();
    if (options.origins.admitsHost(request.headers.host)) return;
    return reply.code(403).type('application/json').send(refusalBody('session.origin'));
  });
  // Nothing here takes a body.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, options.log));
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/plain; charset=utf-8').send('Not found\n'));
  const startedMs = performance.now();
  app.get('/healthz', async () => ({
    status: 'ok',
    pid: process.pid,
    version: options.version,
    uptime: Math.round((performance.now() - startedMs) / 1000),
  }));
  app.get('/readyz', async (_request, reply) => {
    const lacks = await options.lacks();
    void reply.header('cache-control', 'no-store');
    return reply.code(lacks.length === 0 ? 200 : 503).send({ status: lacks.length === 0 ? 'ready' : 'waiting', lacks });
  });
  addMetrics(app, options);
  addApi(app, options);
  addPages(app, options);
  return {
    server: app.server,
    async listen(port, host) {
      // First of all listeners, also of socket.io's.
      app.server.prependListener('request', (request, response) => {
        if (doorOf(request) === undefined) response.setHeaders(everywhere);
      });
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    close: () => app.close(),
  };
}

/** Java's client offers HTTP/2 with every request: what we do not speak is answered in what we do. */
function shouldUpgradeCallback({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** Of what is no request of HTTP there is no more to say. */
function refuseBroken({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const body = refusalBody('call.malformed', 'This is no request of HTTP');
  const head = ['content-type: application/json; charset=utf-8', `content-length: ${body.length}`, 'connection: close'];
  socket.end(['HTTP/1.1 400 Bad Request', ...head, '', body].join('\r\n'));
}

/** What a node does is the operator's to know: the figures name zones and scripts, and how full everything is. */
function addMetrics(app: FastifyInstance, { metrics, peers }: HttpOptions): void {
  if (metrics === undefined) return;
  const { page, token } = metrics;
  app.get('/metrics', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const { local } = peers.find(request.socket.remoteAddress, request.headers);
    if (admitsReader(token, request.headers, local)) return reply.type(page.type).send(await page.read());
    void reply.type('application/json; charset=utf-8');
    if (token !== '') void reply.header('www-authenticate', 'Bearer');
    return reply.code(token === '' ? 403 : 401).send(refusalBody('call.forbidden'));
  });
}

/** What there is to call, for people and for tools. */
function addApi(app: FastifyInstance, { api, pages, peers }: HttpOptions): void {
  if (api === undefined) return;
  const answer = (what: ApiRequest['what']) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { headers, socket } = request;
    const { address, loopback } = peers.find(socket.remoteAddress, headers);
    const told = await api.answer({ what, headers, address, loopback });
    return reply.code(told.status).headers(told.headers).send(told.body);
  };
  app.get('/docs/api', answer('page'));
  app.get('/docs/api/', answer('page'));
  app.get('/docs/api/openapi.json', answer('openapi'));
  app.get('/docs/api/:file', async (request, reply) => {
    const { file } = request.params as { readonly file: string };
    return sendPage(request, reply, await pages.findApi(file));
  });
}

function addPages(app: FastifyInstance, { pages, game, isGame, map }: HttpOptions): void {
  app.get('/roost/*', async (request, reply) => {
    const path = restOf(request);
    return sendPage(request, reply, (await pages.findLibrary(path)) ?? (await pages.findEditor(path)));
  });
  app.get('/:game/map/:file', async (request, reply) => {
    const { game: name, file } = request.params as { readonly game: string; readonly file: string };
    const found = file.endsWith('.json') ? map(`${name}/${file.slice(0, -'.json'.length)}`) : undefined;
    if (found === undefined) return reply.callNotFound();
    // What stands in it at the start is the database's to say, not the map's.
    const { objects: _objects, hash, ...rest } = found;
    void reply.headers({ etag: `"${hash}"`, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === `"${hash}"`) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(rest));
  });
  app.get('/*', async (request, reply) => {
    const path = restOf(request);
    const slash = path.indexOf('/');
    const first = slash === -1 ? path : path.slice(0, slash);
    if (!isGame(first)) return sendFile(request, reply, game, path);
    // Without the slash the page's own relative addresses would lead elsewhere.
    if (slash === -1) return reply.redirect(`/${first}/`, 308);
    return sendFile(request, reply, first, path.slice(slash + 1));
  });

  async function sendFile(request: FastifyRequest, reply: FastifyReply, name: string, path: string) {
    const page = await pages.find(name, path);
    if (page !== undefined || path !== '') return sendPage(request, reply, page);
    const message = `The game ${name} has no page yet: make games/${name}/client/index.html (docs/games.md shows one)\n`;
    return reply.code(404).type('text/plain; charset=utf-8').send(message);
  }
}

function restOf(request: FastifyRequest): string {
  return (request.params as { readonly '*': string })['*'];
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page | undefined): FastifyReply {
  if (page === undefined) {
    reply.callNotFound();
    return reply;
  }
  // Always asked for again, and answered with 304 when nothing changed: a saved file is there at the next reload.
  void reply.headers({ etag: page.etag, 'cache-control': 'no-cache' });
  // Scripts too: one that runs as a worker is bound by its own.
  if (page.type.startsWith('text/html') || page.type.startsWith('text/javascript')) {
    void reply.header('content-security-policy', policyOf(page.scripts, request.headers.host ?? ''));
  }
  if (request.headers['if-none-match'] === page.etag) return reply.code(304).send();
  return reply.type(page.type).send(page.body);
}

/** A page runs its own files and the scripts that were in it when it was served, and speaks to this node alone. */
function policyOf(scripts: readonly string[], host: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' ${scripts.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const status = (error as { readonly statusCode?: number }).statusCode ?? 500;
  const isOurs = status >= 500;
  if (isOurs) log.error({ path: request.url.slice(0, 200), error: String(error) }, 'request failed');
  const message = isOurs ? undefined : (error as Error).message.slice(0, 200);
  void reply.code(status).type('application/json; charset=utf-8');
  return reply.send(refusalBody(isOurs ? 'call.failed' : 'call.malformed', message));
}
