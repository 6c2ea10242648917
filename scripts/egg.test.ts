import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

describe('an egg', () => {
  it('is picked up by who is quicker, and is never there twice', async () => {
    using yard = await simulate('scripts/egg.ts');
    const egg = yard.place('egg', { x: 10, y: 10 });
    const [ann, bob] = [yard.join('Ann', { x: 9, y: 10 }), yard.join('Bob', { x: 11, y: 10 })];
    expect(yard.call(ann, egg, 'take')).toBeNull();
    expect(yard.call(bob, egg, 'take')).toBe('Somebody was quicker.');
    expect(ann.contents('egg')).toEqual([egg]);
    expect(bob.contents()).toEqual([]);
    expect(yard.find('egg')).toEqual([egg]);
  });

  it('stays where it is when the arms are full', async () => {
    const player = "import { defineObject } from 'roost';\nexport default defineObject({ contains: { max: 1 } });";
    using yard = await simulate('scripts/egg.ts', { kinds: [{ kind: 'player', script: player }] });
    const ann = yard.join('Ann', { x: 10, y: 10 });
    yard.place('egg', { inside: ann });
    const egg = yard.place('egg', { x: 11, y: 10 });
    expect(yard.call(ann, egg, 'take')).toBe('Your arms are full.');
    expect(egg.holder).toBeNull();
  });

  it('falls to the ground when who carries it goes', async () => {
    using yard = await simulate('scripts/egg.ts');
    const ann = yard.join('Ann', { x: 10, y: 10 });
    const egg = yard.place('egg', { inside: ann });
    yard.leave(ann);
    expect(egg.holder).toBeNull();
    expect(egg.distance({ x: 10, y: 10 })).toBeLessThan(1);
  });
});
