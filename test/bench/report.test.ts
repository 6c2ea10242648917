import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withResults } from '../../bench/page.ts';
import { judge, judgeRow, median, percentile, toNumber, toTable } from '../../bench/report.ts';
import type { Figure, Row, Target } from '../../bench/row.ts';
import { runNode } from '../support/run.ts';

const figure = (target?: Target, aim?: Target): Figure => ({
  unit: 'µs',
  ...(target === undefined ? {} : { target }),
  ...(aim === undefined ? {} : { aim }),
});

describe('medians', () => {
  it('are the middle one, or between the two in the middle, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow(RangeError);
  });
  it('percentiles are in proportion between neighbours', () => {
    expect(percentile([10, 20, 30, 40, 50], 0)).toBe(10);
    expect(percentile([10, 20, 30, 40, 50], 95)).toBe(48);
    expect(percentile([10, 20, 30, 40, 50], 100)).toBe(50);
  });
});

describe('a figure', () => {
  it('is the median of ours over the median of theirs, not the median of ratios', () => {
    const { ours, theirs, ratio } = judge('row', 'cpu', figure(), { ours: [1, 30, 20], theirs: [100, 10, 40] });
    expect({ ours, theirs, ratio }).toEqual({ ours: 20, theirs: 40, ratio: 0.5 });
  });
  it.each<[Target, number, boolean]>([
    [{ of: 'ratio', atMost: 0.8 }, 8, true],
    [{ of: 'ratio', atMost: 0.8 }, 8.01, false],
    [{ of: 'ratio', atMost: 0.8 }, 1, true],
    [{ of: 'ratio', atLeast: 0.8 }, 8, true],
    [{ of: 'ratio', atLeast: 0.8 }, 7.99, false],
    [{ of: 'ratio', atLeast: 0.8 }, 100, true],
    [{ of: 'ours', atMost: 150 }, 150, true],
    [{ of: 'ours', atMost: 150 }, 150.1, false],
    [{ of: 'ours', atLeast: 2000 }, 2000, true],
    [{ of: 'ours', atLeast: 2000 }, 1999, false],
  ])('with the target %o and ours %d beside 10 is met: %s', (target, ours, met) => {
    const rounds = { ours: [ours], theirs: [10] };
    expect(judge('row', 'cpu', figure(target), rounds).met).toBe(met);
    expect(judge('row', 'cpu', figure(undefined, target), rounds)).toMatchObject({ met: null, aimMet: met });
  });
  it('that has no other side, or divides by nothing, meets no ratio', () => {
    const least: Target = { of: 'ratio', atLeast: 0.5 };
    expect(judge('row', 'cpu', figure(least), { ours: [1] })).toMatchObject({ ratio: null, met: false });
    expect(judge('row', 'cpu', figure(least), { ours: [1], theirs: [0] }).met).toBe(false);
    expect(judge('row', 'cpu', figure({ of: 'ratio', atMost: 1 }), { ours: [0], theirs: [0] }).met).toBe(false);
  });
  it('that is not a number in every round is no result', () => {
    expect(() => judge('row', 'cpu', figure(), { ours: [1, Number.NaN, 2] })).toThrow(RangeError);
    expect(() => judge('row', 'cpu', figure(), { ours: [1], theirs: [] })).toThrow(RangeError);
  });
});

describe('the table', () => {
  const row: Row = {
    name: 'view',
    what: 'a thing',
    against: 'another',
    figures: { cpu: figure({ of: 'ratio', atMost: 0.8 }, { of: 'ratio', atMost: 0.6 }), count: figure() },
    run: () => Promise.reject(new Error('not run here')),
  };
  const measured = { figures: { cpu: { ours: [15], theirs: [25] }, count: { ours: [12_345] } } };
  const result = { row: 'view', what: '', against: '', notes: [], seconds: 1 };

  it('says ours, theirs, ratio, target and whether it is met', () => {
    const table = toTable([{ ...result, verdicts: judgeRow(row, measured), failed: null }]);
    expect(table).toMatch(/\| view +\| cpu +\| +15 \| +25 \| +0\.6× \| ≤ 0\.8× \(aim ≤ 0\.6×\) \| met, aim too +\| µs/);
    expect(table).toMatch(/\| view +\| count +\| +12,345 \| +– \| +– \| – +\| – +\| µs/);
  });
  it('says that there is no result, and why', () => {
    const table = toTable([{ ...result, verdicts: [], failed: 'only 3 of 600 came in\nat …' }]);
    expect(table).toMatch(/\| view +\| no result +\|.*\| failed \| only 3 of 600 came in +\|/);
  });
  it('refuses a row that did not measure what it announced', () => {
    expect(() => judgeRow(row, { figures: { cpu: { ours: [1] } } })).toThrow('view: count was not measured');
  });
  it('shows three digits that count', () => {
    expect([0, 0.123456, 1.2345, 12.345, 123.45, 12_345.6].map(toNumber)).toEqual([
      '0',
      '0.123',
      '1.23',
      '12.3',
      '123',
      '12,346',
    ]);
  });
});

it('results take the place of those the page had, and nothing else of it', () => {
  const machine = { date: '2026-01-02 03:04', cpu: 'Z80', cores: 2, memoryGb: 24, node: '24.0.0' };
  const results = [{ row: 'view', what: '', against: '', verdicts: [], notes: ['one'], failed: null, seconds: 90 }];
  const page = (text: string) =>
    `# Page\n\n<!-- results: made by \`npm run bench -- --write\` -->\n${text}<!-- end of results -->\n\n## Rest\n`;
  const written = withResults(page('old\n'), machine, results);
  expect(written).toMatch(/2026-01-02 03:04 UTC, 2 cores Z80, 24 GB, Node 24.0.0; the whole run took 1.5 minutes/);
  expect(written).toMatch(/- view: one\n\n<!-- end of results -->\n\n## Rest\n$/);
  expect(written).not.toContain('old');
  expect(withResults(written, machine, results)).toBe(written);
  expect(() => withResults('# Page\n', machine, results)).toThrow('the page has no');
});

it('what is typed wrong is answered by how it is used, with 1; --help with 0', async () => {
  const bench = (...words: string[]) => {
    const [hooks, main] = ['bin/hooks.js', 'bench/main.ts'].map((path) => join(import.meta.dirname, '../..', path));
    return runNode(['--import', hooks as string, main as string, ...words]);
  };
  const help = await bench('--help');
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Usage: npm run bench/) });
  for (const words of [['--quik'], ['--rounds', '0']])
    expect(await bench(...words)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(help.stdout) });
  expect((await bench('veiw')).stderr).toMatch(/^There is no row veiw: there are view, arena, /);
});
