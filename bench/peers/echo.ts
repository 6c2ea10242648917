/** The least that answers calls: bare socket.io with an acknowledgement, bare fastify, or bare node:http. Its argument says which. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { Server } from 'socket.io';

type Request = { readonly id: number; readonly params: unknown };

async function socketio(): Promise<number> {
  const server = createServer();
  const io = new Server(server);
  io.on('connection', (socket) => {
    socket.on('bench.echo', (params: unknown, answer: (outcome: object) => void) =>
      answer({ ok: true, result: params }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

async function fastify(): Promise<number> {
  const app = Fastify();
  app.post('/rpc', async (request) => {
    const { id, params } = request.body as Request;
    return { jsonrpc: '2.0', id, result: params };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

async function http(): Promise<number> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(body) }).end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

const kinds = { socketio, fastify, http };
const port = await kinds[(process.argv[2] ?? 'socketio') as keyof typeof kinds]();
console.log(`http://127.0.0.1:${port}`);
process.once('SIGTERM', () => process.exit(0));
