/** Roost's own client library against a real gateway. */
import { describe, expect, it } from 'vitest';
import { CallError, type Client, type ClientEvents, connect } from '../../core/client/client.ts';
import { Playback, Track } from '../../core/client/motion.ts';
import { defaults, type House, openHouse } from '../gateway/house.ts';

const meadow = 'devtest/meadow';

function open(house: House, options: { readonly resume?: string } = {}): Client & Disposable {
  const client = connect({ url: house.url, transports: ['websocket'], ...options });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

function next<K extends keyof ClientEvents>(client: Client, name: K): Promise<ClientEvents[K]> {
  return new Promise((resolve) => {
    const off = client.on(name, (...args) => {
      off();
      resolve(args);
    });
  });
}

describe('the client library', () => {
  it('enters, knows itself, and tells what appears, changes and vanishes', async () => {
    await using house = await openHouse();
    using client = open(house);
    const snapshot = next(client, 'snapshot');
    const entered = await client.enter(meadow, 'Fox');
    await snapshot;
    expect(client).toMatchObject({ zone: meadow, game: 'devtest', tickRate: 20 });
    expect(client.self).toMatchObject({ id: entered.character, name: 'Fox', x: 20, y: 20, angle: 0 });
    const zone = house.zones.get(meadow);
    const appeared = next(client, 'appear');
    const hen = zone.spawn({ kind: 'chicken', x: 2_100, y: 2_000, angle: 64, state: { mood: 'calm' } });
    zone.step();
    expect((await appeared)[0]).toMatchObject({ id: hen.id, x: 21, y: 20, angle: Math.PI / 2 });
    const changed = next(client, 'change');
    zone.change(hen, { state: { mood: 'cross' } });
    zone.place(hen, 2_150, 2_000);
    zone.step();
    const [object, keys] = await changed;
    expect(object).toBe(client.objects.get(hen.id));
    expect(object).toMatchObject({ x: 21.5, state: { mood: 'cross' } });
    expect(keys).toEqual(['state', 'place']);
    const said = next(client, 'say');
    zone.say(hen, 'Cluck.');
    zone.step();
    expect((await said)[0].text).toBe('Cluck.');
    const vanished = next(client, 'vanish');
    zone.destroy(hen);
    zone.step();
    expect((await vanished)[0]).toBe(object);
  });

  it('rejects with the code of the answer', async () => {
    await using house = await openHouse();
    using client = open(house);
    const failed = await client.call('no.such').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CallError);
    expect(failed).toMatchObject({ code: 'call.unknown-method' });
    await expect(client.enter('devtest/nowhere')).rejects.toMatchObject({ code: 'zone.unknown' });
    expect(await client.ping()).toBeGreaterThan(0);
  });

  it('numbers inputs and hears which the zone has used', async () => {
    await using house = await openHouse();
    using client = open(house);
    await client.enter(meadow, 'Fox');
    const seqs = [client.input({ x: 1 }), client.input({ x: 2 }), client.input({ x: 3 })];
    expect(seqs).toEqual([1, 2, 3]);
    const zone = house.zones.get(meadow);
    // Those between two ticks of the client are one: the newest.
    const inputs = await zone.toldOf('input', 2);
    expect(inputs.map((input) => 'seq' in input && input.seq)).toEqual([1, 3]);
    zone.step();
    await next(client, 'delta');
    expect(client.ack).toBe(3);
    expect(client.self?.x).toBe(20.04);
  });

  it('takes its character back by itself when the connection breaks', async () => {
    await using house = await openHouse();
    using client = open(house);
    const first = next(client, 'snapshot');
    const { character, resume } = await client.enter(meadow, 'Fox');
    await first;
    const snapshot = next(client, 'snapshot');
    const resumed = next(client, 'resumed');
    const [session] = [...house.gateway.sessions()];
    // As a broken line does it: without a word.
    (session as unknown as { end(code: string): void }).end('session.slow');
    expect((await resumed)[0]).toMatchObject({ character });
    await snapshot;
    expect(client.self?.id).toBe(character);
    expect(client.resume).not.toBe(resume);
  });

  it('enters again when the node was started anew and knows it no more', async () => {
    const first = await openHouse();
    using client = connectTo(first.url);
    await client.enter(meadow, 'Fox');
    const gone = next(client, 'disconnect');
    const { port } = first;
    await first[Symbol.asyncDispose]();
    expect((await gone)[0]).toEqual({ reason: 'session.closing', again: true });
    const snapshot = next(client, 'snapshot');
    await using house = await openHouse({ ...defaults, port });
    expect((await snapshot)[0].z).toBe(meadow);
    expect(house.gateway.who(meadow)).toMatchObject([{ name: 'Fox', connected: true }]);
    expect(client.self?.name).toBe('Fox');
  });

  it('does not fight for its character with another window', async () => {
    await using house = await openHouse();
    using client = open(house);
    const { resume } = await client.enter(meadow, 'Fox');
    const gone = next(client, 'disconnect');
    using other = open(house, { resume: resume ?? '' });
    await next(other, 'snapshot');
    expect((await gone)[0]).toEqual({ reason: 'session.replaced', again: false });
  });

  it('asks for a snapshot when its picture differs from the server’s', async () => {
    await using house = await openHouse({ sumEveryS: 0 });
    using client = open(house);
    const first = next(client, 'snapshot');
    await client.enter(meadow, 'Fox');
    await first;
    const self = client.self;
    if (self === undefined) expect.fail('not in view');
    self.fx += 1;
    const healed = next(client, 'snapshot');
    const zone = house.zones.get(meadow);
    zone.spawn({ x: 2_000, y: 2_000 });
    zone.step();
    await healed;
    expect(client.self?.fx).toBe(2_000);
    expect(client.stats).toMatchObject({ resyncs: 1, objects: 2, connected: true });
    expect(house.gateway.stats().resyncs).toBe(1);
  });
});

function connectTo(url: string): Client & Disposable {
  const client = connect({ url, transports: ['websocket'] });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

describe('motion', () => {
  it('is shown between two ticks, the short way round, and stands where nothing comes', () => {
    const track = new Track({ x: 0, y: 0, angle: 3 }, 0);
    track.add({ x: 1, y: 2, angle: -3 }, 1);
    track.draw(0.5);
    expect(track.drawn.x).toBe(0.5);
    expect(track.drawn.y).toBe(1);
    expect(Math.abs(track.drawn.angle)).toBeCloseTo(Math.PI);
    track.draw(9);
    expect(track.drawn).toEqual({ x: 1, y: 2, angle: -3 });
    // It stood until tick 19: it does not creep from tick 1 on.
    track.add({ x: 2, y: 2, angle: -3 }, 20);
    track.draw(18.5);
    expect(track.drawn.x).toBe(1);
    track.draw(19.5);
    expect(track.drawn.x).toBe(1.5);
  });

  it('does not glide over a jump', () => {
    const track = new Track({ x: 0, y: 0, angle: 0 }, 0);
    track.add({ x: 50, y: 0, angle: 0 }, 1);
    track.markJump();
    track.draw(0.99);
    expect(track.drawn.x).toBe(0);
    track.draw(1);
    expect(track.drawn.x).toBe(50);
  });

  it('plays about two ticks late, more on an uneven line, and starts anew after a pause', () => {
    const playback = new Playback();
    playback.restart(20);
    for (let tick = 0; tick < 100; tick++) playback.heard(tick, 1_000 + tick * 50);
    const even = 99 - playback.at(1_000 + 99 * 50);
    expect(even).toBeGreaterThan(1.4);
    expect(even).toBeLessThan(2.1);
    for (let tick = 100; tick < 400; tick++) playback.heard(tick, 1_000 + tick * 50 + (tick % 4) * 20);
    expect(399 - playback.at(1_000 + 399 * 50)).toBeGreaterThan(even + 0.5);
    playback.heard(400, 100_000);
    expect(400 - playback.at(100_000)).toBeLessThan(8.1);
  });
});
