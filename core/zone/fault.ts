/** Why an isolate was stopped, in words for who wrote the script. */
import type { SandboxFault } from '../contract/driver.ts';

/**
 * @param what     What it was stopped in.
 * @param limitMs  Wall time that this may take.
 */
export function faultInWords(
  { kind, message }: SandboxFault,
  what: 'tick' | 'load',
  limitMs: number,
  memoryMb: number,
): string {
  switch (kind) {
    case 'timeout':
      return what === 'tick'
        ? `it still ran when the tick had taken ${limitMs} ms, the most it may (an endless loop?)`
        : `it still ran after ${limitMs} ms, the most that loading may take (an endless loop?)`;
    case 'memory':
      return `it ran when the scripts of the zone had used up their ${memoryMb} MB of memory (a list that only grows?)`;
    case 'disposed':
    case 'broken':
      return message;
  }
}
