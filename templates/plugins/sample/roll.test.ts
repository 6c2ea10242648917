import { startNode } from 'roost/testing';
import { describe, expect, it } from 'vitest';

// Plugins are tried on a real node, with a database of its own that is gone afterwards.
describe('sample.roll', () => {
  it('rolls a die of the size that is asked for', async () => {
    await using node = await startNode();
    expect(await node.call('sample.roll')).toEqual({ rolled: expect.any(Number) });
    expect(await node.call('sample.roll', { sides: 2 })).toMatchObject({ rolled: expect.toBeOneOf([1, 2]) });
    await expect(node.call('sample.roll', { sides: 13 })).rejects.toThrow('sample.unlucky');
    await expect(node.call('sample.roll', { sides: 'many' })).rejects.toThrow('call.bad-params');
  });

  it('is heard by who stands near', async () => {
    await using node = await startNode();
    const [ann, bob] = [await node.join('Ann'), await node.join('Bob')];
    const heard = new Promise<string>((done) => bob.on('say', ({ text }) => done(text)));
    await ann.call('sample.roll', { sides: 20 });
    expect(await heard).toMatch(/^rolls \d+ of 20$/);
  });
});
