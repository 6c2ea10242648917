import type { CallError } from './call-error.ts';

type Waiter = { readonly go: () => void; readonly fail: (error: CallError) => void };

/** Calls that wait for a connection. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();

  /** Resolves with the connection. @throws what `fail` says, or `late` when it is not there after `patienceMs` */
  wait(patienceMs: number, late: () => CallError): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(late()), patienceMs);
    const waiter = { go: resolve, fail: reject };
    this.#waiters.add(waiter);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  go(): void {
    for (const { go } of this.#waiters) go();
  }

  fail(error: CallError): void {
    for (const { fail } of this.#waiters) fail(error);
  }
}
