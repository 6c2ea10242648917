/**
 * A whole node as its own process: the command line, a temporary data folder, port 0. Everything goes through the front
 * door; time limits are settings made small (`env: { ROOST_UNLOAD_AFTER_MS: '1000' }`), never clocks.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestClient } from './client.ts';

const home = fileURLToPath(new URL('../..', import.meta.url));

export type TestNodeOptions = {
  /** Game of `/`; devtest by default. */
  readonly game?: string;
  /** Folders with own `scripts/` and `games/`. */
  readonly roots?: readonly string[];
  /** Folders of plugins. */
  readonly plugins?: readonly string[];
  /** `ROOST_…` settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** More flags. */
  readonly flags?: readonly string[];
  /** Data folder; a temporary one by default, removed at the end. */
  readonly data?: string;
};

export type LogLine = { readonly level: string; readonly msg: string; readonly [field: string]: unknown };

/** Settings that let many clients come from one address at once. */
const roomy = {
  ROOST_SESSIONS_PER_ADDRESS: '10000',
  ROOST_NEW_SESSIONS_PER_SECOND: '10000',
  ROOST_WORKERS: '1',
};

export class TestNode implements AsyncDisposable {
  readonly data: string;
  /** Every line of the log so far, of all lives. */
  readonly logs: LogLine[] = [];
  readonly #options: TestNodeOptions;
  readonly #clients = new Set<TestClient>();
  readonly #watchers = new Set<() => void>();
  #child: ChildProcess | null = null;
  #url = '';
  /** What it printed for people, in this life. */
  #printed: string[] = [];
  #words = '';

  constructor(options: TestNodeOptions, data: string) {
    this.#options = options;
    this.data = data;
  }

  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const { game = 'devtest', roots = [], plugins = [], env = {}, flags = [] } = this.#options;
    const args = [
      ...[
        '--disable-sigusr1',
        '--max-semi-space-size=16',
        '--import',
        new URL('../../bin/hooks.js', import.meta.url).href,
      ],
      ...[join(home, 'core/main.ts'), 'start', '--port', '0', '--data', this.data, '--game', game],
      ...roots.flatMap((folder) => ['--root', folder]),
      ...plugins.flatMap((folder) => ['--plugins', folder]),
      ...flags,
    ];
    const child = spawn(process.execPath, args, {
      cwd: tmpdir(),
      // A test that is given up does not come to its end: its node sees that the test process is gone.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ROOST_LAUNCHER_PID: `${process.pid}`, ...roomy, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#words = '';
    this.#printed = [];
    const url = Promise.withResolvers<string>();
    eachLine(child.stdout, (line) => {
      this.#printed.push(line);
      url.resolve(line);
      for (const look of this.#watchers) look();
    });
    eachLine(child.stderr, (line) => this.#log(line));
    child.once('exit', (code, signal) => {
      url.reject(new Error(`the node ended (${signal ?? code}) before it served:\n${this.#words}`));
      for (const look of this.#watchers) look();
    });
    this.#url = await url.promise;
  }

  #log(line: string): void {
    this.#words += `${line}\n`;
    if (!line.startsWith('{')) return;
    this.logs.push(JSON.parse(line) as LogLine);
    for (const look of this.#watchers) look();
  }

  /** The first line of the log, from now or earlier, that fits. Rejects when the node ends without it. */
  async logged(fits: (line: LogLine) => boolean, from = 0): Promise<LogLine> {
    const found = Promise.withResolvers<LogLine>();
    let next = from;
    const look = () => {
      for (; next < this.logs.length; next++)
        if (fits(this.logs[next] as LogLine)) return found.resolve(this.logs[next] as LogLine);
      if (this.#child?.exitCode !== null || this.#child.signalCode !== null)
        found.reject(new Error(`no such line:\n${this.#words}`));
    };
    this.#watchers.add(look);
    look();
    return await found.promise.finally(() => this.#watchers.delete(look));
  }

  /** The token of the link that it prints after its URL. Rejects when the node ends without one. */
  async devToken(): Promise<string> {
    const found = Promise.withResolvers<string>();
    const look = () => {
      const token = /#dev=([\w-]+)/.exec(this.#printed.join('\n'))?.[1];
      if (token !== undefined) found.resolve(token);
      else if (this.#child?.exitCode !== null) found.reject(new Error(`no link:\n${this.#words}`));
    };
    this.#watchers.add(look);
    look();
    return await found.promise.finally(() => this.#watchers.delete(look));
  }

  /** Everything it printed on standard output and error in this life. */
  get words(): string {
    return `${this.#printed.join('\n')}\n${this.#words}`;
  }

  /** A stock socket.io client, connected. */
  async connect(auth: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}) {
    const client = new TestClient(this.#url, auth, headers);
    this.#clients.add(client);
    await client.connected();
    return client;
  }

  /** A client that entered a zone; the game's start zone by default. */
  async join(name: string, zone?: string): Promise<TestClient> {
    const client = await this.connect();
    if (zone !== undefined) await client.enter(zone, name);
    return client;
  }

  /** Process ids of the workers of this life, from the list that the node keeps. */
  async workerPids(): Promise<readonly number[]> {
    const list = await readFile(join(this.data, 'workers'), 'utf8');
    return list
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Number(line.split(' ')[0]));
  }

  /** Ends the process; resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** The next life on the same data. Clients are left as they are. */
  async restart(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.kill(signal);
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.kill('SIGKILL');
    if (this.#options.data === undefined) await rm(this.data, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Starts a node; `await using` ends it. */
export async function startTestNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const node = new TestNode(options, options.data ?? (await mkdtemp(join(tmpdir(), 'roost-node-'))));
  try {
    await node.start();
  } catch (error) {
    await node[Symbol.asyncDispose]();
    throw error;
  }
  return node;
}

function eachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
