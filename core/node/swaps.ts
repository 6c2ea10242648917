/** The record of builds that took others' place: who saved them, what became of them, and why. */
import type { Program } from '../contract/content.ts';
import type { Clock, Log, Swap, SwapOutcome } from '../contract/ports.ts';
import type { Scripts } from '../store/store.ts';

/** What became of a swap. */
export type Settled = {
  readonly outcome: SwapOutcome;
  /** The zone where it was decided, or the game. */
  readonly place: string;
  /** What runs instead, or ran before, when it is known. */
  readonly former?: string | undefined;
  readonly why?: string;
  readonly line?: number;
  readonly object?: string | null;
  readonly handler?: string;
};

export interface Swaps {
  start(): Promise<void>;
  /** Whoever saves the file next (within seconds) has this name. */
  savedBy(path: string, who: string): void;
  /** A new build is there. The one before that is not decided yet is replaced. */
  begin(program: Program, former: string | null, place: string): void;
  /** It was saved, and nothing is decided yet. */
  isOpen(of: { readonly path: string; readonly build: string }): boolean;
  /** Also for builds that nobody has just saved: they get an entry of their own. */
  settle(of: { readonly path: string; readonly build: string }, settled: Settled): void;
  /** The newest first. */
  list(limit: number, path?: string): Promise<readonly Swap[]>;
  /** All that was told is written. */
  idle(): Promise<void>;
}

/** A file is read again soon after it was saved. */
const savedWithinS = 10;
const whyMost = 1_000;

export function createSwaps(options: { readonly scripts: Scripts; readonly clock: Clock; readonly log: Log }): Swaps {
  const { scripts, clock, log } = options;
  /** Not decided yet, by path. */
  const open = new Map<string, Swap>();
  const saved = new Map<string, { readonly who: string; readonly at: number }>();
  let last = 0;
  let writing: Promise<void> = Promise.resolve();

  function write(swap: Swap): void {
    writing = writing
      .then(() => scripts.swap(swap))
      .catch((error) => log.warn({ path: swap.path, error }, 'swap not recorded'));
  }

  function authorOf(path: string): string {
    const found = saved.get(path);
    saved.delete(path);
    return found && clock.now() - found.at < savedWithinS ? found.who : 'file';
  }

  function make(of: { readonly path: string; readonly build: string }, former: string | null, by: string): Swap {
    const nothing = { why: null, line: null, object: null, handler: null, settledAt: null };
    const { path, build } = of;
    return { id: ++last, at: clock.now(), path, build, former, by, place: '', outcome: 'running', ...nothing };
  }

  function close(swap: Swap, { outcome, place, why, line, object, handler }: Settled): void {
    if (open.get(swap.path)?.id === swap.id) open.delete(swap.path);
    write({
      ...swap,
      ...{ outcome, place, why: why?.slice(0, whyMost) ?? null, line: line ?? null },
      ...{ object: object ?? null, handler: handler ?? null, settledAt: clock.now() },
    });
  }

  return {
    async start() {
      const memory = await scripts.read(0);
      last = memory.lastSwap;
      for (const swap of memory.running) open.set(swap.path, swap);
    },
    savedBy: (path, who) => void saved.set(path, { who, at: clock.now() }),
    begin(program, former, place) {
      const before = open.get(program.path);
      if (before?.build === program.build) return;
      if (before) close(before, { outcome: 'replaced', place: before.place });
      const swap = { ...make(program, former, authorOf(program.path)), place };
      open.set(program.path, swap);
      write(swap);
    },
    isOpen: ({ path, build }) => open.get(path)?.build === build,
    settle(of, settled) {
      const swap = open.get(of.path);
      // What passed and took nobody's place was there from the beginning.
      if (swap?.build !== of.build && settled.outcome === 'passed' && settled.former === undefined) return;
      close(swap?.build === of.build ? swap : make(of, settled.former ?? null, 'roost'), settled);
    },
    async list(limit, path) {
      await writing;
      return await scripts.swaps(limit, path);
    },
    idle: () => writing,
  };
}
