/** The node of this machine: found where the settings say, or started as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { HostError } from '../contract/errors.ts';

export type LocalNode = {
  readonly url: string;
  /** Ends it, when it was started here: everything is saved. Undefined when it was there before. */
  readonly stop?: () => Promise<void>;
};

export type LocalOptions = {
  readonly config: Config;
  /** Flags that it is started with. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a person should hear while it takes its time. */
  readonly say: (line: string) => void;
};

const launcher = fileURLToPath(new URL('../../bin/roost.js', import.meta.url));
const lookMs = 2_000;
/** Lines of its log that are shown when it does not start. */
const lastLines = 8;
/** Its log, in the data folder: of one life, gone with `roost clean`. */
const logName = 'play.log';

/** @throws HostError `config.wrong` when something else has the port, or the node does not start */
export async function findOrStart(options: LocalOptions): Promise<LocalNode> {
  const { host, port } = options.config;
  const url = `http://${['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
  if (port === 0) return await start(options);
  const found = await look(url);
  if (found === 'other') {
    throw new HostError('config.wrong', `What answers at ${url} is no Roost node: use --port to take another port`);
  }
  return found === 'node' ? { url } : await start(options);
}

const health = z.object({ status: z.literal('ok'), version: z.string() });

async function look(url: string): Promise<'node' | 'other' | 'nothing'> {
  let body: unknown;
  try {
    const answer = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(lookMs) });
    body = await answer.json();
  } catch (error) {
    // Somebody who does not speak JSON is there all the same.
    return error instanceof SyntaxError ? 'other' : 'nothing';
  }
  return health.safeParse(body).success ? 'node' : 'other';
}

async function start({ config, flags, env, say }: LocalOptions): Promise<LocalNode> {
  say(`No node answers here: starting one on ${config.data} …`);
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const logFile = join(config.data, logName);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(process.execPath, [launcher, 'start', ...flags], {
    // It ends when this process is gone, however that ended; signals of the terminal are not for it.
    env: { ...env, ROOST_LAUNCHER_PID: String(process.pid) },
    stdio: ['ignore', 'pipe', log],
    detached: true,
  });
  closeSync(log);
  const gone = once(child, 'exit');
  const failed = gone.then(() => {
    throw new HostError('config.wrong', `The node did not start:\n${tail(logFile)}`);
  });
  const [url] = (await Promise.race([once(createInterface(child.stdout as Readable), 'line'), failed])) as [string];
  failed.catch(() => {}); // From here on it may end whenever it likes: the connection says so.
  return {
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The end of its log: a line for people, or the message of one that is JSON. */
function tail(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lastLines);
  return lines.join('\n');
}
