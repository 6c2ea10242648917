import { describe, expect, it } from 'vitest';
import { TestClient } from '../../support/client.ts';
import { startWire } from '../../support/wire.ts';
import { refusalOf } from '../auth/people.ts';
import { type Party, startParty } from './party.ts';

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;
const named = (client: TestClient, name: string) => [...client.objects.values()].filter((one) => one.name === name);
const isConnected = async (client: TestClient, name: string) => {
  const { characters } = await client.call<{ characters: { name: string; connected: boolean }[] }>('zone.who');
  return characters.filter((one) => one.name === name).map(({ connected }) => connected);
};

/** Asks again and again, until it holds. */
async function sooner<T>(holds: () => Promise<T | false>): Promise<T> {
  for (;;) {
    const value = await holds();
    if (value !== false) return value;
    await new Promise((next) => setTimeout(next, 200));
  }
}

/** The character stands once in the database, and once in everybody's view. */
async function expectOne(party: Party, watcher: TestClient, name: string, id: string): Promise<void> {
  await watcher.until(() => named(watcher, name).length === 1);
  expect(named(watcher, name).map((one) => one.id)).toEqual([id]);
  expect(await party.bodies(name)).toEqual([[name, 'trial/yard']]);
  expect(await isConnected(watcher, name)).toEqual([true]);
}

/** Rejects when the node ends the connection: a call on the way gets no answer then. */
function ended({ socket }: TestClient): Promise<never> {
  return new Promise((_, failed) => {
    const fail = () => failed(new Error('ended'));
    if (socket.connected) socket.once('disconnect', fail);
    else fail();
  });
}

const timeout = 240_000;

describe('whose network is gone', () => {
  it(
    'goes on in place with what was missed and a fresh snapshot, as the same and only one',
    async () => {
      await using party = await startParty({ env: { ROOST_HEARTBEAT_MS: '500', ROOST_HEARTBEAT_LOST_MS: '1500' } });
      await using wire = await startWire(party.node.port);
      const { token } = await party.join('ann', 'Fox');
      const { client: bob } = await party.join('bob', 'Hare');
      await bob.enter('trial/yard');
      const ann = new TestClient(wire.url, { token });
      await ann.connected();
      const { character } = await ann.enter('trial/yard');
      const coin = await ann.call<{ result: string }>('object.call', { id: character, method: 'coin' });
      const { object } = await ann.call<{ object: { x: number; y: number; owner: string } }>('character.move', {
        dx: -0.5,
        dy: 0.25,
      });
      await expectOne(party, bob, 'Fox', character);

      wire.pull();
      await sooner(async () => (await isConnected(bob, 'Fox'))[0] === false);
      expect(await party.whisper(object.owner, 'Are you there?')).toBe(true);
      expect(named(bob, 'Fox').map(({ id }) => id)).toEqual([character]);
      const before = ann.messages.length;
      const resumed = ann.next<{ character: string; zone: string }>('resumed');
      const whisper = ann.next<{ text: string }>('whisper');
      const snapshot = ann.next<{ self: string }>('snapshot');
      wire.plug();
      expect(await resumed).toMatchObject({ character, zone: 'trial/yard' });
      expect(await whisper).toEqual({ text: 'Are you there?' });
      expect((await snapshot).self).toBe(character);
      const since = ann.messages.slice(before).map(({ event }) => event);
      expect(since.filter((event) => event === 'resumed' || event === 'whisper')).toEqual(['resumed', 'whisper']);
      await ann.until(() => named(ann, 'Fox').length === 1);
      expect(named(ann, 'Fox')[0]).toMatchObject({
        id: character,
        x: Math.round(object.x * 100),
        y: Math.round(object.y * 100),
      });
      expect((await ann.call<{ result: object }>('object.call', { id: character, method: 'where' })).result).toEqual({
        zone: 'trial/yard',
        coins: [coin.result],
      });
      await expectOne(party, bob, 'Fox', character);
      ann.close();
    },
    timeout,
  );

  it(
    'is away after the grace time, and back with all that it has when it comes later',
    async () => {
      await using party = await startParty({ env: { ROOST_GRACE_MS: '500' } });
      const { client, token } = await party.join('ann', 'Fox');
      const { client: bob } = await party.join('bob', 'Hare');
      await bob.enter('trial/yard');
      const { character } = await client.enter('trial/yard');
      const coin = await client.call<{ result: string }>('object.call', { id: character, method: 'coin' });
      await bob.until(() => named(bob, 'Fox').length === 1);
      client.close();
      await bob.until(() => named(bob, 'Fox').length === 0);
      await sooner(async () => (await party.bodies('Fox'))[0]?.[1] === 'away:trial/yard');
      const back = await party.node.connect({ token });
      expect(await codeOf(back.call('character.move', { dx: 1 }))).toBe('call.forbidden');
      expect(await back.enter('trial/yard')).toMatchObject({ character });
      expect((await back.call<{ result: object }>('object.call', { id: character, method: 'where' })).result).toEqual({
        zone: 'trial/yard',
        coins: [coin.result],
      });
      await expectOne(party, bob, 'Fox', character);
    },
    timeout,
  );

  it(
    'is neither doubled nor lost by a hundred reconnects at once, nor when worker and node die in between',
    async () => {
      await using party = await startParty();
      const { client: bob, token: bobs } = await party.join('bob', 'Hare');
      const { client: first, token } = await party.join('ann', 'Fox');
      await bob.enter('trial/yard');
      const { character } = await first.enter('trial/yard');
      const storm = async (enters: boolean) => {
        const clients = Array.from({ length: 100 }, () => new TestClient(party.node.url, { token }));
        const outcomes = await Promise.allSettled(
          clients.map(async (client) => {
            await client.connected();
            if (enters) await Promise.race([client.call('zone.enter', { zone: 'trial/yard' }), ended(client)]);
          }),
        );
        // Each ends the one before; the last stays.
        await sooner(async () => clients.filter(({ socket }) => socket.connected).length === 1);
        for (const client of clients) if (!client.socket.connected) client.close();
        expect(outcomes).toHaveLength(100);
        return clients.find(({ socket }) => socket.connected) as TestClient;
      };
      // So many enters are more than an account may make in a moment.
      const enter = (client: TestClient) =>
        sooner(() => client.call<object>('zone.enter', { zone: 'trial/yard' }).catch(() => false as const));
      const last = await storm(false);
      await last.until(() => last.objects.has(character));
      await expectOne(party, bob, 'Fox', character);

      // The worker dies while they come.
      const [worker] = await party.node.workerPids();
      const storming = storm(true);
      process.kill(worker as number, 'SIGKILL');
      const one = await storming;
      expect(await enter(one)).toMatchObject({ character });
      await expectOne(party, bob, 'Fox', character);
      one.close();

      await party.node.kill('SIGKILL');
      await party.node.start();
      const watcher = await party.node.connect({ token: bobs });
      await watcher.enter('trial/yard');
      // Nobody plays it since: it is brought in by whoever is first.
      expect(named(watcher, 'Fox')).toEqual([]);
      const survivor = await storm(true);
      expect(await enter(survivor)).toMatchObject({ character });
      await expectOne(party, watcher, 'Fox', character);
      survivor.close();
    },
    timeout,
  );
});
