import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

const script = 'games/farmyard/scripts/farmer.ts';

describe('a farmer', () => {
  it('walks until told otherwise, faster when running, and no faster on the diagonal', async () => {
    using yard = await simulate(script, { width: 100, height: 100 });
    const ann = yard.join('Ann', { x: 10, y: 10 });
    const speeds = [
      { x: 1, y: 0, run: false },
      { x: 1, y: 1, run: false },
      { x: 1, y: 0, run: true },
    ].map((input) => {
      yard.input(ann, input);
      yard.seconds(1);
      return Math.hypot(ann.vx, ann.vy);
    });
    expect(speeds[0]).toBeCloseTo(3.2, 0);
    expect(speeds[1]).toBeCloseTo(3.2, 0);
    expect(speeds[2]).toBeCloseTo(5.6, 0);
  });

  it('stands when the connection breaks', async () => {
    using yard = await simulate(script);
    const ann = yard.join('Ann', { x: 5, y: 10 });
    yard.input(ann, { x: 1, y: 0 });
    yard.connect(ann, false);
    const { x } = ann;
    yard.seconds(2);
    expect(ann.x - x).toBeLessThan(0.5);
  });

  it('carries six things and puts them down', async () => {
    using yard = await simulate(script, { kinds: ['egg'] });
    const ann = yard.join('Ann', { x: 10, y: 10 });
    for (let n = 0; n < 6; n++) yard.place('egg', { inside: ann });
    expect(ann.contents('egg')).toHaveLength(6);
    const seventh = yard.place('egg', { x: 11, y: 10 });
    expect(yard.call(ann, seventh, 'take')).toBe('Your arms are full.');
    yard.call(ann, ann, 'drop');
    expect(ann.contents()).toEqual([]);
  });

  it('gestures, and animals answer', async () => {
    using yard = await simulate(script, { kinds: ['chicken'] });
    const ann = yard.join('Ann', { x: 10, y: 10 });
    const hen = yard.place('chicken', { x: 12, y: 10 });
    yard.call(ann, ann, 'gesture', { name: 'dance' });
    expect(yard.messages).toMatchObject([{ from: ann, to: hen, name: 'dance' }]);
    expect(yard.call(ann, ann, 'gesture', { name: 'fly' })).toContain('silly');
  });

  it('is steered by nobody else', async () => {
    using yard = await simulate(script);
    const [ann, bob] = [yard.join('Ann', { x: 10, y: 10 }), yard.join('Bob', { x: 11, y: 10 })];
    expect(() => yard.call(bob, ann, 'drop')).toThrow('object.forbidden');
  });
});
