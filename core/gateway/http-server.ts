/** Servers of HTTP with our patience and our limits: the main port, and ports of their own. */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Peers } from './peers.ts';

/** A server with the patience that we have: fastify's settings for it are not for one of our own. */
export function openServer(listener: RequestListener, options: ServerOptions = {}): Server {
  // Node looks only every 30 s, unless told, who is over these times.
  const checks = { connectionsCheckingInterval: 1_000 };
  const patience = { requestTimeout: 10_000, keepAliveTimeout: 10_000, headersTimeout: 5_000, ...checks };
  const server = createServer({ ...options, ...patience, maxHeaderSize: 8_192 }, listener);
  // Without a byte in either direction: who does not read his answer. The longest handler answers after 30 s.
  server.setTimeout(60_000);
  return server;
}

export type ConnectionLimits = {
  /** TCP connections that one address may hold open. */
  readonly connectionsPerAddress: number;
  readonly peers: Peers;
};

/**
 * So many times more for this machine in development: dozens of clients run on it that open a connection for each request,
 * and those that they have closed count until the node has come to it.
 */
const moreHere = 8;

/** A stranger's open connections cost memory before anything is asked. Those of a trusted proxy are for everybody. */
export function limitConnections(server: Server, { connectionsPerAddress, peers }: ConnectionLimits): void {
  const open = new Map<string, number>();
  server.maxHeadersCount = 64;
  server.on('connection', (socket) => {
    if (peers.isProxy(socket.remoteAddress)) return;
    const { address, loopback } = peers.find(socket.remoteAddress, {});
    const count = (open.get(address) ?? 0) + 1;
    if (count > connectionsPerAddress * (loopback ? moreHere : 1)) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
