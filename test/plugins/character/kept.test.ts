import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConnection } from '../../../core/store/connection.ts';
import type { TestClient } from '../../support/client.ts';
import { trialFiles } from '../../support/trial.ts';
import { startParty } from './party.ts';

const named = (client: TestClient, name: string) => [...client.objects.values()].filter((one) => one.name === name);
const gameFile = 'games/trial/game.json';
const game = JSON.parse(trialFiles[gameFile] as string) as { zones: Record<string, object>; character: string };
const walkerFile = 'games/trial/scripts/walker.ts';
const walker = trialFiles[walkerFile] as string;
const timeout = 240_000;

/** Enters, and has a coin: on disk when it resolves. */
async function settleIn(client: TestClient, zone: string) {
  const { character } = await client.enter(zone);
  const { result: coin } = await client.call<{ result: string }>('object.call', { id: character, method: 'coin' });
  return { character, coin };
}

describe('a character of an account', () => {
  it(
    'CHR-05 leaves a zone that its game declares no more while it runs there, and is in one place',
    async () => {
      await using party = await startParty();
      const { client: bob } = await party.join('bob', 'Hare');
      await bob.enter('trial/yard');
      const { client: ann } = await party.join('ann', 'Fox');
      const { character, coin } = await settleIn(ann, 'trial/yard');
      await bob.until(() => named(bob, 'Fox').length === 1);
      const { cave, cell } = game.zones;
      await party.trial.write(gameFile, JSON.stringify({ ...game, start: 'cave', zones: { cave, cell } }));
      await party.node.logged(({ msg, zone }) => msg === 'zone keeps its old content' && zone === 'trial/yard');
      await ann.call('zone.leave');
      await bob.until(() => named(bob, 'Fox').length === 0);
      expect(await party.bodies('Fox')).toEqual([['Fox', 'away:trial/yard']]);
      expect(await ann.enter('trial/cave')).toMatchObject({ character });
      expect(await ann.call('object.call', { id: character, method: 'where' })).toMatchObject({
        result: { zone: 'trial/cave', coins: [coin] },
      });
      expect(await party.bodies('Fox')).toEqual([['Fox', 'trial/cave']]);
    },
    timeout,
  );

  it(
    'CHR-05 gets out of a zone that cannot start any more, with what it holds',
    async () => {
      await using party = await startParty();
      const { client, token } = await party.join('ann', 'Fox');
      const { character, coin } = await settleIn(client, 'trial/yard');
      client.close();
      await party.node.kill('SIGKILL');
      const connection = await openConnection(join(party.node.data, 'roost.db'), []);
      await connection.all(`update zones set state = '{' where id = 'trial/yard'`);
      await connection.close();
      await party.node.start();
      expect(await party.bodies('Fox')).toEqual([['Fox', 'trial/yard']]);
      const ann = await party.node.connect({ token });
      await expect(ann.call('zone.enter', { zone: 'trial/yard', name: 'Fox' })).rejects.toMatchObject({
        code: 'zone.failed',
      });
      expect(await ann.enter('trial/cave', 'Fox')).toMatchObject({ character });
      expect(await ann.call('object.call', { id: character, method: 'where' })).toMatchObject({
        result: { zone: 'trial/cave', coins: [coin] },
      });
      expect(await party.bodies('Fox')).toEqual([['Fox', 'trial/cave']]);
    },
    timeout,
  );

  it(
    'CHR-05 comes back into a full zone where one whose connection is lost gives way, as guests do',
    async () => {
      await using party = await startParty();
      const { client: bob } = await party.join('bob', 'Hare');
      const { character } = await bob.enter('trial/yard');
      const { client: ann } = await party.join('ann', 'Fox');
      await ann.enter('trial/cell');
      await expect(bob.call('zone.enter', { zone: 'trial/cell' })).rejects.toMatchObject({ code: 'zone.full' });
      ann.close();
      await expect.poll(() => bob.call('zone.enter', { zone: 'trial/cell' })).toMatchObject({ character });
      await bob.until(() => named(bob, 'Fox').length === 0);
      // Who gives way makes room at once, and its row follows.
      await expect
        .poll(() => party.bodies('Fox', 'Hare'), { timeout })
        .toEqual([
          ['Fox', 'away:trial/cell'],
          ['Hare', 'trial/cell'],
        ]);
    },
    timeout,
  );

  it(
    'CHR-05 is the same when its game plays another kind, which it is from then on',
    async () => {
      await using party = await startParty({}, { 'games/trial/scripts/hero.ts': walker });
      const { client, token } = await party.join('ann', 'Fox');
      const { client: bob, token: bobs } = await party.join('bob', 'Hare');
      // One is away when that is changed, one stands there.
      const hare = await settleIn(bob, 'trial/yard');
      await bob.call('zone.leave');
      const fox = await settleIn(client, 'trial/yard');
      await party.trial.write(gameFile, JSON.stringify({ ...game, character: 'hero' }));
      await party.node.restart();
      for (const former of [client, bob]) former.close();
      const ann = await party.node.connect({ token });
      for (const zone of ['trial/yard', 'trial/cave']) {
        expect(await ann.enter(zone, 'Fox')).toMatchObject({ character: fox.character });
        expect(named(ann, 'Fox')).toMatchObject([{ id: fox.character, kind: 'hero' }]);
        expect(await ann.call('object.call', { id: fox.character, method: 'where' })).toMatchObject({
          result: { zone, coins: [fox.coin] },
        });
      }
      const again = await party.node.connect({ token: bobs });
      expect(await again.enter('trial/cave', 'Hare')).toMatchObject({ character: hare.character });
      expect(await party.bodies('Fox', 'Hare')).toEqual([
        ['Fox', 'trial/cave'],
        ['Hare', 'trial/cave'],
      ]);
    },
    timeout,
  );

  it(
    'CHR-05 is one: a script makes nobody a second',
    async () => {
      const twin = `twin: {
      durable: true,
      params: { owned: 'boolean' },
      handle(self, { params, world }) {
        return world.spawn('walker', { at: self, ...(params.owned ? { owner: self } : {}) }).id;
      },
    },
    coin: {`;
      await using party = await startParty({}, { [walkerFile]: walker.replace('coin: {', twin) });
      const { client: ann } = await party.join('ann', 'Fox');
      const { character: id } = await ann.enter('trial/yard');
      const twice = (owned: boolean) => ann.call('object.call', { id, method: 'twin', params: { owned } });
      await expect(twice(true)).rejects.toMatchObject({ code: 'object.failed' });
      expect(await twice(false)).toMatchObject({ result: expect.any(String) });
      expect(await party.bodies('Fox', '')).toEqual([['Fox', 'trial/yard']]);
      await ann.call('zone.leave');
      expect(await ann.enter('trial/yard')).toMatchObject({ character: id });
    },
    timeout,
  );
});
