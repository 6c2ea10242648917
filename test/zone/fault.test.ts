import { expect, it } from 'vitest';
import { faultInWords } from '../../core/zone/fault.ts';

const limits = { tickLimitMs: 200, loadLimitMs: 1_000, memoryMb: 64 };

it('why scripts were stopped is told with the limit, not in the words of the engine', () => {
  const timeout = { kind: 'timeout', message: 'Script execution timed out.' } as const;
  expect(faultInWords(timeout, 'tick', limits)).toMatch(/still ran when the tick had taken 200 ms/);
  expect(faultInWords(timeout, 'load', limits)).toMatch(/still ran after 1000 ms/);
  const memory = { kind: 'memory', message: 'Isolate was disposed during execution due to memory limit' } as const;
  expect(faultInWords(memory, 'tick', limits)).toMatch(/used up their 64 MB/);
  expect(faultInWords({ kind: 'broken', message: 'it gave nothing back' }, 'tick', limits)).toBe(
    'it gave nothing back',
  );
});
