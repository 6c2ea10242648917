import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Latencies } from '../../core/load/latency.ts';

/** The value at the nearest rank. */
function exact(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.round((sorted.length * percent) / 100)) - 1] ?? 0;
}

describe('latencies', () => {
  it('have the percentiles that sorting gives, within a thousandth', () => {
    const ms = fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 60_000, noNaN: true }));
    fc.assert(
      fc.property(fc.array(ms, { minLength: 1, maxLength: 300 }), (values) => {
        const latencies = new Latencies();
        for (const value of values) latencies.add(value);
        const { p50, p90, p99, max, min, count } = latencies.percentiles;
        expect({ max, min, count }).toEqual({
          max: Math.max(...values),
          min: Math.min(...values),
          count: values.length,
        });
        for (const [percent, found] of [
          [50, p50],
          [90, p90],
          [99, p99],
        ] as const) {
          const wanted = exact(values, percent);
          // Whole microseconds, then three digits.
          expect(Math.abs(found - wanted)).toBeLessThanOrEqual(0.002 + wanted / 1_000);
        }
      }),
    );
  });

  it('of nothing are zero, and beyond an hour are an hour or the most that was', () => {
    const latencies = new Latencies();
    expect(latencies.percentiles).toMatchObject({ count: 0, p99: 0, max: 0 });
    latencies.add(7_200_000);
    expect(latencies.percentiles.max).toBe(7_200_000);
    expect(latencies.percentiles.p99).toBeGreaterThan(3_599_000);
  });

  it('have a curve that never falls and ends with the slowest', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 1_000; ms++) latencies.add(ms);
    const { curve } = latencies;
    expect(curve.at(-1)).toEqual({ percent: 100, ms: 1_000 });
    for (const [i, point] of curve.entries()) expect(point.ms).toBeGreaterThanOrEqual(curve[i - 1]?.ms ?? 0);
  });
});
