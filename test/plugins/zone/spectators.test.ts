/** Looking at a zone without a character. */
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../core/contract/protocol.ts';
import type { TestClient } from '../../support/client.ts';
import { act } from '../../support/trial.ts';
import { codeOf, startEstate } from './estate.ts';

const walker = `import { defineObject } from 'roost';

export default defineObject({
  methods: {
    at: {
      params: { x: 'number', y: 'number' },
      handle(self, { params }) {
        self.teleport(params.x, params.y);
      },
    },
    hide: { handle: (self) => void self.words.add('hidden') },
    shout: { handle: (self) => void self.say('Hello!') },
  },
});
`;

const zones = {
  field: {
    width: 200,
    height: 40,
    view: { radius: 12, cell: 4, most: 50 },
    hearing: 10,
    spectators: 1,
    dimensions: ['dream'],
  },
  plaza: { width: 16, height: 16, spectators: true },
};
const start = () => startEstate(zones, {}, { 'games/trial/scripts/walker.ts': walker });
const field = 'trial/field';
const names = (client: TestClient) =>
  client
    .all('walker')
    .map(({ name }) => name)
    .sort();
const isSaid = ({ ev }: { readonly ev: string }) => ev === 'say';

/** Puts a character somewhere, as its script does. */
const put = (client: TestClient, x: number, y = 20) => act(client, client.character, 'at', { x, y });

describe('spectators', () => {
  it('ZON-12 see a zone from a position and so far, change both, and hear nothing after unsubscribing', async () => {
    await using estate = await start();
    const { node } = estate;
    const [fox, hare] = [await node.join('Fox', field), await node.join('Hare', field)];
    await put(fox, 20);
    await put(hare, 120);
    const eye = await node.connect();
    const seen = eye.next<Snapshot>('snapshot');
    expect(await eye.call('zone.watch', { zone: field, x: 20, y: 20, distance: 5 })).toEqual({ zone: field });
    expect(await seen).toMatchObject({ z: field, self: null });
    expect(names(eye)).toEqual(['Fox']);
    // Nobody sees who looks, and they hold no place among the players.
    expect(await fox.call('zone.who')).toMatchObject({ characters: [{ name: 'Fox' }, { name: 'Hare' }] });
    expect(fox.all('walker').length + hare.all('walker').length).toBe(2);

    await put(fox, 22);
    await eye.until(() => Math.abs((eye.all('walker')[0]?.x ?? 0) - 2_200) < 100);
    await act(fox, fox.character, 'shout');
    await eye.until(() => eye.events.find(isSaid));
    // From the other end: what was in view leaves it, what is there comes, although nothing moves.
    await eye.call('zone.watch', { x: 120, y: 20, distance: 5 });
    await eye.until(() => names(eye).join() === 'Hare');
    await act(fox, fox.character, 'shout');
    await act(hare, hare.character, 'shout');
    await eye.until(() => eye.events.filter(isSaid).length === 2);
    expect(eye.events.filter(isSaid).map((event) => ('n' in event ? event.n : ''))).toEqual(['Fox', 'Hare']);
    // Further, but never further than a player sees and half a cell and one.
    await put(fox, 130);
    await eye.call('zone.watch', { x: 120, y: 20, distance: 200 });
    await eye.until(() => names(eye).join() === 'Fox,Hare');
    await put(fox, 145);
    await eye.until(() => names(eye).join() === 'Hare');
    expect(await eye.call('zone.objects')).toMatchObject({ zone: field, objects: [{ name: 'Hare' }] });

    expect(await eye.call('zone.unwatch')).toEqual({ zone: field });
    const count = eye.messages.length;
    await put(hare, 121);
    await act(hare, hare.character, 'shout');
    await hare.until(() => hare.events.filter(isSaid).length === 2);
    expect(await eye.call('host.ping')).toBeDefined();
    expect(eye.messages.slice(count)).toEqual([]);
    expect(await codeOf(eye.call('zone.objects'))).toBe('zone.none');
  });

  it('ZON-12 what is hidden stays hidden from them, and they touch nothing', async () => {
    await using estate = await start();
    const { node } = estate;
    const [fox, hare] = [await node.join('Fox', field), await node.join('Hare', field)];
    await put(fox, 20);
    await put(hare, 22);
    const eye = await node.connect();
    await eye.call('zone.watch', { zone: field, x: 20, y: 20, distance: 10 });
    await eye.until(() => names(eye).join() === 'Fox,Hare');
    await act(fox, fox.character, 'hide');
    await eye.until(() => names(eye).join() === 'Hare');
    for (const [method, params] of [
      ['object.call', { id: hare.character, method: 'shout' }],
      ['chat.say', { text: 'Hello' }],
    ] as const)
      expect(await codeOf(eye.call(method, params))).toBe('call.forbidden');
    expect(await codeOf(eye.call('zone.who'))).toBe('zone.none');
  });

  it('ZON-12 come where the game lets them, so many as it says, and not with a character', async () => {
    await using estate = await start();
    const { node } = estate;
    const [eye, other] = [await node.connect(), await node.connect()];
    const spot = { x: 8, y: 8, distance: 5 };
    expect(await codeOf(eye.call('zone.watch', { zone: 'trial/yard', ...spot }))).toBe('zone.forbidden');
    expect(await codeOf(eye.call('zone.watch', { zone: 'trial/attic', ...spot }))).toBe('zone.unknown');
    expect(await codeOf(eye.call('zone.watch', { zone: `${field}#2`, ...spot }))).toBe('zone.unknown');
    for (const wrong of [{ x: Number.NaN }, { distance: 0 }, { distance: 1_000 }, { y: 'north' }])
      expect(await codeOf(eye.call('zone.watch', { zone: field, ...spot, ...wrong }))).toBe('call.bad-params');
    expect(estate.started()).not.toContain('trial/yard');
    await eye.call('zone.watch', { zone: field, ...spot });
    expect(await codeOf(other.call('zone.watch', { zone: field, ...spot }))).toBe('zone.full');
    // Another dimension is another zone; a place beyond the edge is at the edge.
    await other.call('zone.watch', { zone: `${field}~dream`, x: -50, y: 900, distance: 5 });
    await eye.call('zone.watch', { zone: 'trial/plaza', ...spot });
    await other.call('zone.watch', { zone: field, ...spot });
    // Entering ends it, and in a zone nobody watches another.
    await other.enter('trial/yard', 'Fox');
    expect(await codeOf(other.call('zone.watch', { zone: field, ...spot }))).toBe('session.playing');
    await eye.call('zone.watch', { zone: field, ...spot });
    eye.close();
    const next = await node.connect();
    const isFree = () =>
      next.call('zone.watch', { zone: field, ...spot }).then(
        () => true,
        () => false,
      );
    await expect.poll(isFree, { timeout: 10_000 }).toBe(true);
  });

  it('ZON-12 are shown a zone again that lost its worker', async () => {
    await using estate = await start();
    const { node } = estate;
    const fox = await node.join('Fox', field);
    const eye = await node.connect();
    await eye.call('zone.watch', { zone: field, x: 100, y: 20, distance: 12 });
    await eye.until(() => eye.objects.has(fox.character));
    const states: unknown[] = [];
    eye.socket.on('zone', ({ state }: { state: string }) => states.push(state));
    const again = eye.next<Snapshot>('snapshot');
    for (const pid of (await node.workerPids()).slice(0, 1)) process.kill(pid, 'SIGKILL');
    expect((await again).self).toBeNull();
    expect(states).toEqual(['recovering', 'running']);
    expect(eye.objects.has(fox.character)).toBe(true);
  });
});
