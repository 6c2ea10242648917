/** One side of a comparison within a process: the real part of Roost, or its limit, doing the same work. */

/** What a run did, and what the process spent on it. */
export type Spent = {
  /** Units of work: ticks, rows. */
  readonly work: number;
  /** Milliseconds of CPU of all threads of the process. */
  readonly cpuMs: number;
  readonly wallMs: number;
};

export interface Side {
  /** Does so many units. */
  run(units: number): Promise<void> | void;
  close?(): Promise<void> | void;
}

/** What a module of bench/parts exports: what to open under each name. */
export type Parts = { readonly [side: string]: () => Promise<Side> | Side };

/** Runs for at least so many milliseconds, in portions of `units`. */
export async function spend(side: Side, units: number, leastMs: number): Promise<Spent> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let work = 0;
  do {
    await side.run(units);
    work += units;
  } while (performance.now() - start < leastMs);
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { work, cpuMs: (user + system) / 1_000, wallMs };
}
