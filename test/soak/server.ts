/** The server under test as its own process, over all its lives: one data folder, one port, one log. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/text-client.ts';
import type { Files } from './map.ts';

const launcher = fileURLToPath(new URL('../../bin/roost.js', import.meta.url));

type Line = { readonly level?: string; readonly msg?: string; readonly zone?: string; readonly worker?: number };

/** Short times, so that sleeping, unloading and the end of a grace are part of it; and no limit that players would meet. */
const settings = {
  ROOST_SESSIONS_PER_ADDRESS: '1000',
  ROOST_NEW_SESSIONS_PER_SECOND: '1000',
  ROOST_METHOD_PER_SECOND: '100',
  ROOST_METHOD_BURST: '200',
  ROOST_CALLS_PER_SECOND: '200',
  ROOST_CALL_BURST: '400',
  ROOST_SLEEP_AFTER_MS: '1000',
  ROOST_UNLOAD_AFTER_MS: '3000',
  ROOST_GRACE_MS: '15000',
  ROOST_TEXT_PER_ADDRESS: '30',
};

/** A start that fails while the database is away is tried again, as a supervisor does. */
const startsMost = 5;

export class Server {
  readonly folder: string;
  readonly data: string;
  readonly logFile: string;
  /** Starts so far. */
  lives = 0;
  /** Starts that ended before the server served. */
  failedStarts = 0;
  /** Lines of the log by level and text, of those that are warnings or errors. */
  readonly told = new Map<string, number>();
  /** Longest start of all lives, in milliseconds. */
  longestStartMs = 0;
  /** Of lines of text; the same in all lives. */
  textPort = 0;
  readonly #workers: number;
  readonly #log: WriteStream;
  readonly #zones = new Map<string, number>();
  /** Zones that a worker was ever given, by its process id. */
  readonly #given = new Map<number, Set<string>>();
  #child: ChildProcess | undefined;
  #port = 0;

  constructor(folder: string, workers: number) {
    this.folder = folder;
    this.data = join(folder, 'data');
    this.logFile = join(folder, 'server.log');
    this.#workers = workers;
    this.#log = createWriteStream(this.logFile);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Writes files of the root or of the folder of plugins, as an editor would. */
  async write(area: 'root' | 'plugins', files: Files): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, area, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  async start(): Promise<void> {
    this.textPort ||= await freePort();
    const from = performance.now();
    for (let tries = 1; ; tries++) {
      try {
        await this.#start();
        break;
      } catch (error) {
        this.failedStarts++;
        if (tries === startsMost) throw error;
      }
    }
    this.lives++;
    this.longestStartMs = Math.max(this.longestStartMs, performance.now() - from);
  }

  async #start(): Promise<void> {
    this.#zones.clear();
    const args = [
      ...[launcher, 'start', '--port', `${this.#port}`, '--data', this.data, '--game', 'soak'],
      ...['--root', join(this.folder, 'root'), '--plugins', join(this.folder, 'plugins')],
      ...['--workers', `${this.#workers}`, '--text-port', `${this.textPort}`],
    ];
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      // When the soak is killed, the server sees that and ends too.
      env: { PATH, HOME, ROOST_LAUNCHER_PID: `${process.pid}`, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const url = Promise.withResolvers<string>();
    createInterface(child.stdout).on('line', (line) => url.resolve(line));
    createInterface(child.stderr).on('line', (line) => this.#read(line));
    child.once('exit', (code, signal) => {
      this.#log.write(`== ended with ${signal ?? code}\n`);
      url.reject(new Error(`The server ended (${signal ?? code}) before it served: see ${this.logFile}`));
    });
    this.#port = Number(new URL(await url.promise).port);
  }

  #read(line: string): void {
    this.#log.write(`${line}\n`);
    if (!line.startsWith('{')) return;
    const { level, msg = '', zone, worker } = JSON.parse(line) as Line;
    if (msg === 'zone runs' && zone !== undefined && worker !== undefined) {
      this.#zones.set(zone, worker);
      const given = this.#given.get(worker) ?? new Set();
      this.#given.set(worker, given.add(zone));
    }
    if (level !== 'warn' && level !== 'error') return;
    const text = `${level}: ${msg}`;
    this.told.set(text, (this.told.get(text) ?? 0) + 1);
  }

  zonesOf(worker: number): number {
    return this.#given.get(worker)?.size ?? 0;
  }

  /** Process ids of the workers, from the list that the node keeps: those that have zones, and those that stand by. */
  async workers(): Promise<{ readonly busy: readonly number[]; readonly idle: readonly number[] }> {
    const list = await readFile(join(this.data, 'workers'), 'utf8');
    const pids = list.split('\n').flatMap((line) => (line === '' ? [] : Number(line.split(' ')[0])));
    const hosts = new Set(this.#zones.values());
    return { busy: pids.filter((pid) => hosts.has(pid)), idle: pids.filter((pid) => !hosts.has(pid)) };
  }

  /** Ends the process; resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** Ends the log; the server must have ended before. */
  async close(): Promise<void> {
    this.#log.end();
    await once(this.#log, 'close');
  }
}
