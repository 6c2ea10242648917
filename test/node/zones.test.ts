import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConnection } from '../../core/store/connection.ts';
import type { TestNode } from '../support/node.ts';
import { act, startTrial } from '../support/trial.ts';

const yard = 'trial/yard';
const cave = 'trial/cave';

function lives(node: TestNode, zone: string): number {
  return node.logs.filter((line) => line.msg === 'zone runs' && line.zone === zone).length;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a zone starts on demand', () => {
  it('ZON-01 ZON-02 asked for by many at once it starts once, and who asks later finds it running', async () => {
    await using all = await startTrial();
    const { node } = all;
    const clients = await Promise.all(Array.from({ length: 5 }, () => node.connect()));
    await Promise.all(clients.map((client, i) => client.enter(yard, `Fox${i}`)));
    const late = await node.join('Hare', yard);
    expect((await act(late, late.character, 'where')).result).toMatchObject({ zone: yard });
    expect(lives(node, yard)).toBe(1);
  });

  it('ZON-03 one that does not come up in time is a timeout, and the next request tries again', async () => {
    await using all = await startTrial({ env: { ROOST_ZONE_START_MS: '2000' } });
    const { node } = all;
    const client = await node.connect();
    const other = await openConnection(join(node.data, 'roost.db'), ['pragma busy_timeout = 1000']);
    await other.all('begin immediate');
    await expect(client.enter(yard, 'Fox')).rejects.toMatchObject({ code: 'zone.timeout' });
    await other.all('commit');
    await other.close();
    await client.enter(yard, 'Fox');
    expect(client.objects.has(client.character)).toBe(true);
  });

  it('what no game declares is refused before anything starts', async () => {
    await using all = await startTrial();
    const client = await all.node.connect();
    const wrong = new Map([
      ['trial/yard/more', 'zone.malformed'],
      ["trial/yard'; drop table zones", 'zone.malformed'],
      ['Trial/Yard', 'zone.malformed'],
      ['trial/../yard', 'zone.malformed'],
      ['trial/attic', 'zone.unknown'],
      ['nowhere/yard', 'zone.unknown'],
      ['trial/yard#2', 'zone.unknown'],
      ['trial/yard@fox', 'zone.unknown'],
    ]);
    for (const [zone, code] of wrong) {
      await expect(client.call('zone.enter', { zone, name: 'Fox' })).rejects.toMatchObject({ code });
    }
    expect(all.node.logs.filter((line) => line.msg === 'zone runs' && line.zone !== 'devtest/clock')).toEqual([]);
  });

  it('ZON-08 its map is inserted once in its life, whatever dies', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const first = await fox.one('post');
    await node.restart();
    const hare = await node.join('Hare', yard);
    expect(hare.all('post').map(({ id, name }) => [id, name])).toEqual([[first.id, 'Post']]);
  });

  it('ZON-09 two zones never see each other’s objects or hear each other', async () => {
    await using all = await startTrial();
    const { node } = all;
    const [fox, hare] = await Promise.all([node.join('Fox', yard), node.join('Hare', cave)]);
    const [post, stone] = await Promise.all([fox.one('post'), hare.one('post')]);
    expect([post.name, stone.name]).toEqual(['Post', 'Stone']);
    await expect(act(fox, stone.id, 'add')).rejects.toMatchObject({ code: 'object.not-found' });
    await act(hare, stone.id, 'shout');
    await hare.until(() => hare.events.find((event) => event.ev === 'say'));
    // What fox hears of its own zone comes after whatever it might have heard of the other one.
    await act(fox, post.id, 'shout');
    const heard = await fox.until(() => fox.events.find((event) => event.ev === 'say'));
    expect(heard).toMatchObject({ i: post.id });
    expect(fox.objects.has(hare.character)).toBe(false);
  });
});

describe('a zone nobody looks at', () => {
  const quick = { ROOST_SLEEP_AFTER_MS: '100', ROOST_UNLOAD_AFTER_MS: '100', ROOST_GRACE_MS: '0' };

  it('ZON-06 is unloaded after a while and comes back with its state', async () => {
    await using all = await startTrial({ env: quick, flags: ['--log', 'debug'] });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await act(fox, post.id, 'bump');
    fox.close();
    await node.logged((line) => line.msg === 'zone closed' && line.zone === yard);
    const hare = await node.join('Hare', yard);
    expect((await hare.one('post')).state.count).toBe(1);
    expect(lives(node, yard)).toBe(2);
  });

  it('ZON-06 is started for a timer that is due, which fires once', async () => {
    await using all = await startTrial({ env: quick, flags: ['--log', 'debug'] });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await act(fox, post.id, 'later', { seconds: 2 });
    fox.close();
    await node.logged((line) => line.msg === 'zone closed' && line.zone === yard);
    await node.logged((line) => line.msg === 'zone closed' && line.zone === yard, node.logs.length);
    expect(lives(node, yard)).toBe(2);
    const hare = await node.join('Hare', yard);
    expect(hare.all('mark')).toHaveLength(1);
  });

  it('a character that waits for its lost session keeps its zone loaded', async () => {
    await using all = await startTrial({ env: { ...quick, ROOST_GRACE_MS: '60000' }, flags: ['--log', 'debug'] });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const coin = (await act(fox, fox.character, 'coin')).result;
    fox.close();
    await node.logged((line) => line.msg === 'zone sleeps' && line.zone === yard);
    const back = await node.connect({ resume: fox.resume });
    await back.until(() => back.objects.has(fox.character));
    expect((await act(back, fox.character, 'where')).result).toEqual({ zone: yard, coins: [coin] });
    expect(lives(node, yard)).toBe(1);
  });
});

describe('a worker dies', () => {
  it('ZON-07 its zones are back from the last commit, its sessions keep their socket, calls in hand are interrupted', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    expect((await act(fox, post.id, 'add')).result).toBe(1);
    const socket = fox.socket.id;
    const states: unknown[] = [];
    fox.socket.on('zone', ({ state }: { state: string }) => states.push(state));
    const running = fox.next<{ state: string }>('zone', ({ state }) => state === 'running');
    const snapshot = fox.next('snapshot');
    for (const pid of (await node.workerPids()).slice(0, 1)) process.kill(pid, 'SIGKILL');
    await running;
    await snapshot;
    expect(fox.socket.id).toBe(socket);
    expect(states).toEqual(['recovering', 'running']);
    expect((await act(fox, post.id, 'add')).result).toBe(2);
    expect(fox.all('post')).toHaveLength(1);
    expect(fox.objects.get(fox.character)?.name).toBe('Fox');
  });

  it('ZON-07 a zone of another worker is left alone', async () => {
    await using all = await startTrial({ env: { ROOST_WORKERS: '2' } });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const hare = await node.join('Hare', cave);
    const [of] = node.logs.filter((line) => line.msg === 'zone runs' && line.zone === yard);
    // A character that has just come in is on disk, whenever its worker dies.
    const recovered = fox.next('snapshot');
    process.kill(of?.worker as number, 'SIGKILL');
    await recovered;
    await act(hare, (await hare.one('post')).id, 'add');
    expect([lives(node, yard), lives(node, cave)]).toEqual([2, 1]);
    expect(hare.messages.filter(({ event }) => event === 'zone')).toHaveLength(1);
  });
});

describe('the node ends', () => {
  it('ZON-05 a killed node leaves no worker behind, and the next start finds none to mistake for its own', async () => {
    await using all = await startTrial();
    const { node } = all;
    await node.join('Fox', yard);
    const before = await node.workerPids();
    await node.restart('SIGKILL');
    await expect.poll(() => before.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    const after = await node.workerPids();
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(after.every(isAlive)).toBe(true);
  });

  it('ZON-05 a node that is asked to stop saves what was not saved, and its workers are gone with it', async () => {
    await using all = await startTrial({ env: { ROOST_FLUSH_MS: '60000' } });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await act(fox, post.id, 'bump');
    const pids = await node.workerPids();
    const closing = fox.next('notice');
    await node.restart('SIGTERM');
    expect(await closing).toMatchObject({ code: 'session.closing' });
    expect(pids.filter(isAlive)).toEqual([]);
    const hare = await node.join('Hare', yard);
    expect((await hare.one('post')).state.count).toBe(1);
  });
});

describe('moving between zones', () => {
  it('ZON-22 takes a player to the named zone and place, with what they carry', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const coin = (await act(fox, fox.character, 'coin')).result;
    await act(fox, fox.character, 'go', { zone: cave, at: 'corner' });
    await fox.until(() => fox.zone === cave && fox.objects.has(fox.character));
    const states = fox.messages
      .filter(({ event }) => event === 'zone')
      .map(({ data }) => (data as { state: string }).state);
    expect(states.slice(1)).toEqual(['moving', 'entering', 'running']);
    const { x = 0, y = 0, name } = fox.objects.get(fox.character) ?? {};
    expect(name).toBe('Fox');
    // Newcomers are put where there is room near the place: two metres right and three down.
    expect(Math.hypot(x - 200, y - 300)).toBeLessThan(150);
    expect((await act(fox, fox.character, 'where')).result).toEqual({ zone: cave, coins: [coin] });
  });

  it('ZON-22 a refusal leaves them where they are', async () => {
    await using all = await startTrial();
    const { node } = all;
    const hare = await node.join('Hare', 'trial/cell');
    const fox = await node.join('Fox', yard);
    await act(fox, fox.character, 'go', { zone: 'trial/cell' });
    await act(fox, fox.character, 'go', { zone: 'attic' });
    expect((await act(fox, fox.character, 'where')).result).toEqual({ zone: yard, coins: [] });
    expect(hare.objects.size).toBe(1);
  });
});
