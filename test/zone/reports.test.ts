import { expect, it } from 'vitest';
import type { ScriptReport } from '../../core/contract/link.ts';
import { createReports } from '../../core/zone/reports.ts';

const report = (what: ScriptReport['what'], message: string): ScriptReport => ({
  ...{ zone: 'test/yard', tick: 1, object: null, kind: 'hen', script: 'hen', build: '00000000000a' },
  ...{ handler: 'tick', file: 'scripts/hen.ts', line: 1, column: 1, message, what, count: 1 },
});

it('what a script writes without end hides no failure of another', () => {
  const reports = createReports();
  for (let i = 0; i < 1_000; i++) {
    reports.add(report('log', `line ${i}`));
    reports.add(report('refused', `reason ${i}`));
  }
  reports.add(report('stopped', 'too long'));
  const told = reports.take(10);
  expect(told).toHaveLength(101);
  expect(told.at(-1)).toMatchObject({ what: 'stopped', message: 'too long' });
});
