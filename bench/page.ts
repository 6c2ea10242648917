/** The part of docs/performance.md that a whole run writes. */
import { cpus, totalmem } from 'node:os';
import { type RowResult, toTable } from './report.ts';

const begin = '<!-- results: made by `npm run bench -- --write` -->';
const end = '<!-- end of results -->';

export type Machine = {
  /** UTC, to the minute. */
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
};

export function describeMachine(now: Date): Machine {
  const [first, ...rest] = cpus();
  return {
    date: now.toISOString().slice(0, 16).replace('T', ' '),
    cpu: first?.model.trim() ?? 'unknown',
    cores: rest.length + 1,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}

export function toSentence({ date, cpu, cores, memoryGb, node }: Machine): string {
  return `${date} UTC, ${cores} cores ${cpu}, ${memoryGb} GB, Node ${node}`;
}

/** The page with these results in the place of those it had. @throws when the page has no such place. */
export function withResults(page: string, machine: Machine, results: readonly RowResult[]): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`the page has no "${begin}" with "${end}" below it`);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const notes = results.flatMap(({ row, notes }) => notes.map((note) => `- ${row}: ${note}`));
  const text = [
    `${toSentence(machine)}; the whole run took ${Math.round(seconds / 6) / 10} minutes.`,
    toTable(results),
    'What the rounds said:',
    notes.join('\n'),
  ].join('\n\n');
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}
