/** What happened, for people and for programs. */
import type { Injected, Outcome } from './soak.ts';

type Times = { readonly count: number; readonly medianMs: number; readonly p95Ms: number; readonly maxMs: number };

export function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
  return { count: sorted.length, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}

type Row = {
  readonly fault: string;
  readonly as: string;
  readonly injected: number;
  readonly survived: number;
  /** Of all, and of those that no other fault overlapped. */
  readonly recovery: Times;
  readonly alone: Times;
};

function rowsOf(injected: readonly Injected[]): readonly Row[] {
  return [...Map.groupBy(injected, ({ sort }) => sort)].map(([{ name, as }, all]) => ({
    fault: name,
    as,
    injected: all.length,
    survived: all.filter(({ survived }) => survived).length,
    recovery: timesOf(all.map(({ recoveredMs }) => recoveredMs)),
    alone: timesOf(all.flatMap(({ alone, recoveredMs }) => (alone ? recoveredMs : []))),
  }));
}

export function summarize(outcome: Outcome) {
  const { options, seconds, injected, ledger, server, memory, longestGapMs, resyncs } = outcome;
  const order = (row: Row) => `${row.as} ${row.fault}`;
  const sums = Map.groupBy(injected, ({ sort }) => sort.as);
  return {
    seed: options.seed,
    minutes: Math.round(seconds / 6) / 10,
    faults: Object.fromEntries([...sums].map(([as, all]) => [as, all.length])),
    rows: [...rowsOf(injected)].sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    acknowledged: {
      deposits: ledger.total('lanes'),
      rowsOfThePlugin: ledger.total('tallies'),
      timersSet: ledger.fusesWound,
      timersSwept: ledger.fusesSwept,
      trips: ledger.trips,
      linesSaid: ledger.lines,
      textsOfTheRelay: outcome.texts,
      linesAnswered: outcome.linesAnswered,
    },
    losses: ledger.counts.get('loss') ?? 0,
    duplicates: ledger.counts.get('duplicate') ?? 0,
    violations: ledger.violations,
    refusals: Object.fromEntries([...ledger.refusals].sort(([, a], [, b]) => b - a)),
    guestsWhoLostTheirToken: ledger.ownersLost,
    lives: server.lives,
    failedStarts: server.failedStarts,
    longestGapMs: Math.round(longestGapMs),
    snapshotsForWrongSums: resyncs,
    memory,
    log: server.logFile,
    warnings: Object.fromEntries([...server.told].sort(([, a], [, b]) => b - a)),
  };
}

export type Summary = ReturnType<typeof summarize>;

export function toText(summary: Summary): string {
  const { acknowledged: ack, memory } = summary;
  const time = ({ count, medianMs, p95Ms, maxMs }: Times) =>
    count === 0 ? '–'.padStart(24) : [medianMs, p95Ms, maxMs].map((ms) => `${ms}`.padStart(8)).join('');
  const row = ({ as, fault, injected, survived, recovery, alone }: Row) =>
    `${as.padEnd(26)}${fault.padEnd(20)}${`${survived}/${injected}`.padStart(9)}  ${time(recovery)}  ${time(alone)}`;
  const use = (kind: 'node' | 'worker') => {
    const { rssMb, files } = memory[kind];
    const { perMinute, minutes } = rssMb.slope;
    return (
      `${kind}: at most ${rssMb.most.toFixed(0)} MB, ${perMinute.toFixed(2)} MB a minute over ${minutes.toFixed(1)} minutes; ` +
      `at most ${files.most} open files, ${files.slope.perMinute.toFixed(2)} a minute`
    );
  };
  const list = (table: Readonly<Record<string, number>>) =>
    Object.entries(table)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  return [
    `Soak of ${summary.minutes} minutes, seed ${summary.seed}: ${list(summary.faults)}`,
    '',
    `${''.padEnd(46)}${'survived'.padStart(9)}  ${'well again after, ms:'.padEnd(24)}  without another fault`,
    `${''.padEnd(57)}${'  median     p95     max'}  ${'  median     p95     max'}`,
    ...summary.rows.map(row),
    '',
    `acknowledged: ${ack.deposits} deposits, ${ack.rowsOfThePlugin} rows of the plugin, ${ack.timersSet} timers set, ` +
      `${ack.timersSwept} swept, ${ack.trips} trips with a gem, ${ack.linesSaid} lines, ` +
      `${ack.textsOfTheRelay} texts of the turn relay, ${ack.linesAnswered} lines of the text port`,
    `losses ${summary.losses}, duplicates ${summary.duplicates}`,
    `refusals: ${list(summary.refusals) || 'none'}`,
    `lives of the node ${summary.lives}, starts that failed ${summary.failedStarts}, guests who lost their token ${summary.guestsWhoLostTheirToken}`,
    `longest time without a tick at a player ${summary.longestGapMs} ms; snapshots for wrong sums ${summary.snapshotsForWrongSums}`,
    use('node'),
    use('worker'),
    `warnings: ${list(summary.warnings) || 'none'}`,
    '',
    ...summary.violations.map(({ kind, text, atS }) => `${kind.toUpperCase()} at ${atS.toFixed(1)} s: ${text}`),
    summary.violations.length === 0
      ? 'Nothing was lost, nothing is there twice.'
      : `NOT PASSED. Again with --seed ${summary.seed}; the log is ${summary.log}`,
  ].join('\n');
}
