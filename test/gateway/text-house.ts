/** A gateway with zones by hand and a text port, and programs that come to it. */
import type { GatewayConfig } from '../../core/gateway/limits.ts';
import { freePort, TextClient } from '../support/text-client.ts';
import { openHouse } from './house.ts';

export async function openPort(config: Partial<GatewayConfig> = {}) {
  const textPort = await freePort();
  const house = await openHouse({ textPort, ...config });
  const clients: TextClient[] = [];
  return {
    house,
    textPort,
    /** @param from  The address of this machine that it comes from. */
    connect(from?: string): TextClient {
      const client = new TextClient(textPort, from);
      clients.push(client);
      return client;
    },
    /** In client mode, with the token of a login or of a guest. */
    async program(token = ''): Promise<TextClient> {
      const client = this.connect();
      await client.json();
      client.type(`MODE CLIENT ${token}`);
      await client.until('Mode: CLIENT"}\r\n');
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client[Symbol.asyncDispose]();
      await house[Symbol.asyncDispose]();
    },
  };
}

/** The answer to a command in client mode. */
export async function call(client: TextClient, cmd: string, args: object = {}) {
  client.type(JSON.stringify({ cmd, args }));
  return await client.answer();
}
