/**
 * The control socket: through it `roost admin` speaks with the node that has the data folder. It lies in that folder, which is
 * its owner's alone, and so is the socket: whoever can open it could write the database as well.
 *
 * One call for each connection: a line of JSON, `{ "method": "admin.grant", "params": { … } }`, and a line with the answer.
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Json } from '../contract/content.ts';
import type { Log } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';

export type ControlOptions = {
  readonly folder: string;
  readonly log: Log;
  /** Carries out a call of the command line. Never rejects. */
  readonly call: (method: string, params: Json) => Promise<Answer>;
};

/** What the command line asks for; the socket does nothing else. */
const methods: ReadonlySet<string> = new Set([
  ...['admin.grant', 'admin.revoke', 'admin.accounts', 'auth.register'],
  ...['admin.reload', 'admin.shutdown', 'host.rollback', 'host.lift'],
  // Of `roost admin shell`: what an operator wants to see, and to say.
  ...['host.info', 'host.stats', 'host.plugins', 'host.reloads', 'chat.who', 'zone.registered'],
  ...['admin.sessions', 'admin.bans', 'admin.audit', 'admin.privileges', 'admin.announce', 'admin.cancel-shutdown'],
]);

const callShape = z.strictObject({ method: z.string().refine((name) => methods.has(name)), params: z.json() });
const lineMost = 4_096;
const patienceMs = 30_000;
const connectionsMost = 8;
/** What the address of a socket may be long, in bytes (sun_path, with its end). */
const pathMost = process.platform === 'darwin' ? 103 : 107;

/** Undefined where there can be none: on Windows, and in folders whose name is too long for a socket. */
function pathIn(folder: string): string | undefined {
  const path = join(folder, 'control.sock');
  return process.platform === 'win32' || Buffer.byteLength(path) > pathMost ? undefined : path;
}

/** Serves the socket of a folder that this process has locked. @returns the undo */
export async function openControl({ folder, log, call }: ControlOptions): Promise<() => Promise<void>> {
  const path = pathIn(folder);
  if (path === undefined) {
    log.info({ folder }, 'no control socket here: roost admin works while the node is stopped');
    return async () => {};
  }
  // Of a life that was ended from outside.
  await rm(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('error', (error) => log.debug({ error: String(error) }, 'control socket'));
    void answer(socket).catch((error: unknown) => socket.destroy(error as Error));
  });
  server.maxConnections = connectionsMost;

  async function answer(socket: Socket): Promise<void> {
    const asked = callShape.safeParse(parse(await readLine(socket)));
    const answered = asked.success ? await call(asked.data.method, asked.data.params) : malformed;
    socket.end(`${JSON.stringify(answered)}\n`);
  }

  try {
    server.listen(path);
    await once(server, 'listening');
  } catch (error) {
    // Some file systems have no sockets, some sandboxes forbid them: the node can do without.
    log.warn({ path, error }, 'no control socket: roost admin works while the node is stopped');
    return async () => {};
  }
  return async () => {
    server.close();
    for (const socket of open) socket.destroy();
    // With the server its file is gone.
    await once(server, 'close');
  };
}

const malformed: Answer = { ok: false, error: { code: 'call.malformed', message: 'Not a call of the command line.' } };

/** Asks the node that has the folder. Undefined when none answers there. */
export async function askNode(folder: string, method: string, params: Json): Promise<Answer | undefined> {
  const path = pathIn(folder);
  if (path === undefined) return undefined;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw error;
  }
  socket.write(`${JSON.stringify({ method, params })}\n`);
  return JSON.parse(await text(socket)) as Answer;
}

/** The first line, without its end; what is longer than a call may be is cut off. */
async function readLine(socket: Socket): Promise<string> {
  let line = '';
  for await (const piece of socket.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    line += piece;
    if (line.includes('\n') || line.length > lineMost) break;
  }
  return line.slice(0, lineMost).split('\n')[0] ?? '';
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // No JSON: it is answered as what it is.
  }
}
