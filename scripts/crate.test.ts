import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

describe('a crate', () => {
  it('is pushed by who walks into it, and stays there', async () => {
    using yard = await simulate('scripts/crate.ts');
    const crate = yard.place('crate', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 9, y: 10 });
    yard.input(ann, { x: 1, y: 0 });
    yard.seconds(1.5);
    yard.input(ann, { x: 0, y: 0 });
    yard.seconds(2);
    expect(crate.x).toBeGreaterThan(11);
    expect(crate).toMatchObject({ vx: 0, vy: 0 });
  });

  it('makes room for another that is put onto it', async () => {
    using yard = await simulate('scripts/crate.ts');
    const one = yard.place('crate', { x: 10, y: 10 });
    const two = yard.place('crate', { x: 10.2, y: 10 });
    yard.seconds(3);
    expect(one.distance(two)).toBeGreaterThan(0.85);
  });

  it('does not pass a wall', async () => {
    const wall = [
      { x: 12, y: 0 },
      { x: 12, y: 20 },
    ];
    using yard = await simulate('scripts/crate.ts', { walls: [wall] });
    const crate = yard.place('crate', { x: 11, y: 10 });
    const ann = yard.join('Ann', { x: 10, y: 10 });
    yard.input(ann, { x: 1, y: 0 });
    yard.seconds(3);
    expect(crate.x).toBeLessThan(11.7);
  });
});
