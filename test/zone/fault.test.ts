import { expect, it } from 'vitest';
import { faultInWords } from '../../core/zone/fault.ts';

it('why scripts were stopped is told with the limit, not in the words of the engine', () => {
  const timeout = { kind: 'timeout', message: 'Script execution timed out.' } as const;
  expect(faultInWords(timeout, 'tick', 200, 64)).toMatch(/still ran when the tick had taken 200 ms/);
  expect(faultInWords(timeout, 'load', 1_000, 64)).toMatch(/still ran after 1000 ms/);
  const memory = { kind: 'memory', message: 'Isolate was disposed during execution due to memory limit' } as const;
  expect(faultInWords(memory, 'tick', 200, 64)).toMatch(/used up their 64 MB/);
  expect(faultInWords({ kind: 'broken', message: 'it gave nothing back' }, 'tick', 200, 64)).toBe(
    'it gave nothing back',
  );
});
