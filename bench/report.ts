/** From what the rounds measured to medians, ratios and whether a target is met; as a table and as JSON. */
import type { Figure, Measured, Row, Sides, Target } from './row.ts';

export type Verdict = {
  readonly row: string;
  readonly figure: string;
  readonly unit: string;
  /** Medians of the rounds. */
  readonly ours: number;
  readonly theirs: number | null;
  /** Ours divided by theirs. */
  readonly ratio: number | null;
  readonly target: string | null;
  readonly met: boolean | null;
  readonly aim: string | null;
  readonly aimMet: boolean | null;
  readonly rounds: Sides;
};

export type RowResult = {
  readonly row: string;
  readonly what: string;
  readonly against: string;
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
  /** Why there is no result. */
  readonly failed: string | null;
  readonly seconds: number;
};

/** The middle one, or the mean of the two in the middle. @throws when there is none. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 50);
}

/** Between neighbours it is in proportion. @param percent 0 to 100. @throws when there is no number. */
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = ((sorted.length - 1) * percent) / 100;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new RangeError('there is no number to take the middle of');
  return low + (high - low) * (at - Math.floor(at));
}

/** What the rounds of one figure come to. @throws when a round gave no finite number, or there was none. */
export function judge(row: string, figure: string, { unit, target, aim }: Figure, rounds: Sides): Verdict {
  const every = [...rounds.ours, ...(rounds.theirs ?? [])];
  if (!every.every(Number.isFinite)) throw new RangeError(`${row}: ${figure} is not a number in every round`);
  const ours = median(rounds.ours);
  const theirs = rounds.theirs === undefined ? null : median(rounds.theirs);
  const ratio = theirs === null ? null : ours / theirs;
  return {
    row,
    figure,
    unit,
    ours,
    theirs,
    ratio,
    target: target === undefined ? null : toText(target),
    met: target === undefined ? null : isMet(target, ours, ratio),
    aim: aim === undefined ? null : toText(aim),
    aimMet: aim === undefined ? null : isMet(aim, ours, ratio),
    rounds,
  };
}

/** A ratio that there is not, or that is of something and nothing, meets no target. */
function isMet(target: Target, ours: number, ratio: number | null): boolean {
  const value = target.of === 'ours' ? ours : ratio;
  if (value === null || !Number.isFinite(value)) return false;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

function toText(target: Target): string {
  const bound = 'atMost' in target ? `≤ ${toNumber(target.atMost)}` : `≥ ${toNumber(target.atLeast)}`;
  return target.of === 'ratio' ? `${bound}×` : bound;
}

/** @throws when a figure of the row was not measured. */
export function judgeRow(row: Row, measured: Measured): readonly Verdict[] {
  return Object.entries(row.figures).map(([name, figure]) => {
    const rounds = measured.figures[name];
    if (rounds === undefined) throw new RangeError(`${row.name}: ${name} was not measured`);
    return judge(row.name, name, figure, rounds);
  });
}

const heads = ['row', 'figure', 'ours', 'theirs', 'ratio', 'target', 'met', 'unit'] as const;
const rightwards: ReadonlySet<string> = new Set(['ours', 'theirs', 'ratio']);

/** A table for people, which is also one of Markdown. */
export function toTable(results: readonly RowResult[]): string {
  const lines = results.flatMap((result) =>
    result.failed === null
      ? result.verdicts.map(toCells)
      : [[result.row, 'no result', '', '', '', '', 'failed', result.failed.split('\n')[0] ?? '']],
  );
  const widths = heads.map((head, at) => Math.max(head.length, ...lines.map((cells) => (cells[at] ?? '').length)));
  const toLine = (cells: readonly string[]): string =>
    `| ${cells
      .map((cell, at) =>
        rightwards.has(heads[at] ?? '') ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join(' | ')} |`;
  const rule = heads.map((head, at) => '-'.repeat((widths[at] ?? 0) - 1) + (rightwards.has(head) ? ':' : '-'));
  return [toLine(heads), toLine(rule), ...lines.map(toLine)].join('\n');
}

function toCells(verdict: Verdict): string[] {
  const { row, figure, ours, theirs, ratio, unit } = verdict;
  return [
    row,
    figure,
    toNumber(ours),
    theirs === null ? '–' : toNumber(theirs),
    ratio === null ? '–' : `${toNumber(ratio)}×`,
    [verdict.target ?? '–', verdict.aim === null ? '' : `(aim ${verdict.aim})`].join(' ').trim(),
    verdict.met === null ? '–' : `${verdict.met ? 'met' : 'missed'}${verdict.aimMet === true ? ', aim too' : ''}`,
    unit,
  ];
}

/** Three digits that count, thousands parted. */
export function toNumber(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(20, digits) });
}
