/** Passwords → hashes and back, off the main thread: at most cores less one at a time, the others wait in turns. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { HostError } from 'roost/plugin';
import type { HashDone, HashWork } from './_hash-thread.ts';
import { createTurns } from './_turns.ts';

export type Hashes = {
  /** @param from  Address of who asks. @throws HostError auth.busy */
  make(password: string, from: string): Promise<string>;
  /**
   * Whether the password is the one of the hash. With null it is not, at the same cost.
   * @param last  Is asked when its turn has come: a throw ends it before it costs anything.
   * @throws HostError auth.busy
   */
  check(password: string, phc: string | null, from: string, last?: () => void): Promise<boolean>;
  /** Hashes done, and what waits. */
  load(): { readonly hashes: number; readonly waiting: number; readonly atOnce: number };
  stop(): Promise<void>;
};

const waitingMost = 64;
const waitMs = 5_000;

export function createHashes(): Hashes {
  const atOnce = Math.max(1, availableParallelism() - 1);
  const turns = createTurns({ atOnce, waitingMost, waitMs, refusal: busy });
  /** Threads that have nothing to do, and all of them. Made when they are needed. */
  const idle: Worker[] = [];
  const threads = new Set<Worker>();
  let hashes = 0;

  function open(): Worker {
    const thread = new Worker(new URL('./_hash-thread.ts', import.meta.url), { name: 'hashes' });
    thread.unref();
    threads.add(thread);
    thread.once('exit', () => threads.delete(thread));
    return thread;
  }

  async function carryOut(work: HashWork): Promise<HashDone> {
    const thread = idle.pop() ?? open();
    const done = Promise.withResolvers<HashDone>();
    const gone = (reason: unknown) => done.reject(new Error(`the thread that hashes has ended: ${String(reason)}`));
    thread.once('message', done.resolve).once('error', gone).once('exit', gone);
    try {
      thread.postMessage(work);
      const told = await done.promise;
      if ('failed' in told) throw new Error(`cannot hash: ${told.failed}`);
      return told;
    } finally {
      thread.off('message', done.resolve).off('error', gone).off('exit', gone);
      hashes += 1;
      if (threads.has(thread)) idle.push(thread);
    }
  }

  return {
    make: (password, from) =>
      turns.take(from, async () => {
        const told = await carryOut({ password });
        if (!('phc' in told)) throw new Error('the thread that hashes made no hash');
        return told.phc;
      }),
    check: (password, phc, from, last = () => {}) =>
      turns.take(from, async () => {
        last();
        const told = await carryOut({ password, phc });
        return 'fits' in told && told.fits;
      }),
    load: () => ({ hashes, waiting: turns.waiting(), atOnce }),
    async stop() {
      turns.stop();
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}

function busy(): HostError {
  return new HostError('auth.busy', 'Cannot check the password: too many people are logging in. Try again in a moment');
}
