/** Why an isolate was stopped, in words for who wrote the script. */
import type { SandboxFault, SandboxOptions } from '../contract/driver.ts';

/** @param what  What it was stopped in; each has its own time. */
export function faultInWords(
  { kind, message }: SandboxFault,
  what: 'tick' | 'load',
  { tickLimitMs, loadLimitMs, memoryMb }: Pick<SandboxOptions, 'tickLimitMs' | 'loadLimitMs' | 'memoryMb'>,
): string {
  switch (kind) {
    case 'timeout':
      return what === 'tick'
        ? `it still ran when the tick had taken ${tickLimitMs} ms, the most it may (an endless loop?)`
        : `it still ran after ${loadLimitMs} ms, the most that loading may take (an endless loop?)`;
    case 'memory':
      return `it ran when the scripts of the zone had used up their ${memoryMb} MB of memory (a list that only grows?)`;
    case 'disposed':
    case 'broken':
      return message;
  }
}
