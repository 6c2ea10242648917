/** Stock clients of other ages and languages follow a zone, and their picture equals the server's. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { io as newest } from 'socket.io-client';
import { io as oldest } from 'socket.io-client-4.0.0';
import { describe, expect, it } from 'vitest';
import type { Answer, Delta, Snapshot } from '../../core/contract/protocol.ts';
import { createFollower } from '../../core/sync/mirror.ts';
import { type House, openHouse } from '../gateway/house.ts';

const meadow = 'devtest/meadow';
const python = '/usr/bin/python3';
const hasPython = spawnSync(python, ['-c', 'import socketio, aiohttp']).status === 0;

/** A busy zone: things wander in and out of view, appear, change, go. Ticks until its undo is called. */
function stir(house: House): () => void {
  const zone = house.zones.get(meadow);
  const things = Array.from({ length: 60 }, (_, at) =>
    zone.spawn({ x: at * 100, y: (at * 379) % 4_000, name: `thing ${at}` }),
  );
  let turn = 0;
  const timer = setInterval(() => {
    turn += 1;
    for (const [at, thing] of things.entries()) {
      if (at % 3 === turn % 3) zone.place(thing, (thing.x + 37 * (at % 7)) % 6_000, thing.y, (turn * at) % 256);
      if (at % 11 === turn % 11) zone.change(thing, { state: { turn, text: 'Grüße 🐔' } });
    }
    if (turn % 10 === 0) zone.spawn({ x: 2_000 + turn, y: 2_000, kind: 'egg' });
    const egg = [...zone.things.values()].find(({ kind }) => kind === 'egg');
    if (turn % 15 === 0 && egg !== undefined) zone.destroy(egg);
    zone.step();
  }, 10);
  return () => {
    clearInterval(timer);
    zone.step();
  };
}

/** What the server says of the objects that the character sees. */
function truth(house: House, ids: Iterable<string>) {
  const zone = house.zones.get(meadow);
  return Object.fromEntries(
    [...ids].map((id) => {
      const { slot, kind, name, x, y, angle, state } = zone.things.get(id) ?? expect.fail(`${id} is not there`);
      return [id, { slot, kind, name, x, y, a: angle, state }];
    }),
  );
}

function nearby(house: House, self: string): string[] {
  const zone = house.zones.get(meadow);
  const eyes = zone.things.get(self);
  return [...zone.things.values()]
    .filter(({ x, y }) => eyes !== undefined && Math.hypot(x - eyes.x, y - eyes.y) <= 1_000)
    .map(({ id }) => id);
}

const clients = [
  ['socket.io-client 4.0.0 over WebSocket', oldest, ['websocket']],
  ['socket.io-client 4.0.0 over polling', oldest, ['polling']],
  ['socket.io-client 4.0.0, upgrading', oldest, ['polling', 'websocket']],
  ['the newest socket.io-client over WebSocket', newest, ['websocket']],
  ['the newest socket.io-client over polling', newest, ['polling']],
  ['the newest socket.io-client, upgrading', newest, ['polling', 'websocket']],
] as const;

describe('a stock client follows a busy zone', () => {
  it.each(clients)('%s', async (_name, io, transports) => {
    await using house = await openHouse({ sumEveryS: 0.1 });
    const socket = io(house.url, { transports: [...transports], forceNew: true } as object);
    const mirror = createFollower();
    let sums = 0;
    const wrong: Delta[] = [];
    socket.on('snapshot', (snapshot: Snapshot) => mirror.applySnapshot(snapshot));
    const walked = new Promise<void>((resolve) => {
      socket.on('delta', (delta: Delta) => {
        const applied = mirror.applyDelta(delta);
        if (delta.sum !== undefined) sums += 1;
        if (applied?.sound === false) wrong.push(delta);
        if (mirror.ack === 20 && sums > 5) resolve();
      });
    });
    const answer = await new Promise<Answer>((resolve) => {
      socket.emit('zone.enter', { zone: meadow, name: 'Fox' }, resolve);
    });
    expect(answer).toMatchObject({ ok: true });
    const still = stir(house);
    let seq = 0;
    const walk = setInterval(() => {
      if (seq < 20) socket.emit('input', { seq: ++seq, x: 60, y: -20 });
    }, 40);
    await walked;
    clearInterval(walk);
    still();
    // An answer comes after everything that was sent before it.
    await new Promise((resolve) => {
      socket.emit('test.echo', {}, resolve);
    });
    expect(wrong).toEqual([]);
    const seen = Object.fromEntries(
      [...mirror.objects].map(([id, { slot, kind, name, fx, fy, fa, state }]) => [
        id,
        { slot, kind, name, x: fx, y: fy, a: fa, state: { ...state } },
      ]),
    );
    expect(seen).toEqual(truth(house, mirror.objects.keys()));
    expect([...mirror.objects.keys()]).toEqual(expect.arrayContaining(nearby(house, mirror.self)));
    socket.disconnect();
  });

  it.skipIf(!hasPython && process.env.CI === undefined).each(['plain', 'packed'])(
    "Debian's python3-socketio, from docs/protocol.md alone, moves %s",
    async (moves) => {
      await using house = await openHouse({ sumEveryS: 0.1 });
      await house.zones.open(meadow);
      const still = stir(house);
      const child: ChildProcess = spawn(
        python,
        [join(import.meta.dirname, 'follow.py'), house.url, meadow, 'Snake', '2', moves],
        {
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      );
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe('still');
      still();
      child.stdin?.write('\n');
      const picture = JSON.parse((await lines.next()).value as string);
      expect(picture).toMatchObject({ zone: meadow, epoch: 1, wrong: 0 });
      expect(picture.sums).toBeGreaterThan(5);
      expect(picture.packed > 0).toBe(moves === 'packed');
      expect(picture.ack).toBeGreaterThan(10);
      expect(picture.objects).toEqual(truth(house, Object.keys(picture.objects)));
      expect(Object.keys(picture.objects)).toEqual(expect.arrayContaining(nearby(house, picture.self)));
    },
  );
});

it('a delta written as a packet of our own is what socket.emit would have written', async () => {
  for (const transports of [['websocket'], ['polling']]) {
    await using house = await openHouse();
    const fox = house.connect({ transports });
    const packets: string[] = [];
    await fox.enter(meadow, 'Fox');
    await fox.next('snapshot');
    fox.socket.io.engine.on('packet', ({ type, data }: { type: string; data?: string }) => {
      if (type === 'message' && data !== undefined) packets.push(data);
    });
    // Lengths on both sides of those where a frame's header grows.
    for (const text of ['', '\ud83d\udc14', 'x'.repeat(200), 'ü'.repeat(40_000)]) {
      packets.length = 0;
      house.zones.get(meadow).spawn({ x: 2_100, y: 2_000, name: 'Ärger "☃" \u2028', state: { text } });
      house.zones.get(meadow).step();
      const delta = await fox.next<Delta>('delta');
      const [session] = [...house.gateway.sessions()];
      session?.send('delta', delta as never);
      await fox.next('delta');
      expect(packets).toHaveLength(2);
      expect(packets[0]).toBe(packets[1]);
    }
  }
});
