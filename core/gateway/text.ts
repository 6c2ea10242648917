/**
 * Lines over TCP: one port for people with a terminal, for programs and for game servers. Whoever connects says first what he is
 * (`MODE`); from then on he is a session like any other. docs/text.md is its page.
 */
import { createServer, type Socket } from 'node:net';
import { TextConnection } from './text/connection.ts';
import { toState } from './text/mode.ts';
import type { TextOptions } from './text/options.ts';

export interface TextPort {
  /** Connections that are open. */
  readonly count: number;
  /** Serves when it resolves. @returns the port @throws Error of the system when it cannot be had, with the `flag` that names another one */
  listen(port: number, host: string): Promise<number>;
  /** Other addresses are banned now. */
  bar(): void;
  close(): Promise<void>;
}

/** Refused connections that are still told why; more are closed without a word. */
const toldMost = 32;

/** How often connections are looked at that say nothing. */
const sweepMs = 250;

export function createText(options: TextOptions): TextPort {
  const { limits, peers, addresses, allowances, clock, log } = options;
  const open = new Set<TextConnection>();
  const byAddress = new Map<string, number>();
  let told = 0;

  /** Why an address gets no connection. */
  function findRefusal(address: string): string | undefined {
    if (open.size >= limits.textMost || open.size + options.others() >= limits.sessions) return 'Server full.';
    if ((byAddress.get(address) ?? 0) >= limits.textPerAddress) return 'Too many connections.';
    return addresses.admits(address) ? undefined : 'Too many connections.';
  }

  function accept(socket: Socket): void {
    // What goes wrong with a connection ends it: `close` follows.
    socket.on('error', (error) => log.debug({ error: String(error) }, 'text connection'));
    const peer = peers.find(socket.remoteAddress, {});
    const { address } = peer;
    if (addresses.isBarred(address)) return void socket.destroy();
    const refusal = findRefusal(address);
    const undo = refusal === undefined ? addresses.open(address) : undefined;
    if (undo === undefined) {
      log.debug({ address, refusal }, 'connection refused');
      if (told >= toldMost) return void socket.destroy();
      told += 1;
      socket.once('close', () => {
        told -= 1;
      });
      socket.end(`${toState('ERROR', refusal ?? 'Too many connections.')}\r\n`);
      // Whoever does not take it is not waited for.
      socket.setTimeout(1_000, () => socket.destroy());
      return;
    }
    byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
    const allowance = allowances.take(address, clock.monotonicMs());
    const connection = new TextConnection(socket, peer, allowance, options);
    open.add(connection);
    socket.once('close', () => {
      open.delete(connection);
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left === 0) byAddress.delete(address);
      else byAddress.set(address, left);
      undo();
      allowances.giveBack(address, allowance, clock.monotonicMs());
      connection.closed();
    });
    connection.greet();
  }

  const server = createServer(
    { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 },
    accept,
  );
  const sweeping = setInterval(() => {
    const nowMs = clock.monotonicMs();
    for (const connection of open) connection.sweep(nowMs);
  }, sweepMs);
  sweeping.unref();

  return {
    get count() {
      return open.size;
    },
    listen(port, host) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const fail = (error: Error) => reject(Object.assign(error, { flag: '--text-port' }));
      server.once('error', fail);
      server.listen(port, host, () => {
        server.off('error', fail);
        server.on('error', (error) => log.error({ error: String(error) }, 'text port'));
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
      return promise;
    },
    bar() {
      for (const connection of open) connection.bar();
    },
    async close() {
      clearInterval(sweeping);
      if (!server.listening) return;
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const connection of open) connection.cut();
      await closed.promise;
    },
  };
}
