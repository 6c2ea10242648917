/** A network between clients and a node that can be pulled: what is sent then gets lost, and nobody is told. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Wire = AsyncDisposable & {
  readonly url: string;
  /** From now on nothing goes through, on connections there are and new ones. */
  pull(): void;
  /** New connections go through again; those from before stay dead. */
  plug(): void;
};

export async function startWire(port: number): Promise<Wire> {
  const ends = new Set<Socket>();
  let pulled = false;

  function join(from: Socket, to: Socket): void {
    ends.add(from);
    from.on('data', (data) => {
      if (!dead.has(from)) to.write(data);
    });
    // Also that somebody hung up is lost.
    from.on('close', () => {
      ends.delete(from);
      if (!dead.has(from)) to.destroy();
    });
    from.on('error', () => {});
  }
  const dead = new WeakSet<Socket>();

  const server = createServer((client) => {
    const node = connect(port, '127.0.0.1');
    join(client, node);
    join(node, client);
    if (pulled) for (const end of [client, node]) dead.add(end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull() {
      pulled = true;
      for (const end of ends) dead.add(end);
    },
    plug() {
      pulled = false;
      // Whoever waited for an answer while it was pulled hears that there is none.
      for (const end of ends) if (dead.has(end)) end.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
