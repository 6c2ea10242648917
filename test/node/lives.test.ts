/** From one life of a zone to the next: nobody stays who has gone, nobody goes who has stayed, nothing is left half made. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openConnection } from '../../core/store/connection.ts';
import { act, startTrial } from '../support/trial.ts';

const yard = 'trial/yard';

const bell = `import { defineObject } from 'roost';

export default defineObject({
  state: { created: 0, rung: 0 },
  on: {
    create(self) {
      self.state.created += 1;
      self.every(0.2, 'ring');
    },
  },
  timers: {
    ring(self) {
      self.state.rung += 1;
    },
  },
});
`;

it('OBJ-01 PER-01 what a map brings is created once, also when the node is killed in the moment it is on disk', async () => {
  await using all = await startTrial({}, { 'games/trial/scripts/post.ts': bell });
  const { node } = all;
  const fox = await node.connect();
  fox.socket.emit('zone.enter', { zone: yard, name: 'Fox' });
  const other = await openConnection(join(node.data, 'roost.db'), ['pragma busy_timeout = 2000']);
  for (let rows: readonly unknown[] = []; rows.length === 0; ) rows = await other.all('select id from objects');
  await node.kill('SIGKILL');
  await other.close();
  fox.close();
  await node.start();
  const hare = await node.join('Hare', yard);
  const post = await hare.one('post');
  await hare.until(() => Number(post.state.rung) >= 2);
  expect(post.state.created).toBe(1);
});

it('ZON-07 a player who has left stays away when the worker dies before that was written', async () => {
  await using all = await startTrial({ env: { ROOST_FLUSH_MS: '60000' } });
  const { node } = all;
  const [fox, hare] = [await node.join('Fox', yard), await node.join('Hare', yard)];
  await fox.until(() => fox.objects.has(hare.character));
  await hare.call('zone.leave');
  await fox.until(() => !fox.objects.has(hare.character));
  const back = fox.next('snapshot');
  process.kill((await node.workerPids())[0] as number, 'SIGKILL');
  await back;
  await fox.until(() => fox.all('walker').length === 1);
  expect(fox.objects.has(fox.character)).toBe(true);
});

it('ZON-07 a character that waits for its lost session is there when the worker of its sleeping zone dies', async () => {
  await using all = await startTrial({ env: { ROOST_SLEEP_AFTER_MS: '100' }, flags: ['--log', 'debug'] });
  const { node } = all;
  const fox = await node.join('Fox', yard);
  const coin = (await act(fox, fox.character, 'coin')).result;
  fox.close();
  await node.logged((line) => line.msg === 'zone sleeps' && line.zone === yard);
  process.kill((await node.workerPids())[0] as number, 'SIGKILL');
  await node.logged((line) => line.msg === 'worker gone');
  const back = await node.connect({ resume: fox.resume });
  await back.until(() => back.objects.has(fox.character));
  expect((await act(back, fox.character, 'where')).result).toEqual({ zone: yard, coins: [coin] });
});

it('ZON-06 whoever comes while a zone falls asleep finds it awake', { timeout: 60_000 }, async () => {
  const sleepAfterMs = 100;
  await using all = await startTrial({ env: { ROOST_SLEEP_AFTER_MS: `${sleepAfterMs}` } });
  const { node } = all;
  for (let i = 0; i < 12; i++) {
    const fox = await node.join(`Fox${i}`, yard);
    const hare = await node.connect();
    await fox.call('zone.leave');
    // Round the moment at which the zone is told to sleep, which nothing tells us of.
    await new Promise((wake) => setTimeout(wake, sleepAfterMs - 3 + i / 2));
    await expect(hare.enter(yard, `Hare${i}`)).resolves.toMatchObject({ zone: yard });
    fox.close();
    await hare.call('zone.leave');
    hare.close();
  }
});

it('ZON-06 two who come while a zone is being closed meet in the same one', { timeout: 60_000 }, async () => {
  const env = {
    ...{ ROOST_SLEEP_AFTER_MS: '100', ROOST_UNLOAD_AFTER_MS: '100', ROOST_GRACE_MS: '0' },
    ...{ ROOST_STORE_BUSY_MS: '300', ROOST_ZONE_START_MS: '10000' },
  };
  await using all = await startTrial({ env, flags: ['--log', 'debug'] });
  const { node } = all;
  const fox = await node.join('Fox', yard);
  const [hare, wolf] = [await node.connect(), await node.connect()];
  const other = await openConnection(join(node.data, 'roost.db'), ['pragma busy_timeout = 2000']);
  await other.all('begin immediate');
  fox.close();
  await node.logged((line) => line.msg === 'zone sleeps' && line.zone === yard);
  // It has been closing for long when what it was cannot be written for the third time.
  for (let tries = 0; tries < 3; tries++) {
    const from = node.logs.length;
    await node.logged((line) => line.msg === 'changes not saved yet' && line.zone === yard, from);
  }
  const first = hare.enter(yard, 'Hare');
  await other.all('commit');
  await other.close();
  await first;
  await wolf.enter(yard, 'Wolf');
  await hare.until(() => hare.objects.has(wolf.character));
  expect(node.logs.filter((line) => line.msg === 'zone runs' && line.zone === yard)).toHaveLength(2);
});
