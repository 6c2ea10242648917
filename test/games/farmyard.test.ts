/** The demo, played by stock clients. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { type Farm, openFarm, type Placed, walk } from './farm.ts';

type Told = { readonly tick: number; readonly result: unknown };
const act = (client: TestClient, id: string, method: string, params: object = {}) =>
  client.call<Told>('object.call', { id, method, params });
const heard = (client: TestClient, kind: string) =>
  client.events.find((event) => event.ev === 'say' && client.objects.get(event.i)?.kind === kind);
const emitted = (client: TestClient, name: string) =>
  client.events.find((event) => event.ev === 'emit' && event.name === name);

const eggs = Array.from(
  { length: 24 },
  (_, i): Placed => ({ kind: 'egg', x: 7 + (i % 8) * 0.8, y: 6 + Math.floor(i / 8) }),
);
const zones = {
  hens: [{ kind: 'chicken', name: 'Dot', x: 11, y: 10 }],
  eggs: [
    { kind: 'egg', x: 10.5, y: 10.5 },
    { kind: 'portal', x: 10, y: 6, state: { to: 'pocket/barn' } },
  ],
  gate: [{ kind: 'gate', x: 10, y: 8.5 }],
  pitch: [
    { kind: 'ball', x: 11, y: 10 },
    { kind: 'goal', x: 12.8, y: 10, state: { team: 'blue' } },
    { kind: 'scoreboard', x: 10, y: 16 },
  ],
  basket: [...eggs, { kind: 'basket', x: 10, y: 12 }],
  meadow: [
    { kind: 'chicken', x: 17, y: 17 },
    { kind: 'fox', x: 18, y: 18 },
  ],
};

describe('the farmyard', () => {
  let farm: Farm;
  beforeAll(async () => {
    // The first step of the clock leads from 8 in the morning past dusk; the night is long.
    farm = await openFarm(zones, { dayMinutes: 0.0385, nightMinutes: 60 });
  });
  afterAll(() => farm[Symbol.asyncDispose]());
  // All tests share a node, and names are unique on it.
  const join = (name: string, zone: string) => farm.node.join(`${name}${zone.replace('/', '')}`.slice(0, 16), zone);

  it('OBJ-14 hens walk and speak within a second, a farmhand answers, barrels stand about', async () => {
    await join('Ben', 'farmyard/meadow'); // the zone runs
    const anna = await join('Anna', 'farmyard/meadow');
    const began = anna.tick;
    const places = new Map(anna.all('chicken').map(({ id, x, y }) => [id, `${x},${y}`]));
    expect(places.size).toBe(9);
    expect(anna.all('barrel').length).toBeGreaterThan(0);
    await anna.until(() => heard(anna, 'chicken'));
    await anna.until(() => anna.all('chicken').some(({ id, x, y }) => places.get(id) !== `${x},${y}`));
    expect(anna.tick - began).toBeLessThanOrEqual(20);

    const hand = await anna.one('farmhand');
    await walk(anna, hand, 1.5);
    await anna.call('object.activate', { id: hand.id });
    const asked = await anna.until(() => anna.events.find((event) => event.ev === 'ask'));
    expect(asked).toMatchObject({ i: hand.id, n: 'Wilma', question: 'work', choices: ['Gladly', 'Not now'] });
    const answer = { id: hand.id, question: 'work', choice: 'Gladly' };
    expect(await anna.call('object.answer', answer)).toMatchObject({ result: expect.stringContaining('Feed a hen') });
    expect(await anna.call('object.activate', { id: hand.id })).toMatchObject({
      result: { results: [expect.stringContaining('No egg yet?')] },
    });
  });

  it('a hen comes along with who feeds her, and lays an egg', async () => {
    const anna = await join('Anna', 'pocket/hens');
    const hen = await anna.one('chicken');
    const offer = {
      kind: 'chicken',
      activates: true,
      methods: [expect.objectContaining({ name: 'feed', label: 'Feed', reach: 1.5 })],
    };
    expect(await anna.call('object.methods', { kinds: ['chicken'] })).toEqual({ kinds: [offer] });
    expect(await act(anna, hen.id, 'feed')).toMatchObject({ result: 'Dot likes you, and comes along.' });
    await anna.until(() => hen.state.friend === anna.character);
    await walk(anna, { x: 300, y: 1000 });
    await anna.until(() => hen.x < 500);
    await anna.one('egg');
  });

  it('an egg has one holder, whoever was quicker, and goes to the barn with them', async () => {
    const anna = await join('Anna', 'pocket/eggs');
    const ben = await join('Ben', 'pocket/eggs');
    const egg = await anna.one('egg');
    const answers = await Promise.all([act(anna, egg.id, 'take'), act(ben, egg.id, 'take')]);
    expect(answers.map(({ result }) => result).sort()).toEqual(['Somebody was quicker.', null]);
    const [quick, slow] = answers[0].result === null ? [anna, ben] : [ben, anna];
    await slow.until(() => slow.objects.get(egg.id)?.holder === quick.character);
    await walk(slow, { x: 1400, y: 1000 }); // out of the way
    const arrived = quick.next<{ z: string }>('snapshot', ({ z }) => z === 'pocket/barn');
    void walk(quick, { x: 1000, y: 500 });
    await arrived;
    expect((await quick.one('egg')).holder).toBe(quick.character);
    expect(quick.all('egg')).toHaveLength(1);
    await slow.until(() => slow.all('egg').length === 0);
    await act(quick, quick.character, 'drop');
    await quick.until(() => quick.all('egg')[0]?.holder === null);
  });

  it('a gate opens and closes for everyone', async () => {
    const anna = await join('Anna', 'pocket/gate');
    const ben = await join('Ben', 'pocket/gate');
    const gate = await ben.one('gate');
    await anna.call('object.activate', { id: gate.id });
    await ben.until(() => gate.state.open === true);
    await walk(ben, { x: 1000, y: 700 });
    await ben.call('object.activate', { id: gate.id });
    await anna.until(() => anna.all('gate')[0]?.state.open === false);
  });

  it('a goal counts for the other team, and everyone sees the score', async () => {
    const anna = await join('Anna', 'pocket/pitch');
    const ben = await join('Ben', 'pocket/pitch');
    const ball = await anna.one('ball');
    await act(anna, ball.id, 'kick');
    await ben.until(() => ben.all('scoreboard')[0]?.state.red === 1);
    await ben.until(() => emitted(ben, 'goal'));
    await anna.until(() => Math.abs(ball.x - 900) < 60 && Math.abs(ball.y - 1300) < 60);
  });

  it('the basket holds 24 eggs and then surprises everybody', async () => {
    const anna = await join('Anna', 'pocket/basket');
    const ben = await join('Ben', 'pocket/basket');
    const basket = await anna.one('basket');
    for (let round = 1; round <= 4; round++) {
      const loose = anna.all('egg').filter(({ holder }) => holder === null);
      for (const egg of loose.slice(0, 6)) {
        await walk(anna, egg, 1.5);
        await act(anna, egg.id, 'take');
      }
      await walk(anna, basket, 1.5);
      const put = await act(anna, basket.id, 'put');
      expect(put.result).toBe(round < 4 ? `${round * 6} of 24.` : null);
    }
    expect(await ben.until(() => emitted(ben, 'party'))).toMatchObject({ data: { by: 'Annapocketbasket' } });
    await ben.until(() => ben.all('chick').length === 5);
    await ben.until(() => ben.all('egg').length === 0);
    await ben.until(() => ben.all('basket')[0]?.state.eggs === 0);
  });

  it('the fox sleeps by day, catches a hen by night, and drops her when somebody comes', async () => {
    const anna = await join('Anna', 'pocket/meadow');
    const fox = await anna.one('fox');
    const hen = await anna.one('chicken');
    expect(fox.state.asleep).toBe(true);
    await anna.until(() => anna.world.night === true);
    await anna.until(() => hen.holder === fox.id || fox.state.asleep === false);
    await anna.until(() => hen.holder === fox.id);
    await walk(anna, fox, 2.8);
    await anna.until(() => hen.holder === null);
    // Night has to come first, and a hunt takes its time.
  }, 90_000);
});
