import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

const script = 'games/farmyard/scripts/chick.ts';

describe('a chick', () => {
  it('runs after the nearest hen', async () => {
    using yard = await simulate(script, { kinds: ['chicken'] });
    const hen = yard.place('chicken', { x: 5, y: 5 });
    const chick = yard.place('chick', { x: 15, y: 15 });
    yard.until(() => chick.distance(hen) < 2, { seconds: 30 });
  });

  it('is a hen after three minutes, and named after who filled the basket', async () => {
    using yard = await simulate(script, { kinds: ['chicken'] });
    const chick = yard.place('chick', { x: 10, y: 10, state: { by: 'Ann' } });
    yard.until(() => !chick.here, { seconds: 211 });
    expect(yard.the('chicken').name).toMatch(/^Ann's [A-Z]/);
    expect(yard.said.at(-1)?.text).toBe('Peep… bok?');
  });

  it('makes no seventeenth hen', async () => {
    using yard = await simulate(script, { kinds: [{ kind: 'chicken' }] });
    for (let n = 0; n < 16; n++) yard.place('chicken', { x: n, y: 1 });
    const chick = yard.place('chick', { x: 10, y: 10 });
    yard.until(() => !chick.here, { seconds: 211 });
    expect(yard.find('chicken')).toHaveLength(16);
  });
});
