/**
 * Removes types from sources in a thread of its own, because a small file can trap or stall the compiler: the thread
 * is ended and the next file gets a new one. 107 bytes are enough to hang it *(tried)*.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const limitMs = 2_000;
/** Bytes of a source. */
const mostBytes = 262_144;

/** Runs in the thread: plain JavaScript, because a thread's own module hooks are not ours to rely on. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { transformSync } = require(workerData.amaro);
parentPort.on('message', (source) => {
  try {
    parentPort.postMessage({ code: transformSync(source, { mode: 'strip-only' }).code });
  } catch (error) {
    parentPort.postMessage({ problem: String(error?.message ?? error).slice(0, 500) });
  }
});
`;

/** The thread's own `require` would look from the working directory, which is anybody's. */
const amaro = createRequire(import.meta.url).resolve('amaro');

type Reply = { readonly code?: string; readonly problem?: string };

export interface Stripper {
  /** @throws Error when the source does not parse, is too large, or takes longer than two seconds. */
  strip(source: string, path: string): Promise<string>;
  close(): Promise<void>;
}

export function createStripper(): Stripper {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function run(source: string, path: string): Promise<string> {
    worker ??= new Worker(program, {
      eval: true,
      workerData: { amaro },
      resourceLimits: { maxOldGenerationSizeMb: 128 },
      execArgv: [],
    });
    const thread = worker;
    thread.unref();
    return new Promise<string>((resolve, reject) => {
      const end = (problem: string): void => {
        settle();
        worker = undefined;
        void thread.terminate();
        reject(new Error(`Cannot read ${path}: ${problem}`));
      };
      const timer = setTimeout(() => end(`the compiler took more than ${limitMs} ms`), limitMs);
      const onReply = ({ code, problem }: Reply): void => {
        settle();
        if (code !== undefined) resolve(code);
        else reject(new Error(`Cannot read ${path}: ${problem}`));
      };
      const onError = (error: Error): void => end(error.message);
      const onExit = (): void => end('the compiler ended');
      const settle = (): void => {
        clearTimeout(timer);
        thread.off('message', onReply).off('error', onError).off('exit', onExit);
      };
      thread.on('message', onReply).on('error', onError).on('exit', onExit);
      thread.postMessage(source);
    });
  }

  return {
    strip(source, path) {
      if (Buffer.byteLength(source) > mostBytes) return Promise.reject(new Error(`Cannot read ${path}: over 256 KB`));
      const turn = queue.then(() => run(source, path));
      queue = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      await worker?.terminate();
      worker = undefined;
    },
  };
}
