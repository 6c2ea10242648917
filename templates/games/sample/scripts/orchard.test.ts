import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

// Scripts in the real sandbox, without a server. `kinds` are the other scripts that take part.
const tree = new URL('./tree.ts', import.meta.url);
const zone = new URL('../zones/orchard.ts', import.meta.url);

describe('an apple tree', () => {
  it('drops one apple, and needs a while for the next', async () => {
    using yard = await simulate(tree, { kinds: ['apple'] });
    const [oak, ann] = [yard.place('tree', { x: 10, y: 10 }), yard.join('Ann', { x: 9, y: 10 })];
    yard.activate(ann, oak);
    expect(yard.activate(ann, oak)).toContain('leaves');
    expect(yard.find('apple')).toHaveLength(1);
    yard.seconds(3);
    yard.activate(ann, oak);
    expect(yard.find('apple')).toHaveLength(2);
  });

  it('drops none when there are enough', async () => {
    using yard = await simulate(tree, { kinds: ['apple'], settings: { mostApples: 1 } });
    const [oak, ann] = [yard.place('tree', { x: 10, y: 10 }), yard.join('Ann', { x: 9, y: 10 })];
    yard.place('apple', { x: 3, y: 3 });
    expect(yard.activate(ann, oak)).toContain('enough');
  });
});

describe('an apple', () => {
  it('is carried by one, eaten, and counted', async () => {
    using yard = await simulate(tree, { kinds: ['apple', zone] });
    const [ann, bob] = [yard.join('Ann', { x: 9, y: 10 }), yard.join('Bob', { x: 11, y: 10 })];
    const apple = yard.place('apple', { x: 10, y: 10 });
    yard.activate(ann, apple);
    expect(yard.activate(bob, apple)).toBe('Somebody was quicker.');
    expect(yard.call(ann, ann, 'eat')).toBe('Number 1. Crisp!');
    expect(apple.here).toBe(false);
    expect(yard.world.eaten).toBe(1);
  });
});

describe('the orchard', () => {
  it('has its trees, and greets who comes', async () => {
    using yard = await simulate({ game: 'sample', zone: 'orchard' });
    expect(yard.find('tree')).toHaveLength(4);
    yard.join('Ann');
    expect(yard.emitted).toMatchObject([{ name: 'welcome', data: { name: 'Ann', eaten: 0 } }]);
  });
});
