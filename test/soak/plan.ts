/** When which fault comes: in proportion to the time, each at least once, in an order that the seed gives. */
import type { Sort } from './faults.ts';
import type { Random } from './random.ts';

export type Planned = { readonly sort: Sort; readonly atS: number };

export function plan(sorts: readonly Sort[], minutes: number, random: Random): readonly Planned[] {
  const seconds = minutes * 60;
  return sorts
    .flatMap((sort) => {
      const count = Math.max(1, Math.round((sort.perHour * minutes) / 60));
      const end = seconds * (sort.until ?? 1);
      // One in each part of the time, anywhere in it.
      return Array.from({ length: count }, (_, i) => ({ sort, atS: ((i + random.next()) / count) * end }));
    })
    .sort((a, b) => a.atS - b.atS);
}
