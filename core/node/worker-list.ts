/** The file that says which workers this life of the node has, so that the next can end those that are left. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Log } from '../contract/ports.ts';
import { startTimeOf } from './worker-process.ts';

export class WorkerList {
  readonly #file: string;
  readonly #log: Log;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
  }

  /** One after another, the newest last; a list that cannot be written only costs the next start its tidying. */
  write(pids: readonly number[]): void {
    const list = pids.map((pid) => `${pid} ${startTimeOf(pid) ?? ''}\n`);
    this.#writing = this.#writing
      .then(() => writeFile(this.#file, list.join('')))
      .catch((error) => this.#log.warn({ error }, 'list of workers not written'));
  }

  /** Ends what a node that was killed has left: the pid alone may be somebody else's by now, with its start time it is not. */
  async endFormerLife(): Promise<void> {
    for (const line of (await this.#read()).split('\n')) {
      const [pid, started] = line.split(' ');
      if (!pid || !started || startTimeOf(Number(pid)) !== started) continue;
      this.#log.warn({ pid: Number(pid) }, 'worker of a previous life ended');
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch (error) {
        if ((error as { code?: string }).code !== 'ESRCH') throw error;
      }
    }
  }

  /** Nobody of this life is left. */
  async remove(): Promise<void> {
    await this.#writing;
    await rm(this.#file, { force: true });
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#file, 'utf8');
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return '';
      throw error;
    }
  }
}
