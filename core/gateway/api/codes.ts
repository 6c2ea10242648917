/** Which refusals a method can answer with over HTTP, by status: those of every call, and those of its own. */
import type { MethodCard } from '../../contract/reference.ts';
import { statusOf } from '../http-status.ts';

/** What any call at an address of its own may meet, whatever its method is. */
export const everywhere: readonly (readonly [status: number, code: string])[] = [
  [400, 'call.malformed'],
  [401, 'session.unknown-token'],
  [401, 'session.unknown-resume'],
  [403, 'session.barred'],
  [403, 'session.origin'],
  [413, 'call.malformed'],
  [415, 'call.malformed'],
  [429, 'call.too-fast'],
  [429, 'call.too-many'],
  [500, 'call.failed'],
  [503, 'call.disabled'],
  [504, 'call.timeout'],
];

/** What a method may refuse with: by what it asks of params (an object, if nothing else) and caller, and what its source names. */
export function codesOf({ allow, codes }: MethodCard): readonly string[] {
  const asked = ['call.bad-params', ...(allow === 'anyone' ? [] : ['call.forbidden'])];
  return [...new Set([...asked, ...codes])];
}

/** `zone.*`: any code of an area, so that it has no one status. */
export function isFamily(code: string): boolean {
  return code.endsWith('.*');
}

/** Status → codes, statuses in order. */
export function codesByStatus(card: MethodCard): ReadonlyMap<number, readonly string[]> {
  const single = codesOf(card).filter((code) => !isFamily(code));
  const own = single.map((code): readonly [number, string] => [statusOf(code), code]);
  const all = [...everywhere, ...own].sort(([a], [b]) => a - b);
  const byStatus = Map.groupBy(all, ([status]) => status);
  return new Map([...byStatus].map(([status, rows]) => [status, [...new Set(rows.map(([, code]) => code))]]));
}
