import { expect, it } from 'vitest';
import { startParty } from './party.ts';

it('CHR-05 a character that comes and goes while workers and the node die is in one place, with what it holds', async () => {
  await using party = await startParty();
  const { client, token } = await party.join('ann', 'Fox');
  let ann = client;
  const { character } = await ann.enter('trial/yard');
  const { result: coin } = await ann.call<{ result: string }>('object.call', { id: character, method: 'coin' });
  /** Comes back in, however long the zone takes to recover. */
  const comeBack = async (zone: string) => {
    for (;;) {
      const entered = await ann.call<{ character: string }>('zone.enter', { zone }).catch(() => undefined);
      if (entered) return entered;
      await new Promise((next) => setTimeout(next, 300));
    }
  };
  for (let round = 0; round < 8; round++) {
    const calls = Promise.allSettled([
      ann.call('zone.enter', { zone: 'trial/cave' }),
      ...(round % 2 === 0 ? [ann.call('zone.leave')] : []),
      ann.call('zone.enter', { zone: 'trial/yard' }),
    ]);
    // In the midst of it, each time a little later.
    for (let turn = 0; turn < round * 2; turn++) await ann.socket.emitWithAck('zone.who', {});
    const killsNode = round % 4 === 3;
    if (killsNode) {
      await party.node.restart();
      ann.close();
      ann = await party.node.connect({ token });
    } else {
      process.kill((await party.node.workerPids())[0] as number, 'SIGKILL');
      await calls;
    }
    expect((await party.bodies('Fox')).length).toBe(1);
    const zone = round % 3 === 0 ? 'trial/yard' : 'trial/cave';
    expect(await comeBack(zone)).toMatchObject({ character });
    expect(await party.bodies('Fox')).toEqual([['Fox', zone]]);
    expect(await ann.call('object.call', { id: character, method: 'where' })).toMatchObject({
      result: { zone, coins: [coin] },
    });
  }
}, 400_000);
