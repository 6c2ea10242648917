import { expect, it } from 'vitest';
import type { ScriptReport } from '../../core/contract/link.ts';
import type { WatchMessage } from '../../core/contract/protocol.ts';
import { createLog } from '../../core/report/log.ts';
import { createReports } from '../../core/report/reports.ts';

const report: ScriptReport = {
  ...{ zone: 'farm/meadow', tick: 7, object: '1', kind: 'hen', script: 'hen', build: 'b1', handler: 'tick' },
  ...{ file: 'scripts/hen.ts', line: 3, column: 5, message: 'said', what: 'throw', count: 1 },
};

it('those who watch are told what kind of report it is', () => {
  const reports = createReports(
    createLog('silent', () => undefined),
    { now: () => 1, monotonicMs: () => 1 },
  );
  const heard: WatchMessage['what'][] = [];
  reports.onWatch(({ what }) => heard.push(what));
  for (const what of ['throw', 'stopped', 'slow', 'refused', 'log'] as const) reports.script({ ...report, what });
  expect(heard).toEqual(['error', 'error', 'slow', 'refused', 'log']);
});

it('a script that writes without end still has its errors told', () => {
  const reports = createReports(
    createLog('silent', () => undefined),
    { now: () => 1, monotonicMs: () => 1 },
  );
  const heard: WatchMessage['what'][] = [];
  reports.onWatch(({ what }) => heard.push(what));
  for (let i = 0; i < 50; i++) reports.script({ ...report, what: 'log' });
  reports.script(report);
  expect(heard).toEqual([...Array(10).fill('log'), 'error']);
});
