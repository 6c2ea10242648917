/** A node with somebody who may make bots. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode, type TestNodeOptions } from '../../support/node.ts';
import { bearer, makeAccount, post } from '../auth/people.ts';
import { BotProcess } from './bot-process.ts';
import { Gate } from './gate.ts';

/** The plugin `as`: calls any method as the server does. */
const as = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ method: z.string(), params: z.looseObject({}) }),
  handle: ({ params, host }) => host.call(params.method, params.params, { as: 'server' }),
});
`;

export class BotHouse implements AsyncDisposable {
  readonly node: TestNode;
  /** Token of the administrator. */
  readonly admin: string;
  /** What bots connect to: it stays over a restart of the node. */
  readonly gate: Gate;
  readonly #folder: string;

  constructor(node: TestNode, admin: string, gate: Gate, folder: string) {
    this.node = node;
    this.admin = admin;
    this.gate = gate;
    this.#folder = folder;
  }

  /** Calls a method as the administrator. @throws CallError */
  async order<T = unknown>(method: string, params: object = {}): Promise<T> {
    return (await post<T>(this.node, method, params, bearer(this.admin))).result;
  }

  /** A new bot's token. */
  async tokenOf(name: string): Promise<string> {
    return (await this.order<{ token: string }>('bot.create', { name })).token;
  }

  /** The parrot of parrot.ts, in a process of its own. */
  parrot(token: string, env: Readonly<Record<string, string>>): BotProcess {
    return new BotProcess(fileURLToPath(new URL('./parrot.ts', import.meta.url)), {
      ROOST_URL: this.gate.url,
      ROOST_BOT_TOKEN: token,
      ...env,
    });
  }

  /** A player in a zone who has joined the room. */
  async member(name: string, room: string): Promise<TestClient> {
    const client = await this.node.join(name, 'devtest/hall');
    await client.call('room.join', { room });
    return client;
  }

  /** Kills the node and starts it again. */
  async restart(): Promise<void> {
    await this.node.restart('SIGKILL');
    this.gate.target = this.node.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gate[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export async function startBotHouse(options: TestNodeOptions = {}): Promise<BotHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-bots-'));
  await writeFile(join(folder, 'as.ts'), as, { mode: 0o644 });
  const node = await startTestNode({ plugins: [folder], ...options });
  const { token } = await makeAccount(node, 'Root');
  await post(node, 'as', { method: 'admin.grant', params: { name: 'Root', privilege: 'admin' } });
  return new BotHouse(node, token, await new Gate(node.port).open(), folder);
}
