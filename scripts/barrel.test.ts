import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

describe('a barrel', () => {
  it('is heavier than a crate: the same push moves it less', async () => {
    using yard = await simulate('scripts/barrel.ts', { kinds: ['crate'] });
    const pushed = ['barrel', 'crate'].map((kind, row) => {
      const thing = yard.place(kind, { x: 10, y: 5 + 10 * row });
      const ann = yard.join(`Ann${row}`, { x: 9, y: 5 + 10 * row });
      yard.input(ann, { x: 1, y: 0 });
      yard.seconds(1);
      yard.input(ann, { x: 0, y: 0 });
      return thing.x - 10;
    });
    const [barrel = 0, crate = 0] = pushed;
    expect(barrel).toBeGreaterThan(0.3);
    expect(barrel).toBeLessThan(crate);
  });

  it('has somebody in it', async () => {
    using yard = await simulate('scripts/barrel.ts');
    const barrel = yard.place('barrel', { x: 10, y: 10 });
    expect(yard.activate(yard.join('Ann', { x: 9, y: 10 }), barrel)).toContain('tadpole');
  });
});
