/** A whole node with a living game: what clients put together from deltas is what a fresh snapshot says. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { io as newest } from 'socket.io-client';
import { io as oldest } from 'socket.io-client-4.0.0';
import { expect, it } from 'vitest';
import type { Answer, Delta, Snapshot } from '../../core/contract/protocol.ts';
import { createFollower, type Mirror } from '../../core/sync/mirror.ts';
import { startTestNode } from '../support/node.ts';

const zone = 'farmyard/meadow';
const python = '/usr/bin/python3';
const hasPython = spawnSync(python, ['-c', 'import socketio, aiohttp']).status === 0;
/** Snapshots that each client compares with what it has. A minute is 25 of them: `ROOST_TEST_ROUNDS=25`. */
const rounds = Number(process.env.ROOST_TEST_ROUNDS ?? 3);

function picture(mirror: Mirror) {
  return new Map([...mirror.objects].map(([id, object]) => [id, { ...object, state: { ...object.state } }]));
}

async function follow(
  url: string,
  io: typeof newest,
  name: string,
): Promise<{ deltas: number; sums: number; ack: number }> {
  const socket = io(url, { forceNew: true, transports: ['websocket'] });
  const mirror = createFollower();
  let deltas = 0;
  let sums = 0;
  let compared = 0;
  const done = Promise.withResolvers<void>();
  socket.on('snapshot', (snapshot: Snapshot) => {
    const before = mirror.zone === snapshot.z && mirror.epoch === snapshot.e ? picture(mirror) : undefined;
    mirror.applySnapshot(snapshot);
    if (before === undefined) return;
    try {
      expect(picture(mirror)).toEqual(before);
    } catch (error) {
      done.reject(error);
    }
    compared += 1;
    if (compared === rounds) done.resolve();
    else socket.emit('zone.snapshot', {});
  });
  socket.on('delta', (delta: Delta) => {
    deltas += 1;
    if (delta.sum !== undefined) sums += 1;
    if (mirror.applyDelta(delta)?.sound === false) done.reject(new Error('the checksum differs'));
  });
  const answer = await new Promise<Answer>((resolve) => {
    socket.emit('zone.enter', { zone, name }, resolve);
  });
  expect(answer).toMatchObject({ ok: true });
  let seq = 0;
  const walk = setInterval(() => {
    seq += 1;
    const turn = seq / 15;
    socket.emit('input', { seq, x: Math.cos(turn), y: Math.sin(turn), run: seq % 60 < 30 });
  }, 50);
  socket.emit('zone.snapshot', {});
  await done.promise.finally(() => {
    clearInterval(walk);
    socket.disconnect();
  });
  return { deltas, sums, ack: mirror.ack };
}

async function followInPython(url: string, name: string): Promise<Record<string, number>> {
  const child = spawn(python, [join(import.meta.dirname, 'follow.py'), url, zone, name, String(3 + rounds * 2.5)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  child.stdin.write('\n');
  return JSON.parse((await lines.next()).value as string) as Record<string, number>;
}

it('socket.io-client 4.0.0, the newest and python3-socketio follow a living zone exactly', {
  timeout: 30_000 + rounds * 6_000,
}, async () => {
  await using node = await startTestNode({ game: 'farmyard' });
  const followers = [follow(node.url, oldest, 'Oldest'), follow(node.url, newest, 'Newest')];
  if (hasPython || process.env.CI !== undefined) {
    const snake = await followInPython(node.url, 'Snake');
    expect(snake).toMatchObject({ zone, wrong: 0, differed: 0 });
    expect(snake.compared).toBeGreaterThan(0);
    expect(snake.ack).toBeGreaterThan(0);
  }
  for (const { deltas, ack } of await Promise.all(followers)) {
    expect(deltas).toBeGreaterThan(10);
    expect(ack).toBeGreaterThan(0);
  }
});
