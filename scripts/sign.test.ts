import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

describe('a sign', () => {
  it('says what its map has written on it', async () => {
    using yard = await simulate('scripts/sign.ts');
    const sign = yard.place('sign', { x: 10, y: 10, state: { text: 'To the barn' } });
    const ann = yard.join('Ann', { x: 9, y: 10 });
    expect(yard.activate(ann, sign)).toBe('To the barn');
  });

  it('without a text was left in the rain', async () => {
    using yard = await simulate('scripts/sign.ts');
    const sign = yard.place('sign', { x: 10, y: 10 });
    expect(yard.activate(yard.join('Ann', { x: 9, y: 10 }), sign)).toContain('rain');
  });

  it('cannot be read from afar', async () => {
    using yard = await simulate('scripts/sign.ts');
    const sign = yard.place('sign', { x: 10, y: 10 });
    const ann = yard.join('Ann', { x: 5, y: 10 });
    expect(() => yard.activate(ann, sign)).toThrow('object.too-far');
  });
});
