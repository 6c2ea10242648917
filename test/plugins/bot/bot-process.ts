import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A line that the bot printed. */
export type Told = { readonly callback: string; readonly [more: string]: unknown };

/** A bot in a process of its own, given its token the way operators do; `await using` kills it. */
export class BotProcess implements AsyncDisposable {
  readonly told: Told[] = [];
  /** What it printed on standard error. */
  words = '';
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();

  constructor(program: string, env: Readonly<Record<string, string>>) {
    const path = resolve(import.meta.dirname, program);
    const { PATH = '', HOME = '' } = process.env;
    this.#child = spawn(process.execPath, [path], { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('no pipes');
    createInterface({ input: stdout }).on('line', (line) => {
      this.told.push(JSON.parse(line) as Told);
      this.#look();
    });
    stderr.on('data', (chunk: Buffer) => {
      this.words += chunk;
      this.#look();
    });
    this.#child.once('exit', () => this.#look());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves as soon as it holds. Rejects when the process ends without it. */
  async until<T>(holds: () => T | false | undefined): Promise<T> {
    const done = Promise.withResolvers<T>();
    const look = () => {
      const value = holds();
      if (value !== undefined && value !== false) done.resolve(value);
      else if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        done.reject(new Error(`the bot ended:\n${this.words}`));
    };
    this.#watchers.add(look);
    look();
    return await done.promise.finally(() => this.#watchers.delete(look));
  }

  /** The first call of a callback from that line on. */
  callback(name: string, from = 0): Promise<Told> {
    return this.until(() => this.told.slice(from).find(({ callback }) => callback === name));
  }

  /** Resolves with its exit code, or the signal, when it is gone. */
  async kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill(signal);
      await once(this.#child, 'exit');
    }
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  /** Resolves when it has ended by itself. */
  async over(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
  }

  #look(): void {
    for (const look of this.#watchers) look();
  }
}
