/**
 * What a benchmark is. A row is a file `bench/rows/<name>.ts` that exports `row`; it measures Roost and its limit or
 * peer in the same run, in turn, and gives back what each round measured. Medians, ratios and whether a target is met
 * are the harness's to say (bench/report.ts), so that all rows say it in the same way.
 */

/** A bound on ours divided by theirs, or on ours alone. */
export type Target =
  | { readonly of: 'ratio' | 'ours'; readonly atMost: number }
  | { readonly of: 'ratio' | 'ours'; readonly atLeast: number };

/** One thing that a row measures. */
export type Figure = {
  /** Such as `µs CPU per client-tick`. */
  readonly unit: string;
  /** What must be reached; without it the figure is told and not judged. */
  readonly target?: Target;
  /** What would be better still; told, and no reason to fail. */
  readonly aim?: Target;
};

/** One number per round. `theirs` is missing where there is nothing to compare with. */
export type Sides = { readonly ours: readonly number[]; readonly theirs?: readonly number[] };

export type Measured = {
  /** By the names in `figures` of the row; each name must be there. */
  readonly figures: Readonly<Record<string, Sides>>;
  /** What a reader has to know beside the numbers: counts that were checked, what was equal on both sides. */
  readonly notes?: readonly string[];
};

export type Row = {
  /** As in `npm run bench <name>`; also the name of the file. */
  readonly name: string;
  /** What is measured, in one line. */
  readonly what: string;
  /** The limit or peer, in one line. */
  readonly against: string;
  readonly figures: Readonly<Record<string, Figure>>;
  /** @throws when what was measured is not what should have been: that is no result, and the run fails. */
  run(context: Context): Promise<Measured>;
};

/** What a row is given. */
export type Context = {
  /** True for `--quick`: as short as it can be and still show that it works; the numbers mean little. */
  readonly quick: boolean;
  /** Rounds for each side; at least 3 unless quick. */
  readonly rounds: number;
  /** Folder for CPU profiles of our server processes (`--profile DIR`), or nothing. Pass it to `startRoost`. */
  readonly profile: string | undefined;
  /** A line of progress, to stderr. */
  say(text: string): void;
  /** An empty folder that is removed after the row. */
  folder(): Promise<string>;
  /** Runs after the row, also when it failed; the last one given runs first. */
  after(undo: () => void | Promise<void>): void;
};
