import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startParty } from './party.ts';

const named = (client: TestClient, name: string) => [...client.objects.values()].filter((one) => one.name === name);
const settle = (calls: readonly Promise<unknown>[]) => Promise.allSettled(calls);
const timeout = 240_000;

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
        expect(await party.bodies('Fox')).toEqual([['Fox', 'trial/cave']]);
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
