import { describe, expect, it } from 'vitest';
import type { Program } from '../../core/contract/content.ts';
import type { ScriptReport } from '../../core/contract/link.ts';
import { createProbation } from '../../core/zone/probation.ts';

const program = (build: string): Program => ({
  ...{ name: 'hen', role: 'object', path: 'scripts/hen.ts', build, code: '', files: [], handlers: [] },
});
const tickOfNew = { script: 'hen', build: 'new', handler: 'tick' };

/** Why the former build comes back after ticks that cost so many milliseconds, or null. */
function judge(costs: readonly number[]): string | null {
  const probation = createProbation({
    ...{ former: [program('old')], programs: [program('new')], untilMs: 3_000 },
    formerMean: new Map([['hen', 0.05]]),
    concerns: (kind, isNew) => isNew(kind),
    makeReport: (_object, what, handler, message) =>
      ({ what, handler, message, script: 'hen', build: 'new' }) as ScriptReport,
  });
  for (const ms of costs) {
    const spent = { kinds: new Map([['hen', ms]]), handlers: new Map([[0, ms]]) };
    const why = probation?.look([], spent, () => tickOfNew);
    if (why) return why.message;
  }
  return null;
}

const sixty = (cost: (tick: number) => number) => Array.from({ length: 60 }, (_, tick) => cost(tick));

describe('what a new build costs', () => {
  it('in one tick now and then convicts nobody: engines collect their garbage in somebody’s tick', () => {
    expect(judge(sixty((tick) => (tick % 20 === 7 ? 40 : 0.05)))).toBeNull();
  });

  it('all the time brings the former build back', () => {
    expect(judge(sixty(() => 5))).toMatch(
      /^hen spends 5\.0 ms a tick here, more than ten times the 0\.05 ms of the build before$/,
    );
  });

  it('in every fourth tick brings it back as well', () => {
    expect(judge(sixty((tick) => (tick % 4 === 0 ? 30 : 0)))).toMatch(/^hen spends 7\.5 ms a tick/);
  });

  it('below a millisecond a tick is nobody’s business', () => {
    expect(judge(sixty(() => 0.9))).toBeNull();
  });
});
