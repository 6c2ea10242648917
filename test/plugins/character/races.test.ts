import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { refusalOf } from '../auth/people.ts';
import { type Party, startParty } from './party.ts';

const named = (client: TestClient, name: string) => [...client.objects.values()].filter((one) => one.name === name);
const settle = (calls: readonly Promise<unknown>[]) => Promise.allSettled(calls);
const timeout = 240_000;

/** Calls that are made again until something has come of another. */
const patience = { interval: 100, timeout: 30_000 };
const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;

/** Begins a transaction with a change that comes when it is released; all others wait behind it. */
async function hold({ node }: Party, sql: string): Promise<() => Promise<void>> {
  const client = await node.connect();
  await client.call('as.hold', { sql });
  return async () => {
    await client.call('as.release');
    client.close();
  };
}

/** Returns when it was just looked for what is being deleted: the next time is ten seconds later. */
async function finished(party: Party): Promise<void> {
  await party.join('zoe', 'Zebra');
  await (await hold(party, "update characters set gone = 1 where name = 'Zebra'"))();
  await expect.poll(() => party.asServer('character.taken', { name: 'Zebra' }), patience).toBe(false);
}

describe('a deletion that is refused', () => {
  it(
    'CHR-06 takes nothing from whoever came in meanwhile',
    async () => {
      await using party = await startParty();
      const { client: bob } = await party.join('bob', 'Hare');
      await bob.enter('trial/yard');
      const { client: ann, token } = await party.join('ann', 'Fox');
      await ann.enter('trial/yard');
      await ann.call('object.call', { id: ann.character, method: 'coin' });
      await ann.call('zone.leave');
      const next = await party.node.connect({ token });
      await finished(party);
      const release = await hold(party, "update characters set gone = 1 where name = 'Fox'");
      const entering = codeOf(next.call('zone.enter', { zone: 'trial/yard' }));
      const online = () => party.asServer('chat.who', {}).then((who) => JSON.stringify(who));
      // It has found its character; what brings that in waits.
      await expect.poll(online, patience).toContain('Fox');
      await release();
      expect(await entering).toBe('character.not-found');
      await (await hold(party, "update characters set gone = null where name = 'Fox'"))();
      await next.enter('trial/yard');
      expect((await next.one('coin')).holder).toBe(next.character);
    },
    timeout,
  );

  it(
    'CHR-06 is so before anything is changed, when the character is in play',
    async () => {
      await using party = await startParty({ env: { ROOST_ACCOUNT_SESSIONS: 'many' } });
      const { client: ann, token } = await party.join('ann', 'Fox');
      await ann.enter('trial/yard');
      const other = await party.node.connect({ token });
      const release = await hold(party, "update characters set gone = null where name = 'Fox'");
      expect(await codeOf(other.call('character.delete', { name: 'Fox' }))).toBe('character.in-play');
      await release();
    },
    timeout,
  );
});

describe('at the same moment', () => {
  it(
    'CHR-05 two sessions of an account choose and enter one character: one has it, the other hears so',
    async () => {
      await using party = await startParty({ env: { ROOST_ACCOUNT_SESSIONS: 'many' } });
      const { client: bob } = await party.join('bob', 'Hare');
      await bob.enter('trial/yard');
      const { client: one, token } = await party.join('ann', 'Fox');
      const other = await party.node.connect({ token });
      for (let round = 0; round < 5; round++) {
        await settle([one, other].map((client) => client.call('character.choose', { name: 'Fox' })));
        const outcomes = await settle(
          [one, other, one, other].map((client) => client.call('zone.enter', { zone: 'trial/yard', name: 'Fox' })),
        );
        const entered = outcomes.flatMap((outcome) =>
          outcome.status === 'fulfilled' ? [(outcome.value as { character: string }).character] : [],
        );
        expect(new Set(entered).size).toBe(1);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'session.elsewhere' });
        await bob.until(() => named(bob, 'Fox').length === 1);
        expect(await party.bodies('Fox')).toEqual([['Fox', 'trial/yard']]);
        await settle([one, other].map((client) => client.call('zone.leave')));
        await bob.until(() => named(bob, 'Fox').length === 0);
        expect(await party.bodies('Fox')).toEqual([['Fox', 'away:trial/yard']]);
      }
    },
    timeout,
  );

  it(
    'CHR-05 it enters two zones, again and again, and is in one',
    async () => {
      await using party = await startParty();
      const { client: ann } = await party.join('ann', 'Fox');
      const zones = ['trial/yard', 'trial/cave'] as const;
      const ids = new Set<string>();
      for (let round = 0; round < 2; round++) {
        const outcomes = await settle([...zones, ...zones].map((zone) => ann.call('zone.enter', { zone })));
        for (const outcome of outcomes)
          if (outcome.status === 'fulfilled') ids.add((outcome.value as { character: string }).character);
        expect(outcomes.at(-1)).toMatchObject({ status: 'fulfilled', value: { zone: 'trial/cave' } });
        // Calls that do not wait for each other are carried out in any order.
        const [id = ''] = ids;
        const { result } = await ann.call<{ result: { zone: string } }>('object.call', { id, method: 'where' });
        expect(await party.bodies('Fox')).toEqual([['Fox', result.zone]]);
        await ann.call('zone.enter', { zone: 'trial/yard' });
      }
      expect(ids.size).toBe(1);
    },
    timeout,
  );

  it(
    'CHR-05 a connection breaks while it brings in a new character, and the next brings it in too: there is one',
    async () => {
      await using party = await startParty();
      const { client: bob } = await party.join('bob', 'Hare');
      await bob.enter('trial/yard');
      const names = ['Ant', 'Bee', 'Cat', 'Dog', 'Elk', 'Fly'];
      const { token } = await party.join('ann', ...names);
      for (const [round, name] of names.entries()) {
        const first = await party.node.connect({ token });
        first.socket.emit('zone.enter', { zone: 'trial/yard', name });
        // The node has the call, or not yet, or its answer is on the way.
        for (let turn = 0; turn < round; turn++) await first.socket.emitWithAck('zone.who', {});
        first.close();
        const next = await party.node.connect({ token });
        const { character } = await next.enter('trial/yard', name);
        await bob.until(() => named(bob, name).length === 1 && named(bob, name)[0]?.id === character);
        expect(await party.bodies(name)).toEqual([[name, 'trial/yard']]);
        await next.call('zone.leave');
        next.close();
      }
    },
    timeout,
  );

  it(
    'CHR-06 it is deleted and enters: it is there, or gone with nothing left of it',
    async () => {
      await using party = await startParty({ env: { ROOST_ACCOUNT_SESSIONS: 'many' } });
      const { client: bob } = await party.join('bob', 'Hare');
      await bob.enter('trial/yard');
      const { client: one, token } = await party.join('ann');
      const other = await party.node.connect({ token });
      for (let round = 0; round < 4; round++) {
        await one.call('character.create', { name: 'Fox' });
        // Every other time it was in the world before.
        if (round % 2 === 0) {
          await one.call('zone.enter', { zone: 'trial/yard', name: 'Fox' });
          await one.call('zone.leave');
        }
        await settle([
          one.call('zone.enter', { zone: 'trial/yard', name: 'Fox' }),
          other.call('character.delete', { name: 'Fox' }),
        ]);
        const { characters } = await other.call<{ characters: { name: string; online: boolean }[] }>('character.list');
        if (characters.length === 0) {
          expect(await party.bodies('Fox')).toEqual([]);
        } else {
          expect(characters).toMatchObject([{ name: 'Fox' }]);
          expect((await party.bodies('Fox')).length).toBeLessThanOrEqual(1);
          await one.call('zone.leave');
          await other.call('character.delete', { name: 'Fox' });
          expect(await party.bodies('Fox')).toEqual([]);
        }
        await bob.until(() => named(bob, 'Fox').length === 0);
      }
    },
    timeout,
  );
});
