/**
 * Work that only so much of is done at once. The rest waits in lines, one for each place it comes from, and the lines take
 * turns: who asks a hundred times waits for himself.
 */

export type Turns = {
  /** Does the work when it is its turn. @throws what `refusal` makes, when it waits too long or too much waits */
  take<T>(from: string, work: () => Promise<T>): Promise<T>;
  waiting(): number;
  /** Refuses what waits. */
  stop(): void;
};

export type TurnsOptions = {
  readonly atOnce: number;
  readonly waitingMost: number;
  readonly waitMs: number;
  readonly refusal: () => Error;
};

type Waiting = { readonly from: string; readonly run: () => void; readonly refuse: () => void };

export function createTurns({ atOnce, waitingMost, waitMs, refusal }: TurnsOptions): Turns {
  /** In the order in which they are served next. */
  const lines = new Map<string, Waiting[]>();
  let waiting = 0;
  let running = 0;

  function leave(one: Waiting): void {
    const line = lines.get(one.from) ?? [];
    const at = line.indexOf(one);
    if (at < 0) return;
    line.splice(at, 1);
    waiting -= 1;
    if (line.length === 0) lines.delete(one.from);
  }

  /** Makes room for one more of a line that is shorter than the longest. False when there is none to be made. */
  function makeRoom(from: string): boolean {
    if (waiting < waitingMost) return true;
    const longest = [...lines.values()].reduce((a, b) => (b.length > a.length ? b : a));
    if (longest.length <= (lines.get(from)?.length ?? 0) + 1) return false;
    longest.at(-1)?.refuse();
    return true;
  }

  function next(): void {
    const [first] = lines;
    if (running >= atOnce || !first) return;
    const [from, line] = first;
    const one = line[0] as Waiting;
    leave(one);
    // Its line is the last one now.
    if (lines.delete(from)) lines.set(from, line);
    one.run();
  }

  async function runNow<T>(work: () => Promise<T>): Promise<T> {
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      next();
    }
  }

  return {
    take(from, work) {
      if (running < atOnce && waiting === 0) return runNow(work);
      if (!makeRoom(from)) return Promise.reject(refusal());
      return new Promise((done, failed) => {
        const refuse = () => {
          clearTimeout(timer);
          leave(one);
          failed(refusal());
        };
        const run = () => {
          clearTimeout(timer);
          runNow(work).then(done, failed);
        };
        const timer = setTimeout(refuse, waitMs);
        const one: Waiting = { from, run, refuse };
        lines.set(from, [...(lines.get(from) ?? []), one]);
        waiting += 1;
      });
    },
    waiting: () => waiting,
    stop() {
      for (const line of [...lines.values()]) for (const one of [...line]) one.refuse();
    },
  };
}
