import { expect, it } from 'vitest';
import { createCallCounts } from '../../core/methods/call-counts.ts';

it('M-9 codes that scripts make up are counted without a name beyond the fortieth', () => {
  const counts = createCallCounts();
  for (let at = 0; at < 1_000; at++) {
    counts.add('object.call', { ok: false, error: { code: `object.made-up-${at}`, message: '' } }, 1);
  }
  counts.add('object.call', { ok: true, result: null }, 1);
  const [method] = counts.read();
  expect(method?.codes).toHaveLength(41);
  expect(method?.codes.at(-1)).toEqual(['other', 961]);
  expect(method?.took.counts.reduce((sum, count) => sum + count)).toBe(1_001);
});
