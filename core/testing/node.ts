/**
 * A real node in a process of its own, for the tests of plugins and of whole games: a free port, and a database that is
 * gone afterwards.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Client } from '../client/client.ts';
import type { Json, JsonObject } from '../contract/content.ts';
import { Refused } from './errors.ts';
import { home } from './sources.ts';

export type NodeOptions = {
  /** The game players come into; that of the settings unless given. */
  readonly game?: string;
  /** Flags of `roost start`, beside the folders that are tested. */
  readonly flags?: readonly string[];
};

export interface TestNode extends AsyncDisposable {
  readonly url: string;
  /** Calls a method as somebody without a character, by JSON-RPC. @throws Refused with the code a client gets */
  call(method: string, params?: JsonObject): Promise<Json>;
  /** A player in a zone, the first of the game unless told which. It is the client library: docs/protocol.md. */
  join(name: string, zone?: string): Promise<Client>;
}

/** Starts it with the folders that `roost test` was given. @throws Error with what it said when it does not start */
export async function startNode(options: NodeOptions = {}): Promise<TestNode> {
  const data = mkdtempSync(join(tmpdir(), 'roost-test-node-'));
  const { game = process.env.ROOST_GAME ?? 'farmyard', flags = [] } = options;
  const own = ['--port', '0', '--data', join(data, 'data'), '--workers', '1', '--log', 'warn', '--game', game];
  const hooks = pathToFileURL(join(home, 'bin/hooks.js')).href;
  const args = ['--disable-sigusr1', '--import', hooks, join(home, 'core/main.ts'), 'start', ...own, ...flags];
  // It ends with this process, not with whoever started that.
  const env = { ...process.env, ROOST_LAUNCHER_PID: `${process.pid}` };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const clients: Client[] = [];
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    // What went wrong stands first, what came of it after.
    said = (said + chunk).slice(0, 2_000);
  });
  const ended = once(child, 'exit');

  async function stop(): Promise<void> {
    for (const client of clients) client.close();
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }

  /** The first line is its address. */
  async function address(): Promise<string> {
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('http')) return line;
    throw new Error(`The node did not start:\n${said}`);
  }

  try {
    const url = new URL(await address()).origin;
    // What it says later is read, so that it never waits for us.
    child.stdout.resume();
    return {
      url,
      call: (method, params = {}) => callRpc(url, method, params),
      async join(name, zone = game) {
        const { connect } = await import('../client/client.ts');
        const client = connect({ url, transports: ['websocket'] });
        clients.push(client);
        await client.enter(zone, name);
        return client;
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Answer =
  | { readonly result: Json }
  | {
      readonly error: { readonly message: string; readonly data?: { readonly code?: string; readonly details?: Json } };
    };

async function callRpc(url: string, method: string, params: JsonObject): Promise<Json> {
  const response = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const answer = (await response.json()) as Answer;
  if ('result' in answer) return answer.result;
  throw new Refused(answer.error.data?.code ?? 'call.failed', answer.error.message, answer.error.data?.details);
}
