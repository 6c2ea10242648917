/** What a node lacks at the moment to serve well, for `/readyz`. It serves all the same: zones tick, calls wait or are refused. */
import type { Clock } from '../contract/ports.ts';
import type { Store } from '../store/store.ts';

/** `workers`: none can be given zones. `database`: it takes no write. */
export type Lack = 'workers' | 'database';

export type ReadinessOptions = {
  readonly workers: () => readonly { readonly ready: boolean }[];
  readonly store: Pick<Store, 'probe'>;
  readonly clock: Clock;
};

/** Whoever asks within this time is told the same: everybody may ask. */
const goodForMs = 1_000;
/** A database that has not answered by then is lacking; it may still answer the next time. */
const patienceMs = 1_000;

/** @returns looks, at most once a second, and gives what is lacking; nothing when the node is ready */
export function createReadiness({ workers, store, clock }: ReadinessOptions): () => Promise<readonly Lack[]> {
  let last: { readonly atMs: number; readonly lacks: Promise<readonly Lack[]> } | null = null;
  /** The write that was tried last; another one is not tried before it has come to its end. */
  let writing: Promise<boolean> | null = null;

  /** Nothing less than a write: a disk that is full takes an empty transaction. */
  function write(): Promise<boolean> {
    writing ??= store
      .probe()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        writing = null;
      });
    return writing;
  }

  async function look(): Promise<readonly Lack[]> {
    const lacks: Lack[] = workers().some(({ ready }) => ready) ? [] : ['workers'];
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => late.resolve(false), patienceMs);
    if (!(await Promise.race([write(), late.promise]))) lacks.push('database');
    clearTimeout(timer);
    return lacks;
  }

  return () => {
    const nowMs = clock.monotonicMs();
    if (last === null || nowMs - last.atMs > goodForMs) last = { atMs: nowMs, lacks: look() };
    return last.lacks;
  };
}
