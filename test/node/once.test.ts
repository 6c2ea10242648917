/** What a zone's own script offers, called like an object's; and calls that happen once. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTestNode } from '../support/node.ts';

const zoneScript = `
import { defineZone } from 'roost';

export default defineZone({
  state: { rung: 0 },
  methods: {
    ring: { durable: true, params: { times: 'integer' }, handle(world, { by, params }) {
      world.state.rung += params.times;
      return { by: by.name, rung: world.state.rung };
    } },
  },
});
`;

/** A folder with the game `bells`, removed at the end. */
async function createBells(): Promise<{ root: string } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'roost-root-'));
  const game = join(root, 'games/bells');
  await mkdir(join(game, 'zones'), { recursive: true });
  await writeFile(join(game, 'zones/tower.ts'), zoneScript);
  const zones = { tower: { width: 10, height: 10 }, yard: { width: 10, height: 10 } };
  await writeFile(
    join(game, 'game.json'),
    JSON.stringify({ title: 'Bells', start: 'tower', character: 'ringer', zones }),
  );
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

const ring = { id: 'bells/tower', method: 'ring', params: { times: 2 }, once: 'first' };

it('a method of the zone’s script is called with the zone’s id, by whoever is in it, once', async () => {
  await using bells = await createBells();
  await using node = await startTestNode({ roots: [bells.root], game: 'bells' });
  const fox = await node.join('Fox', 'bells/tower');
  const hare = await node.join('Hare', 'bells/yard');

  expect(await fox.call('object.call', ring)).toMatchObject({ result: { by: 'Fox', rung: 2 } });
  expect(await fox.call('object.call', ring)).toMatchObject({ result: { by: 'Fox', rung: 2 } });
  await fox.until(() => fox.world.rung === 2);
  await expect(fox.call('object.call', { id: 'bells/tower', method: 'knock' })).rejects.toMatchObject({
    code: 'object.unknown-method',
  });
  await expect(hare.call('object.call', ring)).rejects.toMatchObject({ code: 'object.not-found' });
});

it('a guest who shows the token of before a kill -9 is the same owner: what was done once stays done once', async () => {
  await using bells = await createBells();
  await using node = await startTestNode({ roots: [bells.root], game: 'bells' });
  const before = await node.join('Fox', 'bells/tower');
  const first = await before.call('object.call', ring);
  const { resume } = before;
  before.close();
  await node.restart('SIGKILL');

  const again = await node.connect({ resume });
  await again.enter('bells/tower', 'Fox');
  expect(await again.call('object.call', ring)).toEqual(first);
  expect(again.world.rung).toBe(2);

  const stranger = await node.connect({ resume });
  await stranger.enter('bells/tower', 'Wolf');
  expect(await stranger.call('object.call', ring)).toMatchObject({ result: { by: 'Wolf', rung: 4 } });
});
