import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';
import { clucks, frights, greetings } from './hens/lines.ts';

const script = 'scripts/chicken.ts';
const fox = { kind: 'fox', body: { shape: 'circle', radius: 0.3 }, state: { asleep: false } } as const;

describe('a hen', () => {
  it('pecks at what she is fed, and likes the giver the first time', async () => {
    using yard = await simulate(script);
    const hen = yard.place('chicken', { x: 5, y: 5, name: 'Berta' });
    const ann = yard.join('Ann', { x: 6, y: 5 });
    expect(yard.call(ann, hen, 'feed')).toBe('Berta likes you, and comes along.');
    expect(yard.effects).toMatchObject([{ of: hen, name: 'grain', data: { by: ann.id } }]);
    expect(yard.call(ann, hen, 'feed')).toBe('One beak at a time!');
    yard.seconds(1);
    expect(yard.call(ann, hen, 'feed')).toBeNull();
  });

  it('is fed from near by only', async () => {
    using yard = await simulate(script);
    const hen = yard.place('chicken', { x: 5, y: 5 });
    const ann = yard.join('Ann', { x: 10, y: 5 });
    expect(() => yard.call(ann, hen, 'feed')).toThrow('object.too-far');
  });

  it('follows who feeds her for half a minute, then forgets', async () => {
    using yard = await simulate(script);
    const hen = yard.place('chicken', { x: 5, y: 5 });
    const ann = yard.join('Ann', { x: 6, y: 5 });
    yard.call(ann, hen, 'feed');
    yard.input(ann, { x: 1, y: 0 });
    yard.seconds(2);
    yard.input(ann, { x: 0, y: 0 });
    yard.until(() => hen.distance(ann) < 1.2, { seconds: 10 });
    expect(hen.x).toBeGreaterThan(8);
    yard.until(() => hen.state.friend === null, { seconds: 30 });
  });

  it('lays an egg five seconds after a meal, and says so', async () => {
    using yard = await simulate(script, { kinds: ['egg'] });
    const hen = yard.place('chicken', { x: 5, y: 5 });
    yard.call(yard.join('Ann', { x: 6, y: 5 }), hen, 'feed');
    yard.seconds(4.9);
    expect(yard.find('egg')).toEqual([]);
    yard.seconds(0.2);
    expect(yard.the('egg').distance(hen)).toBeLessThan(1.5);
    expect(yard.said.at(-1)?.text).toContain('bagaaawk');
  });

  it('lays no more when twelve eggs lie about, unless she was fed', async () => {
    using yard = await simulate(script, { kinds: ['egg'] });
    const hen = yard.place('chicken', { x: 5, y: 5 });
    for (let n = 0; n < 12; n++) yard.place('egg', { x: 1 + n, y: 18 });
    yard.seconds(200);
    expect(yard.find('egg')).toHaveLength(12);
    yard.call(yard.join('Ann', { x: hen.x + 1, y: hen.y }), hen, 'feed');
    yard.seconds(6);
    expect(yard.find('egg')).toHaveLength(13);
  });

  it('clucks now and then, and stays about her home', async () => {
    using yard = await simulate(script);
    const hen = yard.place('chicken', { x: 10, y: 10 });
    for (let minute = 0; minute < 3; minute++) {
      yard.seconds(60);
      expect(hen.distance({ x: 10, y: 10 })).toBeLessThan(7);
    }
    const spoken = yard.said.filter(({ text }) => clucks.includes(text));
    expect(spoken.length).toBeGreaterThanOrEqual(14);
  });

  it('is frightened when somebody bumps into her, once in four seconds', async () => {
    using yard = await simulate(script);
    const hen = yard.place('chicken', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 10.5, y: 10 });
    yard.until(() => {
      yard.input(ann, { x: hen.x - ann.x, y: hen.y - ann.y });
      return yard.effects.some(({ name }) => name === 'bump');
    });
    expect(frights).toContain(yard.said.at(-1)?.text);
    yard.input(ann, { x: 0, y: 0 });
    expect(yard.effects.filter(({ name }) => name === 'bump')).toHaveLength(1);
  });

  it('greets who comes in beside her, and nobody else', async () => {
    using yard = await simulate(script);
    const hen = yard.place('chicken', { x: 5, y: 5 });
    yard.join('Far', { x: 15, y: 15 });
    yard.seconds(1);
    expect(hen.state.friend).toBeNull();
    const near = yard.join('Near', { x: 6, y: 5 });
    expect(hen.state.friend).toBe(near.id);
    yard.seconds(1);
    expect(greetings).toContain(yard.said.at(-1)?.text);
  });

  it('runs from a fox that is awake', async () => {
    using yard = await simulate(script, { kinds: [fox] });
    const hen = yard.place('chicken', { x: 10, y: 10 });
    const hunter = yard.place('fox', { x: 12, y: 10, state: { asleep: false } });
    yard.seconds(2);
    expect(hen.distance(hunter)).toBeGreaterThan(4.5);
    expect(frights).toContain(yard.said[0]?.text);
  });

  it('lets a sleeping fox lie', async () => {
    using yard = await simulate(script, { kinds: [fox] });
    const hen = yard.place('chicken', { x: 10, y: 10 });
    yard.place('fox', { x: 12, y: 10, state: { asleep: true } });
    yard.seconds(1);
    expect(hen.x).toBeGreaterThan(9);
    expect(yard.said.filter(({ text }) => frights.includes(text))).toEqual([]);
  });

  it('is caught by who has her by the tail, once', async () => {
    using yard = await simulate(script, { kinds: [fox] });
    const hen = yard.place('chicken', { x: 10, y: 10 });
    const [first, second] = [yard.place('fox', { x: 11, y: 10 }), yard.place('fox', { x: 9, y: 10 })];
    yard.send(hen, 'caught', null, first);
    yard.send(hen, 'caught', null, second);
    expect(hen.holder).toBe(first);
    expect(yard.effects.filter(({ name }) => name === 'feathers')).toHaveLength(1);
  });

  it('hops four times when she is asked to dance', async () => {
    using yard = await simulate(script);
    yard.send(yard.place('chicken'), 'dance');
    expect(yard.effects).toMatchObject([{ name: 'hop', data: { times: 4 } }]);
  });

  it('remembers her friend over a restart and a new build', async () => {
    using yard = await simulate(script);
    const hen = yard.place('chicken', { x: 5, y: 5 });
    const ann = yard.join('Ann', { x: 6, y: 5 });
    yard.call(ann, hen, 'feed');
    const before = hen.timers.forget?.in ?? 0;
    yard.restart();
    yard.reload();
    expect(hen.state.friend).toBe(ann.id);
    expect(before - (hen.timers.forget?.in ?? 0)).toBeCloseTo(0.1);
  });
});
