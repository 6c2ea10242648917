import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

describe('a ball', () => {
  it('flies away from who kicks it, and comes to rest', async () => {
    using yard = await simulate('scripts/ball.ts', { width: 40 });
    const ball = yard.place('ball', { x: 10, y: 10 });
    yard.call(yard.join('Ann', { x: 9, y: 10 }), ball, 'kick');
    expect(ball.vx).toBeGreaterThan(7);
    expect(Math.abs(ball.vy)).toBeLessThan(1);
    expect(yard.effects).toMatchObject([{ of: ball, name: 'kick' }]);
    yard.until(() => ball.vx === 0, { seconds: 20 });
    expect(ball.x).toBeGreaterThan(16);
  });

  it('is kicked from close by only', async () => {
    using yard = await simulate('scripts/ball.ts');
    const ball = yard.place('ball', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 8, y: 10 });
    expect(() => yard.call(ann, ball, 'kick')).toThrow('object.too-far');
  });

  it('goes back to a place of the map, and stands still there', async () => {
    using yard = await simulate('scripts/ball.ts', { areas: { 'kick-off': { x: 4, y: 5 } } });
    const ball = yard.place('ball', { x: 10, y: 10 });
    yard.call(yard.join('Ann', { x: 9, y: 10 }), ball, 'kick');
    yard.send(ball, 'reset', { to: 'kick-off' });
    yard.seconds(1);
    expect(ball).toMatchObject({ x: 4, y: 5, vx: 0, vy: 0 });
    yard.send(ball, 'reset', { to: 'nowhere' });
    expect(ball).toMatchObject({ x: 4, y: 5 });
  });
});
