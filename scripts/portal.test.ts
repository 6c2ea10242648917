import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

const state = { to: 'farmyard/barn', at: 'door' };

describe('a portal', () => {
  it('sends who steps in where the map says, with what they carry', async () => {
    using yard = await simulate('scripts/portal.ts', { kinds: ['egg'] });
    yard.place('portal', { x: 10, y: 10, state });
    const ann = yard.join('Ann', { x: 10, y: 12 });
    const egg = yard.place('egg', { inside: ann });
    yard.input(ann, { x: 0, y: -1 });
    yard.until(() => yard.departures.length > 0, { seconds: 5 });
    expect(yard.departures).toMatchObject([{ who: ann, zone: 'farmyard/barn', at: 'door' }]);
    yard.tick();
    expect([ann.here, egg.here]).toEqual([false, false]);
  });

  it('moves no things, and nobody while it leads nowhere', async () => {
    using yard = await simulate('scripts/portal.ts', { kinds: ['crate'] });
    yard.place('portal', { x: 5, y: 10, state });
    yard.place('portal', { x: 15, y: 10 });
    yard.place('crate', { x: 5, y: 10 });
    const ann = yard.join('Ann', { x: 15, y: 10 });
    yard.seconds(1);
    expect(yard.departures).toEqual([]);
    expect(ann.here).toBe(true);
  });
});
