import { describe, expect, it } from 'vitest';
import { content, emptySaved, mapObject, mirror, row, startZone } from './support.ts';

const hen = '0001000000000001';
const egg = '0001000000000002';
const shell = '0001000000000003';
const owner = 'guest:00112233445566aa';

const rows = (...objects: ReturnType<typeof row>[]) => ({ ...emptySaved, objects });
const player = (more: Parameters<typeof row>[1] = {}) => row(hen, { kind: 'farmer', name: 'Fox', owner, ...more });
const join = { type: 'join', call: 1, owner, name: 'Fox', character: null } as const;

describe('a character', () => {
  it('is made at the spawn, where nothing that stands there is in its way', () => {
    const solids = [
      {
        points: [3, 4.4].flatMap((x) => [
          { x, y: 3 },
          { x, y: 5.4 },
        ]),
        closed: false,
      },
    ];
    const test = startZone({ content: content({ solids }), saved: rows(row(egg, { x: 5, y: 5 })) });
    test.items(join);
    const [frame] = test.pass(0.1);
    const result = frame?.outcomes[0];
    if (!result?.ok) throw new Error('the join was refused');
    const { character, made } = result.result as { character: string; made: boolean };
    expect(made).toBe(true);
    const seen = mirror(test.frames()).get(character);
    expect(seen).toMatchObject({ kind: 'farmer', name: 'Fox', owner, body: { shape: 'circle' } });
    const far = Math.hypot((seen?.x ?? 0) - 500, (seen?.y ?? 0) - 500);
    expect(far).toBeGreaterThan(60);
    expect(far).toBeLessThan(300);
    expect(test.ticks[0]).toMatchObject({
      loaded: [{ id: character, fresh: true, owner }],
      items: [{ type: 'join', character }],
    });
  });

  it('that is here already is taken over, and all that is its own is told again', () => {
    const test = startZone({ saved: rows(player({ own: { gold: 3 } })), reason: 'recover' });
    test.pass(0.1);
    test.items({ ...join, character: hen });
    const [frame] = test.pass(0.1);
    expect(frame?.outcomes).toEqual([{ call: 1, ok: true, result: { character: hen, made: false }, durable: false }]);
    expect(frame?.pub.own).toEqual([{ owner, id: hen, own: { gold: 3 } }]);
    expect(test.zone.stats().players).toBe(1);
  });

  it('stops where it stands when its connection is lost, and stays', () => {
    const test = startZone({
      saved: rows(player()),
      reason: 'recover',
      script: ({ tick }) => (tick === 1 ? { intents: [{ verb: 'velocity', id: hen, vx: 4, vy: 0 }] } : {}),
      content: content({}, { physics: null }),
    });
    test.pass(0.5);
    test.items({ type: 'connected', owner, character: hen, connected: false });
    test.pass(0.1);
    const before = test.saved().objects[0];
    test.pass(1);
    expect(before).toMatchObject({ id: hen, vx: 0 });
    expect(test.saved().objects[0]?.x).toBe(before?.x);
  });

  it('that leaves is gone, and what it carried lies where it stood', () => {
    const test = startZone({
      saved: rows(player(), row(egg, { holder: hen, x: 1, y: 1 }), row(shell, { holder: egg })),
      reason: 'recover',
    });
    test.pass(0.1);
    test.items({ type: 'leave', owner, character: hen });
    test.pass(0.1);
    expect(test.saved().objects).toMatchObject([
      { id: egg, holder: null, x: 10, y: 10 },
      { id: shell, holder: egg },
    ]);
    // The isolate, whose scripts did nothing about it, is told.
    expect(test.ticks.flatMap(({ loaded }) => loaded)).toMatchObject([{ id: egg, holder: null }]);
  });

  it('of a guest found when a zone starts leaves with the first tick, and stays when it recovers', () => {
    const started = startZone({ saved: rows(player(), row(egg)) });
    started.pass(0.1);
    expect(started.ticks[0]?.items).toEqual([{ type: 'leave', owner, character: hen }]);
    expect(started.saved().objects.map(({ id }) => id)).toEqual([egg]);

    const recovered = startZone({ saved: rows(player(), row(egg)), reason: 'recover' });
    recovered.pass(0.1);
    expect(recovered.saved().objects.map(({ id }) => id)).toEqual([hen, egg]);
    expect(recovered.loads[0]?.connected).toEqual([owner]);
  });

  it('is ended by no script', () => {
    const test = startZone({
      saved: rows(player()),
      reason: 'recover',
      script: ({ tick }) => (tick === 1 ? { intents: [{ verb: 'destroy', id: hen }] } : {}),
    });
    test.pass(0.5);
    expect(test.saved().objects).toHaveLength(1);
  });

  it('calls and speaks only as itself', () => {
    const stranger = 'guest:ffffffffffffffff';
    const test = startZone({ saved: rows(player(), row(egg)), reason: 'recover' });
    const call = { type: 'call', character: hen, object: egg, method: 'x', params: {}, durable: false } as const;
    test.items(
      { ...call, call: 1, owner: stranger },
      { ...call, call: 2, owner, object: '0001000000000009' },
      { type: 'say', call: 3, owner: stranger, character: hen, text: 'I am Fox' },
      { type: 'say', call: 4, owner, character: hen, text: 'Hello\u0007!' },
      { type: 'input', owner: stranger, character: hen, seq: 1, input: {} },
    );
    const frames = test.pass(0.3);
    expect(frames.flatMap(({ outcomes }) => outcomes)).toMatchObject([
      { call: 1, ok: false, code: 'object.no-character' },
      { call: 2, ok: false, code: 'object.not-found' },
      { call: 3, ok: false, code: 'object.no-character' },
      { call: 4, ok: true },
    ]);
    expect(frames.flatMap(({ pub }) => pub.events)).toMatchObject([{ type: 'say', text: 'Hello !', player: true }]);
    expect(test.ticks[0]?.items.map(({ type }) => type)).toEqual(['say']);
  });
});

describe('a move', () => {
  const timers = [{ object: egg, script: 'egg', name: 'hatch', due: 2_000_000, every: null, data: null }];
  const loaded = rows(player(), row(egg, { holder: hen, kind: 'egg' }), row(shell, { x: 20 }));

  it('takes an object whole, with what it holds and their timers, in a frame that saves the rest', () => {
    const test = startZone({ saved: { ...loaded, timers }, reason: 'recover' });
    test.pass(0.3);
    test.items({ type: 'take', move: 5, object: hen });
    const [frame] = test.pass(0.1);
    expect(frame?.taken).toMatchObject([{ move: 5, objects: [{ id: hen }, { id: egg, holder: hen }], timers }]);
    expect(frame?.keep).toMatchObject({ objects: [], removed: [], timers: [] });
    expect(frame?.pub.out).toEqual([0, 1]);
    expect(mirror(test.frames()).size).toBe(1);
  });

  it('puts what arrives where it was sent, tells the scripts, and leaves what is here already alone', () => {
    const areas = [{ name: 'door', x: 30, y: 20, width: 2, height: 2 }];
    const test = startZone({ content: content({ areas }), saved: rows(row(shell, { x: 20 })) });
    test.pass(0.3);
    const objects = [player({ x: 1, y: 1 }), row(egg, { holder: hen, kind: 'egg' }), row(shell, { x: 1 })];
    test.items({ type: 'arrive', objects, timers, at: 'door', owner });
    test.pass(0.1);
    const tick = test.ticks.at(-1);
    expect(tick?.loaded.map(({ id, reason, fresh }) => [id, reason, fresh])).toEqual([
      [hen, 'arrive', false],
      [egg, 'arrive', false],
    ]);
    expect(tick).toMatchObject({ timers, items: [{ type: 'arrive', objects: [] }] });
    const saved = test.saved();
    expect(saved.objects).toMatchObject([
      { id: hen, x: 30, y: 20 },
      { id: egg, holder: hen },
      { id: shell, x: 20 },
    ]);
    expect(saved.timers).toEqual(timers);
    const at = mirror(test.frames()).get(hen);
    expect([at?.x, at?.y]).toEqual([3000, 2000]);
  });

  it('is asked for by who goes, or by what the character met in this tick, and not too often', () => {
    const go = { verb: 'goto', who: hen, zone: 'test/barn', at: null } as const;
    const test = startZone({
      saved: loaded,
      reason: 'recover',
      script: ({ tick, items }) => {
        if (tick === 1) return { intents: [{ ...go, id: shell }], restless: true };
        if (items.some(({ type }) => type === 'call')) {
          return {
            intents: [
              { ...go, id: shell },
              { ...go, id: shell },
              { ...go, id: egg },
            ],
          };
        }
        return {};
      },
    });
    expect(test.pass(0.3).flatMap(({ requests }) => requests)).toEqual([]);
    const call = { type: 'call', owner, character: hen, method: '@activate', params: {}, durable: false } as const;
    test.items({ ...call, call: 1, object: shell });
    const requests = test.pass(0.3).flatMap((frame) => frame.requests);
    expect(requests).toEqual([{ type: 'goto', object: hen, zone: 'test/barn', at: null }]);
  });
});

describe('sleep', () => {
  it('stops every tick after a last set, and goes on where it was', () => {
    const test = startZone({ saved: rows(row(egg)), script: () => ({ restless: true }) });
    test.pass(1);
    test.accept({ type: 'sleep' });
    const [last] = test.pass(0.1);
    expect(last).toMatchObject({ asleep: true, keep: { populated: true } });
    const calls = test.ticks.length;
    test.pass(100);
    expect(test.ticks).toHaveLength(calls);
    expect(test.zone.nextTurnMs()).toBeNull();
    test.accept({ type: 'wake' });
    test.pass(0.11);
    expect(test.ticks).toHaveLength(calls + 2);
    expect(test.zone.stats().droppedTicks).toBe(0);
  });

  it('for ever is a close: one last frame with everything, and nothing after it', () => {
    const test = startZone({
      content: content({ mapObjects: [mapObject(1)] }),
      saved: { ...emptySaved, populated: false },
    });
    test.accept({ type: 'close' });
    test.pass(0.1);
    expect(test.frames().at(-1)).toMatchObject({ closed: true, keep: { populated: true, objects: [{ tiledId: 1 }] } });
    expect(test.zone.closed()).toBe(true);
    const before = test.frames().length;
    test.items(join);
    test.pass(1);
    expect(test.frames()).toHaveLength(before);
  });
});
