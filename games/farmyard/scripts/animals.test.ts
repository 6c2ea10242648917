import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

describe('the cow', () => {
  it('counts the pats of each', async () => {
    using yard = await simulate('games/farmyard/scripts/cow.ts');
    const cow = yard.place('cow', { x: 10, y: 10, name: 'Berta' });
    const [ann, bob] = [yard.join('Ann', { x: 10, y: 8 }), yard.join('Bob', { x: 10, y: 12 })];
    expect(yard.activate(ann, cow)).toBe('Berta leans into your hand.');
    expect(yard.activate(ann, cow)).toBe('2 pats. Berta has counted, too.');
    expect(yard.activate(bob, cow)).toBe('Berta leans into your hand.');
    expect(yard.said.map(({ text }) => text)).toEqual(['Moooo.', 'Moooo.', 'Moooo.']);
  });
});

describe('a duck', () => {
  it('stays on its pond and quacks', async () => {
    const pond = { x: 10, y: 10, width: 6, height: 6 };
    using yard = await simulate('games/farmyard/scripts/duck.ts', { areas: { pond } });
    const duck = yard.place('duck', { x: 10, y: 10 });
    yard.seconds(60);
    expect(duck.distance(pond)).toBeLessThan(4.5);
    expect(yard.said.length).toBeGreaterThanOrEqual(3);
    expect(yard.call(yard.join('Ann', { x: duck.x + 1, y: duck.y }), duck, 'feed')).toBeNull();
  });
});

describe('the rooster', () => {
  it('crows when the night is over, and not before', async () => {
    using yard = await simulate('games/farmyard/scripts/rooster.ts', { world: { night: true } });
    yard.place('rooster', { x: 10, y: 10 });
    yard.seconds(100);
    expect(yard.said).toEqual([]);
    yard.restart({ world: { night: false } });
    yard.seconds(1);
    expect(yard.said.map(({ text }) => text)).toEqual(['Cock-a-doodle-doo!']);
  });
});

describe('a bale of hay', () => {
  it('is pushed', async () => {
    using yard = await simulate('games/farmyard/scripts/hay.ts');
    const hay = yard.place('hay', { x: 10, y: 10 });
    yard.input(yard.join('Ann', { x: 9, y: 10 }), { x: 1, y: 0 });
    yard.seconds(2);
    expect(hay.x).toBeGreaterThan(10.5);
  });
});
