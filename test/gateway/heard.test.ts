import { expect, it } from 'vitest';
import type { Line } from '../../core/contract/link.ts';
import { Player } from '../../core/gateway/player.ts';

const line = (at: number, player: boolean): Line => ({
  ...{ from: '0001000000000001', name: player ? 'Fox' : 'Berta', x: 0, y: 0, text: `${at}`, at, player },
});

it('CHT-02 of what objects say the newest thousand is kept, and pushes out no word of a player', () => {
  const player = new Player('guest:0000000000000000', 0);
  for (let at = 0; at < 3_000; at++) player.hear(line(at, at % 1_000 === 7));
  const heard = player.heard(undefined);
  expect(heard.filter((one) => one.player).map(({ at }) => at)).toEqual([7, 1_007, 2_007]);
  const objects = heard.filter((one) => !one.player);
  expect([objects.length, objects[0]?.at, objects.at(-1)?.at]).toEqual([1_000, 1_999, 2_999]);
  expect(heard.map(({ at }) => at)).toEqual(heard.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(player.heard(2_998).map(({ at }) => at)).toEqual([2_998, 2_999]);
});
