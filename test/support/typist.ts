/** Somebody who types: a program with its input and output in our hands, waited for by what it writes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const patienceMs = 40_000;

export class Typist implements AsyncDisposable {
  /** Everything it wrote, on both outputs. */
  text = '';
  readonly #child: ChildProcess;
  readonly #gone: Promise<number | null>;
  readonly #watchers = new Set<() => void>();
  /** Where `until` looks from. */
  #from = 0;

  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { PATH = '', HOME = '' } = process.env;
    this.#child = spawn(file, args, { stdio: 'pipe', env: { PATH, HOME, ...env } });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        this.text += piece;
        for (const look of this.#watchers) look();
      });
    }
    this.#gone = once(this.#child, 'close').then(([code]) => {
      for (const look of this.#watchers) look();
      return code as number | null;
    });
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** The rest of what it wrote, from what was waited for last, once this is in it. Rejects when it ends without. */
  async until(wanted: string | RegExp): Promise<RegExpExecArray> {
    const pattern = typeof wanted === 'string' ? new RegExp(RegExp.escape(wanted)) : wanted;
    const found = Promise.withResolvers<RegExpExecArray>();
    const look = () => {
      const hit = pattern.exec(this.text.slice(this.#from));
      if (hit === null) {
        if (this.#child.exitCode !== null) found.reject(new Error(`it ended without ${pattern}:\n${this.text}`));
        return;
      }
      this.#from += hit.index + hit[0].length;
      found.resolve(hit);
    };
    this.#watchers.add(look);
    look();
    // So that what it wrote instead is to be read in the report.
    const late = setTimeout(() => found.reject(new Error(`it did not write ${pattern}:\n${this.text}`)), patienceMs);
    return await found.promise.finally(() => {
      clearTimeout(late);
      this.#watchers.delete(look);
    });
  }

  /** What it says to a line that is typed, up to what is waited for. */
  async ask(line: string, wanted: string | RegExp): Promise<RegExpExecArray> {
    this.type(`${line}\n`);
    return await this.until(wanted);
  }

  /** Nothing more is typed. @returns its exit code */
  async end(): Promise<number | null> {
    this.#child.stdin?.end();
    return await this.#gone;
  }

  /** As somebody does who has no patience: nothing can be done about it. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  get gone(): Promise<number | null> {
    return this.#gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }
}
