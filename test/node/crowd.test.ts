/** Views of many: as a player is told of them who stands in a crowd. */
import { expect, it } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { act, startTrial } from '../support/trial.ts';

const most = 10;

const game = {
  title: 'Trial',
  start: 'square',
  character: 'walker',
  zones: { square: { width: 60, height: 60, physics: false, view: { radius: 20, cell: 4, most } } },
};

const walker = `import { defineObject } from 'roost';

export default defineObject({
  methods: {
    at: {
      params: { x: 'number', y: 'number' },
      handle(self, { params }) {
        self.teleport(params.x, params.y);
      },
    },
  },
});
`;

const put = (client: TestClient, x: number, y = 30) => act(client, client.character, 'at', { x, y });

it('ZON-14 in a crowd each is told of so many of the nearest, himself among them, and who they are follows as people move', async () => {
  await using all = await startTrial(
    {},
    {
      'games/trial/game.json': JSON.stringify(game),
      'games/trial/scripts/walker.ts': walker,
    },
  );
  const { node } = all;
  const fox = await node.join('Fox', 'trial/square');
  const others = await Promise.all(Array.from({ length: 12 }, (_, i) => node.join(`Hare${i + 10}`, 'trial/square')));
  await put(fox, 30);
  for (const [i, hare] of others.entries()) await put(hare, 31 + i);
  const seen = () => [...fox.objects.keys()].sort();
  const nearest = (clients: readonly TestClient[]) => [fox, ...clients].map(({ character }) => character).sort();
  await fox.until(() => seen().join() === nearest(others.slice(0, most - 1)).join());
  // Those who are told of less are the same everywhere: nobody is ever told of more.
  for (const client of [fox, ...others]) expect(client.objects.size).toBeLessThanOrEqual(most);
  for (const hare of others) await hare.until(() => hare.objects.has(hare.character) && hare.objects.size === most);

  // The furthest comes near, the nearest goes far.
  const [first, last] = [others[0] as TestClient, others.at(-1) as TestClient];
  await put(last, 29);
  await put(first, 48);
  await fox.until(() => seen().join() === nearest([last, ...others.slice(1, most - 1)]).join());
  // He goes to the other end, and sees those who are nearest there.
  await put(fox, 47);
  await fox.until(() => seen().join() === nearest([first, ...others.slice(12 - most + 1, 11)]).join());
  // Where there is room again, all who are in view are told.
  await Promise.all(others.slice(1, 6).map((hare) => hare.call('zone.leave')));
  await fox.until(() => seen().join() === nearest([first, last, ...others.slice(6, 11)]).join());
});
