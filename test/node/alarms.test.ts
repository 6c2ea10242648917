import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarms } from '../../core/node/alarms.ts';

const zone = 'farm/meadow';

describe('alarms of zones that do not tick', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A zone with a timer of every second, which falls asleep again as soon as it was called. */
  function repeating() {
    const clock = { now: () => Date.now() / 1_000, monotonicMs: () => Date.now() };
    const start = clock.now();
    const rung: number[] = [];
    const alarms = new Alarms(clock, (id) => {
      rung.push(Math.round(clock.now() - start));
      alarms.set(id, clock.now() + 1);
    });
    alarms.set(zone, start + 1);
    return { alarms, rung };
  }

  it('come in time at first, and less and less often while nobody looks at the zone', () => {
    const { rung } = repeating();
    vi.advanceTimersByTime(300_000);
    expect(rung).toEqual([1, 2, 4, 8, 16, 32, 64, 124, 184, 244]);
  });

  it('come in time again once somebody has looked', () => {
    const { alarms, rung } = repeating();
    vi.advanceTimersByTime(100_000);
    rung.length = 0;
    alarms.attended(zone);
    alarms.set(zone, Date.now() / 1_000 + 1);
    vi.advanceTimersByTime(5_000);
    expect(rung).toEqual([101, 102, 104]);
  });

  it('are taken back by null, and all of them at the end', () => {
    const { alarms, rung } = repeating();
    alarms.set(zone, null);
    vi.advanceTimersByTime(10_000);
    alarms.set(zone, Date.now() / 1_000 + 1);
    alarms.stop();
    vi.advanceTimersByTime(10_000);
    expect(rung).toEqual([]);
  });
});
