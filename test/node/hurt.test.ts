/**
 * Scripts that cannot hurt: every way to fail of test/support/hurts.ts, saved while people walk about, and done live by
 * a build that was trusted. Two workers, ten zones. A few rows are part of every run; `ROOST_TEST_HURT=all npx vitest run
 * test/node/hurt` runs the whole table, `ROOST_TEST_HURT=loops,pushes` those rows.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WatchMessage } from '../../core/contract/protocol.ts';
import { CallError } from '../support/client.ts';
import { capMb, type HurtHouse, openHurtHouse, pathOf, recoveries, zoneCount } from '../support/hurt-house.ts';
import { type Hurt, harmful, hurts, mended } from '../support/hurts.ts';
import { act } from '../support/trial.ts';

const wanted = process.env.ROOST_TEST_HURT ?? '';
const chosen = hurts.filter(({ name, always }) =>
  wanted === '' ? always === true : wanted === 'all' || wanted.split(',').includes(name),
);

const summary: string[] = [];
/** Milliseconds in which zones were back that had lost their worker. */
const recovered: number[] = [];

afterAll(() => {
  if (recovered.length > 0) summary.push(`${recovered.length} zones back in at most ${Math.max(...recovered)} ms`);
  if (summary.length > 0) console.log(['', 'Scripts that cannot hurt:', ...summary].join('\n'));
});

/** What happens to one row while it happens. */
function watch(house: HurtHouse, zone: string) {
  const { node, walkers, told } = house;
  const from = told.length;
  const lines = node.logs.length;
  const worker = house.workerOf(zone);
  const workers = new Map(walkers.map((walker) => [walker, house.workerOf(walker.zone)]));
  const since = performance.now();
  for (const walker of walkers) walker.forget();

  return {
    from,
    lines,
    /** Nobody but the worker that had to die may have felt it; whoever did is back. */
    async settle(set: string, name: string): Promise<{ killed: boolean }> {
      const toldMs = performance.now() - since;
      await Promise.all(walkers.map((walker) => walker.beats(5)));
      const killed = node.logs.slice(lines).some((line) => line.msg === 'worker gone' && line.pid === worker);
      for (const walker of walkers) {
        expect(walker.sameSocket, `the socket of ${walker.zone}`).toBe(true);
        expect(walker.disconnects, `disconnects of ${walker.zone}`).toBe(0);
        if (walker.zone === zone || (killed && workers.get(walker) === worker)) continue;
        expect(walker.lives, `new lives of ${walker.zone}`).toBe(0);
        const there = told.slice(from).filter((one) => one.zone === walker.zone);
        // The next tick at most: where something was stopped, by a busy machine or an earlier row, that tick did not happen.
        expect(
          walker.lost,
          `ticks lost in ${walker.zone} ${there.map(({ what, path, message }) => `${what} ${path}: ${message}`)}`,
        ).toBeLessThanOrEqual(1);
      }
      const back = told.slice(from).flatMap(({ what, ms }) => (what === 'recovered' && ms !== undefined ? [ms] : []));
      recovered.push(...back);
      const gaps = (own: boolean) =>
        Math.max(0, ...walkers.flatMap((one) => ((workers.get(one) === worker) === own ? one.longestMs : [])));
      summary.push(
        [
          `${set} ${name}`.padEnd(26),
          `told after ${toldMs.toFixed(0).padStart(5)} ms`,
          `worker ${killed ? `killed, its zones back in at most ${Math.max(...back).toFixed(0)} ms` : 'lives'}`,
          `node ${house.memory.nowMb.toFixed(0)} MB`,
          `longest gap: its worker ${gaps(true).toFixed(0).padStart(5)} ms, the other ${gaps(false).toFixed(0).padStart(4)} ms`,
        ].join('  '),
      );
      return { killed };
    },
  };
}

/** Kill -9, the same data, the same files. */
async function restart(house: HurtHouse): Promise<void> {
  house.leave();
  const lines = house.node.logs.length;
  await house.node.restart('SIGKILL');
  await house.populate();
  await Promise.all(house.walkers.map((walker) => walker.beats(40)));
  expect(house.node.logs.slice(lines).filter(({ msg }) => msg === 'worker gone')).toEqual([]);
  for (const walker of house.walkers) expect(recoveries(walker)).toBe(0);
}

/** A good build of every file, and everything lives again. */
async function mendAll(house: HurtHouse, rows: readonly Hurt[]): Promise<void> {
  for (const hurt of rows) await house.trial.write(pathOf(hurt), mended);
  for (const hurt of rows) {
    const { client } = house.walkerIn(zoneOf(rows, hurt));
    const object = await client.one(hurt.name);
    await client.until(() => !client.objects.get(object.id)?.words.includes('suspended'));
    await expect
      .poll(async () => (await act(client, object.id, 'arm').catch(asCode)).result, { timeout: 20_000 })
      .toBe('mended');
  }
}

function isMatch(message: WatchMessage, wanted: Partial<WatchMessage>): boolean {
  return Object.entries(wanted).every(([key, value]) => message[key as keyof WatchMessage] === value);
}

function asCode(error: unknown): { result: unknown } {
  if (error instanceof CallError) return { result: error.code };
  throw error;
}

const zoneOf = (rows: readonly Hurt[], hurt: Hurt) => `hurt/z${rows.indexOf(hurt) % zoneCount}`;

function expectMemory({ memory }: HurtHouse): void {
  summary.push(`at most: node ${memory.nodeMb.toFixed(0)} MB, a worker ${memory.workerMb.toFixed(0)} MB`);
  expect(memory.nodeMb).toBeLessThan(300);
  expect(memory.workerMb).toBeLessThan(capMb + 200);
}

describe('OBJ-13 saved while people walk about', () => {
  const rows = chosen.filter(({ saved }) => saved !== null);
  let house: HurtHouse;
  beforeAll(async () => {
    house = await openHurtHouse(rows);
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  it.each(rows)('$name: $saved', { timeout: 60_000 }, async (hurt) => {
    const zone = zoneOf(rows, hurt);
    const { client } = house.walkerIn(zone);
    const object = await client.one(hurt.name);
    const path = pathOf(hurt);
    const seen = watch(house, zone);
    await house.trial.write(path, harmful(hurt));

    if (hurt.saved === 'broken') {
      const message = await house.hears(({ what, path: at }) => what === 'error' && at === path, seen.from);
      if (!hurt.nowhere) expect(message.line).toBeGreaterThan(0);
    }
    if (hurt.saved === 'refused' || hurt.saved === 'back') {
      const what = hurt.saved === 'back' ? 'back' : 'quarantine';
      const message = await house.hears((one) => one.what === what && one.path === path, seen.from);
      expect(message).toMatchObject({ build: expect.stringMatching(/^[0-9a-f]{12}$/), handler: hurt.handler });
      if (hurt.handler !== 'file') expect(message).toMatchObject({ zone });
      if (hurt.handler !== 'file' && !hurt.together) expect(message).toMatchObject({ object: object.id });
    }
    if (hurt.saved === 'tamed') {
      const settled = new Set(['script passed its probation', 'script back', 'script refused']);
      await house.node.logged((line) => settled.has(line.msg) && line.path === path, seen.lines);
    }

    const { killed } = await seen.settle('saved', hurt.name);
    expect(killed).toBe(false);
    expect(house.walkerIn(zone).lives).toBe(0);
    expect(client.objects.get(object.id)?.words).not.toContain('suspended');
  });

  it('a restart does not die of what is still in the files: the builds before live', { timeout: 60_000 }, async () => {
    await restart(house);
    for (const hurt of rows.filter(({ saved, text }) => saved !== 'tamed' && text === undefined)) {
      const { client } = house.walkerIn(zoneOf(rows, hurt));
      const object = await client.one(hurt.name);
      expect((await act(client, object.id, 'arm', { on: false })).result).toBe('disarmed');
    }
  });

  it('a new good build lifts it', { timeout: 120_000 }, () => mendAll(house, rows));

  it('memory stays bounded', () => expectMemory(house));
});

describe('OBJ-13 done live by a build that was trusted', () => {
  const rows = chosen.filter(({ live }) => live !== null);
  let house: HurtHouse;
  beforeAll(async () => {
    house = await openHurtHouse(rows);
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  it.each(rows)('$name: $live', { timeout: 60_000 }, async (hurt) => {
    const zone = zoneOf(rows, hurt);
    const walker = house.walkerIn(zone);
    const { client } = walker;
    const object = await client.one(hurt.name);
    const path = pathOf(hurt);
    const seen = watch(house, zone);
    await act(client, object.id, 'arm', { on: true });

    const build = expect.stringMatching(/^[0-9a-f]{12}$/);
    if (hurt.live === 'ended' || hurt.live === 'stopped') {
      const message = await house.hears((one) => one.what === 'quarantine' && one.path === path, seen.from);
      expect(message).toMatchObject({ zone, object: object.id, handler: hurt.handler, build });
      await client.until(() => client.objects.get(object.id)?.words.includes('suspended'));
      await expect(act(client, object.id, 'arm', { on: true })).rejects.toMatchObject({ code: 'object.suspended' });
    }
    if (hurt.live === 'undone') {
      const isIt = hurt.handler === 'tick' ? { path, object: object.id } : { zone, handler: hurt.handler };
      const message = await house.hears((one) => one.what === 'error' && isMatch(one, isIt), seen.from);
      expect(message).toMatchObject({ zone, handler: hurt.handler, build });
    }
    if (hurt.live === 'slowed')
      expect(await house.hears((one) => one.what === 'slow' && one.path === path, seen.from)).toMatchObject({ zone });
    if (hurt.live === 'runs') await walker.beats(20);

    const { killed } = await seen.settle('live', hurt.name);
    if (hurt.live !== 'ended') expect(killed).toBe(false);
    if (hurt.live === 'runs' || hurt.live === 'slowed')
      await act(client, object.id, 'arm', { on: false }).catch(asCode);
  });

  it('a restart does not die of what is still armed: what was quarantined rests', { timeout: 60_000 }, async () => {
    await restart(house);
    for (const hurt of rows.filter(({ live }) => live === 'ended' || live === 'stopped')) {
      const { client } = house.walkerIn(zoneOf(rows, hurt));
      const object = await client.one(hurt.name);
      expect(client.objects.get(object.id)?.words, hurt.name).toContain('suspended');
    }
  });

  it('a new good build lifts it', { timeout: 120_000 }, () => mendAll(house, rows));

  it('memory stays bounded', () => expectMemory(house));
});
