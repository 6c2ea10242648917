/** devtest's zone of rules: one object for every rule of object scripts, tried from outside. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallError, Seen, TestClient } from '../support/client.ts';
import { startTestNode, type TestNode } from '../support/node.ts';
import { act } from '../support/trial.ts';
import { walk } from './farm.ts';

const zone = 'devtest/rules';
let node: TestNode;
let fox: TestClient;
let hare: TestClient;

beforeAll(async () => {
  node = await startTestNode({ env: { ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000' } });
  fox = await node.join('Fox', zone);
  hare = await node.join('Hare', zone);
});
afterAll(() => node?.[Symbol.asyncDispose]());

const ask = async (kind: string, method: string, params: object = {}): Promise<unknown> =>
  (await act(fox, (await fox.one(kind)).id, method, params)).result;

/** The state of an object as the client has it, when it is as wanted. */
const stateOf = (kind: string, holds: (state: Seen['state']) => boolean): Promise<Seen['state']> =>
  fox.until(() => fox.all(kind).find(({ state }) => holds(state))?.state);

const failure = (call: Promise<unknown>): Promise<CallError> =>
  call.then(
    () => Promise.reject(new Error('it was answered')),
    (error: CallError) => error,
  );

async function use(kind: string): Promise<unknown> {
  const thing = await fox.one(kind);
  await walk(fox, thing, 1.2);
  return (await fox.call<{ result: { results: readonly unknown[] } }>('object.activate', { id: thing.id })).result
    .results;
}

describe('what a script does', () => {
  it('moves in the ways it is told to', async () => {
    const mover = await fox.one('mover');
    await ask('mover', 'velocity', { x: 4, y: 0 });
    await fox.until(() => mover.x > 620);
    await ask('mover', 'stop');
    expect(await ask('mover', 'teleport', { x: 6, y: 6 })).toBe(true);
    await fox.until(() => mover.x === 600 && mover.y === 600);
    expect(await ask('mover', 'teleport', { x: 60, y: 6 })).toBe(false);
    expect(await ask('mover', 'move', { x: 0.5, y: 0 })).toBe(true);
    await fox.until(() => mover.x === 650);
    expect(await ask('mover', 'push', { x: 0, y: 1 })).toBe(true);
    await fox.until(() => mover.y > 600);
    expect(await ask('mover', 'face')).toEqual(expect.any(Number));
    expect(await ask('mover', 'walk', { x: 6, y: 3 })).toBe('going');
    await fox.until(() => mover.y < 330);
    await expect.poll(() => ask('mover', 'walk', { x: 6, y: 3 })).toBe('there');
  });

  it('does not jump through a wall', async () => {
    await ask('mover', 'teleport', { x: 25.5, y: 4 });
    expect(await ask('mover', 'move', { x: 2, y: 0 })).toBe(false);
    await ask('mover', 'teleport', { x: 6, y: 6 });
  });

  it('looks about: nearest first, itself left out', async () => {
    expect(await ask('looker', 'look')).toMatchObject({
      ...{ around: ['Near', 'Far'], touching: 0, found: ['worded'], count: 2, players: 2 },
      ...{ itself: 'looker', nobody: true, nearest: expect.any(String) },
    });
  });

  it('speaks to all who hear, to one, to all who see, to all in the zone', async () => {
    await ask('speaker', 'speak');
    const said = await fox.until(() => fox.events.some(({ ev }) => ev === 'emit') && fox.events);
    const texts = said.map((event) => ('text' in event ? event.text : 'name' in event ? event.name : event.ev));
    for (const text of ['To all who hear.', 'One of two.', 'To you alone.', 'puff', 'gong'])
      expect(texts).toContain(text);
    await hare.until(() => hare.events.some(({ ev }) => ev === 'emit'));
    expect(hare.events.some(({ ev }) => ev === 'tell')).toBe(false);
  });

  it('asks a player, and hears only what it offered to that player', async () => {
    await use('asker');
    const { id } = await fox.one('asker');
    await fox.until(() => fox.events.some(({ ev }) => ev === 'ask'));
    await expect(fox.call('object.answer', { id, question: 'colour', choice: 'green' })).rejects.toThrow();
    await expect(hare.call('object.answer', { id, question: 'colour', choice: 'red' })).rejects.toThrow();
    const { result } = await fox.call<{ result: unknown }>('object.answer', { id, question: 'colour', choice: 'red' });
    expect(result).toBe('red it is.');
    await stateOf('asker', ({ chosen }) => chosen === 'red');
  });

  it('gives and takes: all or nothing, and only what a holder lets in', async () => {
    expect(await ask('box', 'deal')).toEqual({
      ...{ given: true, taken: true, tooMany: false, has: true, intoBox: [true, true] },
      ...{ full: false, others: false, dropped: true, inside: 1 },
    });
  });

  it('OBJ-08 is not pushed when it says no', async () => {
    expect(await ask('mover', 'shove')).toBe(false);
  });

  it('OBJ-07 remembers a player for ever, once, and for a while', async () => {
    const first = { visits: 1, firstEver: true, firstToday: true, rested: true };
    expect(await use('rememberer')).toEqual([first]);
    expect(await use('rememberer')).toEqual([{ visits: 2, firstEver: false, firstToday: false, rested: false }]);
  });

  it('waits by timers, one for each name', async () => {
    await ask('clock', 'once', { seconds: 3600, data: 'never' });
    await ask('clock', 'once', { seconds: 0.1, data: 'now' });
    await stateOf('clock', ({ rung, data }) => rung === 1 && data === 'now');
    await ask('clock', 'wind', { seconds: 0.05 });
    await stateOf('clock', ({ beats }) => Number(beats) >= 3);
    await ask('clock', 'halt');
  });

  it('sends messages that come in the next tick, in order', async () => {
    await ask('mailer', 'post');
    const state = await stateOf('mailer', ({ got }) => (got as unknown[]).length === 3);
    const { id } = await fox.one('mailer');
    expect(state).toMatchObject({ got: [1, 2, 3], from: id, nobody: false, at: Number(state.sent) + 1 });
  });

  it('is told who comes near, who goes, and what is said', async () => {
    const warden = await fox.one('warden');
    await walk(fox, warden, 2);
    await stateOf('warden', ({ near }) => near === 1);
    await fox.call('chat.say', { text: 'Who is there?' });
    await stateOf('warden', ({ heard }) => heard === 'Who is there?');
    await walk(fox, { x: warden.x, y: warden.y - 600 }, 0.5);
    await stateOf('warden', ({ far }) => far === 1);
  });

  it('is told when what it asked for was refused', async () => {
    await ask('guide', 'leave');
    await stateOf('guide', ({ refused }) => String(refused).startsWith('goto: '));
  });

  it('OBJ-09 rolls dice, and too many are an error of its handler alone', async () => {
    expect(await ask('dice', 'roll', { dice: '2d6+1' })).toSatisfy((sum: number) => sum >= 3 && sum <= 13);
    expect(await ask('dice', 'chance')).toMatchObject({ never: false, always: true, pick: 'one' });
    expect((await failure(ask('dice', 'roll', { dice: '101d6' }))).code).toBe('object.failed');
    expect(await ask('dice', 'roll', { dice: '1d1' })).toBe(1);
  });
});

describe('what a script declares', () => {
  it('who may call its methods, and with what', async () => {
    const { id } = await fox.one('locks');
    expect(await ask('locks', 'look')).toBe('view');
    expect((await failure(act(fox, id, 'mine'))).code).toBe('object.forbidden');
    await walk(hare, { x: 300, y: 300 }, 1);
    expect((await failure(act(hare, id, 'touch'))).code).toBe('object.too-far');
    expect((await failure(act(fox, id, 'open', { turns: 1.5 }))).code).toBe('object.bad-params');
    expect((await failure(act(fox, id, 'open', { turns: 1, force: true }))).code).toBe('object.bad-params');
    expect((await act(fox, id, 'open', { turns: 2 })).result).toBe(2);
  });

  it('once: a durable call that is repeated is not applied again', async () => {
    const { id } = await fox.one('locks');
    const twice = [1, 2].map(() => act(fox, id, 'open', { turns: 5 }, { once: 'five' }));
    const [first, second] = await Promise.all(twice);
    expect(second).toEqual(first);
    expect((await fox.one('locks')).state.opened).toBe(Number(first?.result));
  });

  it('what everybody sees, what only its owner sees, what nobody sees', async () => {
    const id = String(await ask('spawner', 'purse'));
    await fox.until(() => fox.own[id]);
    expect(fox.own[id]).toEqual({ coins: 7 });
    await hare.until(() => hare.objects.has(id));
    expect(hare.objects.get(id)?.state).toEqual({ worn: 2 });
    expect(hare.own[id]).toBeUndefined();
    expect((await act(fox, id, 'open')).result).toBe(8);
    expect((await failure(act(hare, id, 'open'))).code).toBe('object.forbidden');
    await fox.until(() => fox.own[id]?.coins === 8);
    const wire = JSON.stringify([fox.messages, hare.messages]);
    for (const secret of ['swordfish', 'marlin']) expect(wire).not.toContain(secret);
  });

  it('words: what is hidden is not there for players', async () => {
    const { id } = await fox.one('worded');
    expect(await ask('worded', 'word', { word: 'hidden', on: true })).toEqual(['odd', 'hidden']);
    await hare.until(() => !hare.objects.has(id));
    expect((await failure(act(hare, id, 'word', { word: 'hidden', on: false }))).code).toBe('object.not-found');
  });

  it('a life, a holder, a way to fly', async () => {
    expect(await ask('spawner', 'inside')).toBe(fox.character);
    const short = String(await ask('spawner', 'short'));
    await fox.until(() => fox.messages.some(({ data }) => JSON.stringify(data).includes(short)));
    await fox.until(() => !fox.objects.has(short));
    const dart = String(await ask('spawner', 'dart', { angle: 0 }));
    await fox.until(() => Number(fox.objects.get(dart)?.x) > 2000);
  });

  it('bodies: a sensor feels and blocks nobody, a kinematic one goes its way, a static one opens', async () => {
    await ask('mover', 'teleport', { x: 18, y: 18 });
    await stateOf('plate', ({ on }) => on === 1);
    await ask('mover', 'teleport', { x: 6, y: 21 });
    expect(await stateOf('plate', ({ on }) => on === 0)).toMatchObject({ touched: 1 });
    expect(await ask('mover', 'move', { x: 0, y: 2 })).toBe(false);
    await use('hatch');
    await stateOf('hatch', ({ open }) => open === true);
    expect(await ask('mover', 'move', { x: 0, y: 2 })).toBe(true);
    const lift = await fox.one('lift');
    const from = lift.y;
    await ask('lift', 'ride');
    await fox.until(() => lift.y < from - 50);
  });

  it('a zone’s own script: its state is everybody’s, its methods are called by the zone’s id', async () => {
    expect(fox.world).toMatchObject({ created: 1, entered: 'Hare' });
    await act(fox, zone, 'ring', { seconds: 0.1 });
    await fox.until(() => fox.world.rung === 1);
  });

  it('a limit fails its handler, and says which in words', async () => {
    const from = node.logs.length;
    expect((await failure(ask('limits', 'exceed', { limit: 'state' }))).code).toBe('object.failed');
    const line = await node.logged((one) => one.script === 'limits' && one.what === 'throw', from);
    expect(line).toMatchObject({ handler: 'methods.exceed', file: 'games/devtest/scripts/limits.ts' });
    expect(line.message).toMatch(/state\.data is too big/);
  });

  it.each([
    'depth',
    'memory',
    'message',
    'effect',
    'answer',
    'timers',
    'choices',
    'dice',
    'noDice',
    'speed',
    'spawns',
  ])('the limit of %s fails its handler and nothing else', async (limit) => {
    expect((await failure(ask('limits', 'exceed', { limit }))).code).toBe('object.failed');
    expect(fox.all('limits')[0]?.words).not.toContain('suspended');
    expect(fox.all('limits')[0]?.state).toEqual({ data: null });
  });

  it('what is over a rate is dropped, and counted', async () => {
    expect(await ask('limits', 'exceed', { limit: 'sends' })).toBe(20);
    await walk(fox, await fox.one('limits'), 2);
    await ask('limits', 'exceed', { limit: 'says' });
    await fox.until(() => fox.events.some((event) => event.ev === 'say' && event.text === 'Line 4.'));
    expect(fox.events.some((event) => event.ev === 'say' && event.text === 'Line 5.')).toBe(false);
  });
});

describe('a life', () => {
  it('OBJ-05 create once, load in every sandbox, and last words', async () => {
    const before = await stateOf('diary', ({ ticks }) => Number(ticks) > 0);
    expect(before).toMatchObject({ created: 1, loaded: 1, reason: 'start', entered: 'Hare' });
    await hare.call('zone.leave');
    await stateOf('diary', ({ left }) => left === 'Hare');
    const back = fox.next('snapshot');
    process.kill(node.logs.findLast((line) => line.msg === 'zone runs' && line.zone === zone)?.worker as number, 9);
    await back;
    expect(await stateOf('diary', ({ reason }) => reason === 'recover')).toMatchObject({ created: 1, loaded: 2 });
    await ask('diary', 'burn');
    await fox.until(() => fox.events.some((event) => event.ev === 'say' && event.text === 'The end.'));
    await fox.until(() => fox.all('diary').length === 0);
  });

  it('takes a player to another zone', async () => {
    await use('guide');
    await fox.until(() => fox.zone === 'devtest/hall');
  });
});

it('zone.dev-only: devtest can be entered in development and nowhere else', async () => {
  await using strict = await startTestNode({ game: 'farmyard', flags: ['--no-dev'] });
  const stranger = await strict.connect();
  for (const name of ['rules', 'den', 'stuck', 'hungry', 'floods', 'states', 'liars', 'throwers'])
    expect((await failure(stranger.enter(`devtest/${name}`, 'Fox'))).code).toBe('zone.dev-only');
  await stranger.enter('farmyard/barn', 'Fox');
});
