import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

// The script in the real sandbox, without a server: `roost test --watch` runs this again as you save.
const script = new URL('./sample.ts', import.meta.url);

describe('a sample', () => {
  it('counts its pats', async () => {
    using yard = await simulate(script);
    const one = yard.place('sample', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 9, y: 10 });
    expect(yard.activate(ann, one)).toBe('It looks up.');
    expect(yard.activate(ann, one)).toBe('It has been patted 2 times.');
    expect(one.state.pats).toBe(2);
  });

  it('gets a name from who calls it', async () => {
    using yard = await simulate(script);
    const one = yard.place('sample', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 5, y: 10 });
    yard.call(ann, one, 'call', { name: 'Kim' });
    expect(one.name).toBe('Kim');
    expect(() => yard.call(ann, one, 'call')).toThrow('object.bad-params');
  });

  it('hums every eight seconds and stays about its home', async () => {
    using yard = await simulate(script);
    const one = yard.place('sample', { x: 10, y: 10 });
    yard.seconds(60);
    expect(yard.said).toHaveLength(7);
    expect(one.distance({ x: 10, y: 10 })).toBeLessThan(5);
  });
});
