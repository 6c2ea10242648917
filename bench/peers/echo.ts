/** The least that answers calls: bare socket.io with an acknowledgement, or bare fastify. Its argument says which. */
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

const port = process.argv[2] === 'fastify' ? await fastify() : await socketio();
console.log(`http://127.0.0.1:${port}`);
process.once('SIGTERM', () => process.exit(0));
