/** A short soak as part of every run; `npm run soak -- --minutes 60` is the whole of it. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runNode } from '../support/run.ts';
import { sorts } from './faults.ts';
import { slopeOf } from './slope.ts';
import type { Summary } from './summary.ts';
import { timesOf } from './summary.ts';

const main = join(import.meta.dirname, 'main.ts');

it('PER-01 PER-02 PER-08 nothing acknowledged is lost or there twice while everything is broken that we know to break', {
  timeout: 600_000,
}, async () => {
  // The same faults in every run: a new order is for the long ones. A busy machine needs patience, and is given it.
  const args = [main, '--minutes', '0.5', '--seed', '1', '--patience', '120', '--json'];
  const { code, stdout, stderr } = await runNode(args);
  const summary: Summary = JSON.parse(stdout);
  expect(summary.violations, stderr).toEqual([]);
  expect(code).toBe(0);
  expect(summary.rows.map(({ fault }) => fault).sort()).toEqual(sorts.map(({ name }) => name).sort());
  expect(summary.acknowledged.deposits).toBeGreaterThan(100);
  expect(summary.acknowledged.timersSwept).toBeGreaterThan(0);
  expect(summary.acknowledged.textsOfTheRelay).toBeGreaterThan(20);
  expect(summary.acknowledged.linesAnswered).toBeGreaterThan(5);
});

it('what is typed wrong is refused with 2 before anything is started, and --help is answered', async () => {
  const help = await runNode([main, '--help']);
  expect(help).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: npm run soak/) });
  for (const words of [
    ['--minute', '1'],
    ['--seed', 'x'],
    ['--minutes', '0'],
  ])
    expect(await runNode([main, ...words])).toMatchObject({ code: 2, stderr: expect.stringContaining(help.stdout) });
});

it('a slope is the same however often its process was killed, and a level is none', () => {
  const life = (number: number, from: number, level: number, perMinute: number) =>
    Array.from({ length: 300 }, (_, second) => ({
      life: String(number),
      atS: from + second,
      value: level + (second / 60) * perMinute,
    }));
  expect(slopeOf([...life(1, 0, 100, 2), ...life(2, 300, 50, 2)]).perMinute).toBeCloseTo(2);
  expect(slopeOf([...life(1, 0, 100, 0), ...life(2, 300, 200, 0)]).perMinute).toBeCloseTo(0);
  expect(slopeOf(life(1, 0, 100, 2).slice(0, 30))).toEqual({ perMinute: 0, minutes: 0 });
});

it('times are told as median, 95th percentile and the most', () => {
  expect(timesOf(Array.from({ length: 100 }, (_, i) => i + 1))).toEqual({
    count: 100,
    medianMs: 51,
    p95Ms: 96,
    maxMs: 100,
  });
  expect(timesOf([])).toEqual({ count: 0, medianMs: 0, p95Ms: 0, maxMs: 0 });
});
