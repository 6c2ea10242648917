import { type Simulation, simulate, type Thing } from 'roost/testing';
import { describe, expect, it } from 'vitest';

const script = 'games/farmyard/scripts/basket.ts';

/** Fills the basket egg by egg, as one who carries six at a time. */
function bring(yard: Simulation, ann: Thing, basket: Thing, eggs: number): unknown {
  let answer: unknown;
  for (let left = eggs; left > 0; left -= 6) {
    for (let n = 0; n < Math.min(6, left); n++) yard.place('egg', { inside: ann });
    answer = yard.call(ann, basket, 'put');
  }
  return answer;
}

describe('the egg basket', () => {
  it('takes all eggs that somebody carries, and counts', async () => {
    using yard = await simulate(script, { kinds: ['egg'] });
    const basket = yard.place('basket', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 9, y: 10 });
    expect(yard.call(ann, basket, 'put')).toContain('Bring an egg');
    expect(bring(yard, ann, basket, 2)).toBe('2 of 24.');
    expect(ann.contents()).toEqual([]);
    expect(basket.contents('egg')).toHaveLength(2);
    expect(yard.activate(ann, basket)).toBe('2 eggs so far. 22 more, and something happens.');
  });

  it('gives a party with chicks when it is full, and is empty again', async () => {
    using yard = await simulate(script, { kinds: ['egg', 'chick', 'chicken'] });
    const basket = yard.place('basket', { x: 10, y: 10 });
    const hen = yard.place('chicken', { x: 5, y: 5 });
    const ann = yard.join('Ann', { x: 9, y: 10 });
    bring(yard, ann, basket, 24);
    expect(yard.emitted).toMatchObject([{ name: 'party', data: { by: 'Ann', x: 10, y: 10 } }]);
    expect(yard.find('chick').map(({ state }) => state.by)).toEqual(Array(5).fill('Ann'));
    yard.tick();
    expect(yard.effects).toContainEqual(expect.objectContaining({ of: hen, name: 'hop' }));
    expect(basket).toMatchObject({ state: { eggs: 0 } });
    expect(yard.find('egg')).toEqual([]);
  });
});
