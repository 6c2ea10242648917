/**
 * Attacks that may take their worker with them, done live on one server: ten zones, a player walking in each. Each is named
 * and runs no more, nobody is disconnected, and every zone goes on. A few are part of every run; `ROOST_TEST_HURT=all npx
 * vitest run test/attacks/deadly` runs all, `ROOST_TEST_HURT=deadly-3,deadly-7` those.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capMb, type HurtHouse, openHurtHouse, pathOf, zoneCount } from '../support/hurt-house.ts';
import type { Hurt } from '../support/hurts.ts';
import { act } from '../support/trial.ts';
import { corpus } from './corpus.ts';

const wanted = process.env.ROOST_TEST_HURT ?? '';
/** Part of every run: one that hangs in a builtin, one that takes memory, one that the engine gives up for. */
const always = ['builtins called by a builtin, without end', 'objects without end', 'keys of a proxy without end'];

type Row = Hurt & { readonly title: string };

const rows: readonly Row[] = Object.values(corpus)
  .flat()
  .filter(({ ends }) => ends.kind === 'deadly')
  .map((attack, i) => ({
    ...{ name: `deadly-${i}`, title: attack.name, handler: 'tick', asleep: attack.file },
    ...{ saved: null, live: 'ended' as const },
  }))
  .filter(({ name, title }) =>
    wanted === '' ? always.includes(title) : wanted === 'all' || wanted.split(',').includes(name),
  );

const ends: string[] = [];
/** Files whose objects do harm by now. */
const armed = new Set<string>();
afterAll(() => {
  if (ends.length > 0) console.log(['', 'Attacks on the live server:', ...ends].join('\n'));
});

describe.runIf(rows.length > 0)('attacks that may take a worker with them', () => {
  let house: HurtHouse;
  beforeAll(async () => {
    house = await openHurtHouse(rows);
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  it.each(rows)('$name $title', { timeout: 120_000 }, async (row) => {
    const zone = `hurt/z${rows.indexOf(row) % zoneCount}`;
    const { client } = house.walkerIn(zone);
    const object = await client.one(row.name);
    const path = pathOf(row);
    armed.add(path);
    const from = house.told.length;
    const since = performance.now();
    // Whoever armed it may hear of its end instead of an answer.
    await act(client, object.id, 'arm').catch(() => {});
    const verdict = await house.hears(
      ({ what, path: at }) => (what === 'quarantine' || what === 'error') && at === path,
      from,
    );
    expect(verdict).toMatchObject({ zone, object: object.id, handler: 'tick' });
    await Promise.all(house.walkers.map((walker) => walker.beats(5)));
    for (const walker of house.walkers) {
      expect(walker.sameSocket, `the socket of ${walker.zone}`).toBe(true);
      expect(walker.disconnects, `disconnects of ${walker.zone}`).toBe(0);
    }
    // Nobody else is named; one that throws does it again where its worker was another's victim.
    const blamed = house.told.slice(from).filter(({ what }) => what === 'quarantine' || what === 'error');
    expect([...new Set(blamed.map(({ path: at }) => at))].filter((at) => at !== '' && !armed.has(at))).toEqual([]);
    await client.until(() => client.objects.get(object.id)?.words.includes('suspended'));
    const ms = Math.round(performance.now() - since);
    ends.push(`${row.name} ${row.title}: ${verdict.what}, ${verdict.message?.slice(0, 80)}, all well after ${ms} ms`);
  });

  it('memory stays bounded', () => {
    expect(house.memory.nodeMb).toBeLessThan(300);
    expect(house.memory.workerMb).toBeLessThan(capMb + 250);
  });
});
