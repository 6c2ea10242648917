import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

const script = 'games/farmyard/scripts/farmhand.ts';

describe('the farmhand', () => {
  it('asks for an egg, remembers the promise, and gives a hat for it', async () => {
    using yard = await simulate(script, { kinds: ['egg', 'farmer'] });
    const wilma = yard.place('farmhand', { x: 10, y: 10, name: 'Wilma' });
    const ann = yard.join('Ann', { x: 11, y: 10 });
    yard.activate(ann, wilma);
    expect(yard.asked(ann)).toMatchObject([{ from: wilma, name: 'work', choices: ['Gladly', 'Not now'] }]);
    expect(yard.answer(ann, wilma, 'work', 'Gladly')).toContain('Good soul');
    expect(yard.activate(ann, wilma)).toContain('No egg yet');
    yard.place('egg', { inside: ann });
    expect(yard.activate(ann, wilma)).toContain('Still warm');
    yard.tick();
    expect(ann.state.hat).toBe('flowers');
    expect(yard.activate(ann, wilma)).toContain('Visit number 4');
    expect(wilma.memory(ann)).toEqual({ visits: 4, promised: true, helped: true });
  });

  it('takes no answer that she did not ask for', async () => {
    using yard = await simulate(script);
    const wilma = yard.place('farmhand', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 11, y: 10 });
    expect(() => yard.answer(ann, wilma, 'work', 'Gladly')).toThrow('object.bad-params');
  });

  it('goes about her chores, and stops for company', async () => {
    const areas = Object.fromEntries([1, 2, 3, 4].map((n) => [`chore-${n}`, { x: 4 * n, y: 4 }]));
    using yard = await simulate(script, { areas, world: { night: false } });
    const wilma = yard.place('farmhand', { x: 10, y: 10 });
    yard.until(() => wilma.secret.resting, { seconds: 30 });
    expect(wilma.distance({ x: 4, y: 4 })).toBeLessThan(0.5);
    yard.until(() => !wilma.secret.resting, { seconds: 10 });
    yard.join('Ann', { x: wilma.x + 1, y: wilma.y });
    yard.seconds(1);
    const { x, y } = wilma;
    yard.seconds(3);
    expect(wilma.distance({ x, y })).toBeLessThan(0.1);
  });
});
