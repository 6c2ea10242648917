import { describe, expect, it } from 'vitest';
import { createGrowth } from '../../core/zone/growth.ts';

const mb = 1_048_576;

describe('growth of resident memory', () => {
  it('is that of the zone that ran between two looks, and what is given back is everybody’s', () => {
    const growth = createGrowth();
    growth.look(100 * mb, 1, 10);
    growth.look(180 * mb, 1, 20);
    growth.look(200 * mb, 2, 30);
    expect(growth.largest()).toBe(1);
    growth.look(130 * mb, 3, 40);
    growth.look(250 * mb, 2, 50);
    expect(growth.largest()).toBe(2);
  });

  it('of the entry that runs counts from the look before it', () => {
    const growth = createGrowth();
    growth.look(100 * mb, 1, 0);
    growth.look(150 * mb, 1, 7);
    growth.look(300 * mb, 1, 7);
    expect(growth.ofEntry(310 * mb) / mb).toBe(210);
    growth.look(310 * mb, 2, 8);
    expect(growth.ofEntry(310 * mb) / mb).toBe(10);
  });

  it('remembers a bounded number of zones, the most grown among them', () => {
    const growth = createGrowth();
    growth.look(1 * mb, 1, 1);
    growth.look(50 * mb, 1, 2);
    for (let zone = 2; zone < 2_000; zone++) growth.look((50 + zone / 100) * mb, zone, zone + 1);
    expect(growth.largest()).toBe(1);
  });
});
