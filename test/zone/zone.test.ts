import { describe, expect, it } from 'vitest';
import type { Intent, TickIn } from '../../core/contract/driver.ts';
import { content, crate, emptySaved, farmer, kind, mapObject, mirror, once, row, startZone } from './support.ts';

const idA = '0001000000000001';
const idB = '0001000000000002';
const spawned = '0001000000001200';

const rows = (...objects: ReturnType<typeof row>[]) => ({ ...emptySaved, objects });

describe('ticks', () => {
  it('OBJ-12 start only after the content of the zone is loaded, and the first has all of it', () => {
    const test = startZone({ saved: rows(row(idA), row(idB, { x: 14 })) });
    expect(test.sent.map(({ type }) => type)).toEqual(['loaded']);
    expect(test.loads[0]?.objects.map(({ id }) => id)).toEqual([idA, idB]);
    expect(test.ticks).toEqual([]);
    const [first] = test.pass(0.05);
    expect(test.ticks).toHaveLength(1);
    expect(first?.pub.in.map(({ id, x, y }) => [id, x, y])).toEqual([
      [idA, 1000, 1000],
      [idB, 1400, 1000],
    ]);
  });

  it('OBJ-11 come at the rate of the zone, as long as a script has something to do', () => {
    const test = startZone({ script: () => ({ restless: true }) });
    test.pass(1);
    expect(test.ticks).toHaveLength(20);
    expect(test.ticks.map(({ tick }) => tick)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(test.ticks.every(({ dt }) => dt === 0.05)).toBe(true);
  });

  it('OBJ-11 after a stall are caught up five at a time with one frame, and the rest is dropped and counted', () => {
    let count = 0;
    const test = startZone({
      saved: rows(row(idA)),
      script: () => ({ restless: true, changes: [{ id: idA, state: { count: ++count } }] }),
    });
    test.pass(0.5);
    test.stall(1);
    const before = { ticks: test.ticks.length, frames: test.frames().length, count };
    test.zone.turn();
    expect(test.ticks.length - before.ticks).toBe(5);
    expect(test.frames().length - before.frames).toBe(1);
    expect(test.frames().at(-1)?.pub.changes).toEqual([{ slot: 0, state: { count: before.count + 5 } }]);
    expect(test.zone.stats().droppedTicks).toBe(15);
    const times = test.ticks.slice(-5).map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('stop by themselves when nothing can happen: no call, no frame, no turn, until a timer is due', () => {
    const timer = { object: idA, script: 'crate', name: 'pop', due: 1_000_060, every: null, data: null };
    const test = startZone({ saved: { ...rows(row(idA)), timers: [timer] } });
    test.pass(1);
    const calls = test.ticks.length;
    expect(test.pass(50)).toEqual([]);
    expect(test.ticks).toHaveLength(calls);
    expect(test.zone.nextTurnMs()).toBeGreaterThan(1_000_059_000);
    test.pass(20);
    expect(test.ticks.at(-1)?.time).toBeGreaterThanOrEqual(1_000_060);
    // Numbers of ticks go on as if all had run.
    expect(test.ticks.at(-1)?.tick).toBeGreaterThanOrEqual(1199);
    expect(test.zone.stats().droppedTicks).toBe(0);
  });
});

describe('content', () => {
  it('ZON-08 of the map is inserted exactly once in the life of a zone', () => {
    const map = content({ mapObjects: [mapObject(1), mapObject(2, { x: 20, state: { colour: 'red' } })] });
    const first = startZone({ content: map, saved: { ...emptySaved, populated: false } });
    const saved = first.saved();
    expect(saved.populated).toBe(true);
    expect(saved.objects.map(({ tiledId }) => tiledId)).toEqual([1, 2]);
    expect(first.loads[0]?.objects.every(({ fresh }) => fresh)).toBe(true);
    // The set that says so has the objects in it: a crash cannot part them.
    expect(first.frames()[0]?.keep).toMatchObject({ populated: true, objects: [{ tiledId: 1 }, { tiledId: 2 }] });

    const second = startZone({ content: map, saved });
    second.pass(1);
    expect(second.saved().objects.map(({ id }) => id)).toEqual(saved.objects.map(({ id }) => id));
    expect(second.loads[0]?.objects.some(({ fresh }) => fresh)).toBe(false);
  });

  it('of a saved map is merged by Tiled id: new appears, removed goes when play has not changed it', () => {
    const map = content({ mapObjects: [mapObject(1), mapObject(2, { x: 20 }), mapObject(3, { x: 25 })] });
    const test = startZone({ content: map, saved: { ...emptySaved, populated: false } });
    test.pass(0.1);
    const moved = test.saved().objects.find(({ tiledId }) => tiledId === 3)?.id ?? '';
    test.accept({ type: 'content', content: content({ mapObjects: [mapObject(1), mapObject(2, { x: 20 })] }) });
    test.pass(0.1);
    expect(test.saved().objects.map(({ tiledId }) => tiledId)).toEqual([1, 2]);
    expect(moved).not.toBe('');

    const next = content({ mapObjects: [mapObject(2, { x: 22 }), mapObject(4, { x: 30 })] });
    test.accept({ type: 'content', content: next });
    test.pass(0.1);
    expect(test.saved().objects.map(({ tiledId, x }) => [tiledId, x])).toEqual([
      [2, 22],
      [4, 30],
    ]);
  });

  it('that play has changed stays when it is removed from the map', () => {
    const map = content({ mapObjects: [mapObject(1)] });
    const test = startZone({
      content: map,
      saved: { ...emptySaved, populated: false },
      script: ({ tick }, { objects }) =>
        tick === 1 ? { intents: [{ verb: 'place', id: objects[0]?.id ?? '', x: 15, y: 15, checked: false }] } : {},
    });
    test.pass(0.5);
    test.accept({ type: 'content', content: content({ mapObjects: [] }) });
    test.pass(0.5);
    expect(test.saved().objects.map(({ tiledId, x }) => [tiledId, x])).toEqual([[1, 15]]);
  });
});

describe('physics', () => {
  it('PHY-02 pushes overlapping objects apart until they rest, and their places are saved and framed', () => {
    const test = startZone({ saved: rows(row(idA), row(idB, { x: 10.4 })) });
    const frames = test.pass(5);
    const saved = test.saved().objects;
    const [a, b] = saved as [(typeof saved)[0], (typeof saved)[0]];
    expect(b.x - a.x).toBeGreaterThan(0.98);
    expect([a.vx, b.vx]).toEqual([0, 0]);
    const seen = mirror(frames);
    expect(seen.get(idA)).toMatchObject({ x: Math.round(a.x * 100), vx: 0, vy: 0 });
    expect(seen.get(idB)).toMatchObject({ x: Math.round(b.x * 100) });
  });

  it('PHY-03 leaves objects that are not physical where they are, and they block nobody', () => {
    const test = startZone({
      saved: rows(row(idA), row(idB, { physical: false })),
      script: once({ verb: 'velocity', id: idA, vx: 3, vy: 0 }),
    });
    test.pass(3);
    const [a, b] = test.saved().objects;
    expect([b?.x, b?.y]).toEqual([10, 10]);
    expect(a?.x).toBeGreaterThan(10.4);
  });

  it('C-6 that are heaped up lose physics where it takes too long, and no player does', () => {
    const heap = Array.from({ length: 6 }, (_, i) => row(`000100000000001${i}`, { x: 10 + i / 10 }));
    const fox = row(idA, { kind: 'farmer', owner: 'guest:1', x: 10, y: 10 });
    const test = startZone({ saved: rows(fox, ...heap), reason: 'recover', stepLimitMs: -1 });
    test.pass(2);
    const [player, ...crates] = test.saved().objects;
    expect(player).toMatchObject({ id: idA, physical: true });
    expect(crates.filter(({ physical }) => !physical).length).toBeGreaterThan(2);
  });

  it('PHY-04 takes what scripts move from its new place, and settled objects cause no more frames or sets', () => {
    const test = startZone({
      saved: rows(row(idA), row(idB, { x: 20 })),
      script: once({ verb: 'place', id: idA, x: 19.6, y: 10, checked: false }),
    });
    const frames = test.pass(6);
    expect(frames[0]?.pub.in.find(({ id }) => id === idA)?.x).toBeGreaterThan(1800);
    expect(mirror(frames).get(idB)?.x).toBeGreaterThan(2000);
    expect(test.pass(30)).toEqual([]);
    expect(test.zone.nextTurnMs()).toBeNull();
  });

  it('PHY-05 is optional: without it objects overlap in peace and still go where scripts send them', () => {
    const test = startZone({
      content: content({}, { physics: null }),
      saved: rows(row(idA), row(idB)),
      script: once({ verb: 'walk', id: idA, to: { x: 14, y: 10 }, speed: 2 }),
    });
    test.pass(5);
    const [a, b] = test.saved().objects;
    expect(a?.x).toBeCloseTo(14, 0);
    expect([b?.x, b?.y, b?.changed]).toEqual([10, 10, 1]);
    expect(test.ticks.flatMap(({ walks }) => walks)).toEqual([
      [idA, 'going'],
      [idA, 'there'],
    ]);
  });

  it('tells contacts to the scripts in the tick after', () => {
    const test = startZone({
      saved: rows(row(idA), row(idB, { x: 12 })),
      script: once({ verb: 'velocity', id: idA, vx: 20, vy: 0 }),
    });
    test.pass(1);
    expect(test.ticks.flatMap(({ contacts }) => contacts)[0]).toEqual([idA, idB, true]);
  });

  it('takes the body of a plain thing from the map, fixed when its property says so', () => {
    const shape = { shape: 'box', width: 1, height: 1 } as const;
    const things = [
      mapObject(1, { kind: 'stone', shape, state: { static: true } }),
      mapObject(2, { kind: 'stone', shape, x: 10.4 }),
    ];
    const test = startZone({ content: content({ mapObjects: things }), saved: { ...emptySaved, populated: false } });
    const seen = mirror(test.pass(3));
    expect([...seen.values()].map(({ body }) => body)).toEqual([shape, shape]);
    const [fixed, loose] = test.saved().objects;
    expect(fixed?.x).toBe(10);
    expect(loose?.x).toBeGreaterThan(10.9);
  });
});

describe('frames', () => {
  it('have a body in them only when its integers changed, and a jump marked as one', () => {
    const test = startZone({
      saved: rows(row(idA, { physical: false }), row(idB, { x: 20, physical: false })),
      script: ({ tick }) => {
        if (tick === 2)
          return { intents: [{ verb: 'place', id: idA, x: 10.001, y: 10, checked: true }], restless: true };
        if (tick === 3) return { intents: [{ verb: 'place', id: idA, x: 12, y: 10, checked: false }] };
        return { restless: tick < 3 };
      },
    });
    const [first, ...later] = test.pass(1);
    expect(first?.pub.in).toHaveLength(2);
    const moving = later.filter(({ pub }) => pub.moves.length > 0);
    expect(moving).toHaveLength(1);
    expect(moving[0]?.pub).toMatchObject({ moves: [0, 1200, 1000, 0, 0, 0], jumps: [0] });
  });

  it('hold changed keys only; own goes to the owner; what a script keeps for itself is in the set alone', () => {
    const test = startZone({
      saved: rows(row(idA, { owner: 'guest:1', state: { a: 1, b: 1 }, own: { gold: 1 } })),
      reason: 'recover',
      script: ({ tick }) =>
        tick === 2
          ? { changes: [{ id: idA, state: { b: 2 }, own: { gold: 2 }, keep: { secret: { code: 'xyzzy' } } }] }
          : { restless: tick < 2 },
    });
    const frames = test.pass(1);
    const [first] = frames;
    expect(first?.pub.own).toEqual([{ owner: 'guest:1', id: idA, own: { gold: 1 } }]);
    const change = frames.find(({ pub }) => pub.changes.length > 0);
    expect(change?.pub.changes).toEqual([{ slot: 0, state: { b: 2 } }]);
    expect(change?.pub.own).toEqual([{ owner: 'guest:1', id: idA, own: { gold: 2 } }]);
    expect(JSON.stringify(frames.map(({ pub }) => pub))).not.toContain('xyzzy');
    expect(test.saved().objects[0]).toMatchObject({ state: { a: 1, b: 2 }, keep: { secret: { code: 'xyzzy' } } });
  });

  it('bring a persist set at intervals, and at once for a durable answer', () => {
    const test = startZone({
      saved: rows(row(idA, { kind: 'farmer', owner: 'guest:1' })),
      reason: 'recover',
      script: ({ items, tick }) => ({
        restless: true,
        changes: [{ id: idA, state: { tick } }],
        outcomes: items.flatMap((item) =>
          item.type === 'call' ? { call: item.call, ok: true, result: 'done', durable: false } : [],
        ),
      }),
    });
    const sets = test.pass(2).filter(({ keep }) => keep);
    expect(sets.length).toBeGreaterThanOrEqual(7);
    expect(sets.length).toBeLessThanOrEqual(8);
    const call = { type: 'call', owner: 'guest:1', character: idA, object: idA, method: 'x', params: {} } as const;
    test.items({ ...call, call: 1, durable: true });
    const answered = test.pass(0.05).find(({ outcomes }) => outcomes.length > 0);
    expect(answered?.outcomes).toEqual([{ call: 1, ok: true, result: 'done', durable: true }]);
    expect(answered?.keep?.objects).toMatchObject([{ id: idA, state: { tick: answered?.pub.tick } }]);
  });
});

describe('intents', () => {
  const born = {
    x: 11,
    y: 11,
    angle: 0,
    vx: 0,
    vy: 0,
    holder: null,
    ignore: [],
    state: {},
    own: {},
    keep: {},
  } as const;
  const hatch = {
    ...born,
    verb: 'spawn',
    by: idA,
    id: spawned,
    kind: 'egg',
    name: 'Egg',
    look: '🥚',
    owner: null,
  } as const;
  const refusedBy = (ticks: readonly TickIn[]) => ticks.flatMap(({ refused }) => refused);

  it('spawn objects with leased ids, once each', () => {
    const spawn = { ...hatch, state: { warm: true } } as const;
    const test = startZone({
      saved: rows(row(idA)),
      script: once(spawn, spawn, { ...spawn, id: '0001000000009999' }, { ...spawn, id: idB }, { ...spawn, by: idB }),
    });
    test.pass(0.5);
    expect(test.saved().objects.map(({ id }) => id)).toEqual([idA, spawned]);
    expect(mirror(test.frames()).get(spawned)).toMatchObject({
      kind: 'egg',
      name: 'Egg',
      look: '🥚',
      state: { warm: true },
    });
    expect(refusedBy(test.ticks).map(({ verb }) => verb)).toEqual(['spawn', 'spawn', 'spawn', 'spawn']);
  });

  it('that are refused have used up their ids: the zone asks for more in time', () => {
    const idAt = (n: number) => `0001${(0x1080 + n).toString(16).padStart(12, '0')}`;
    let given = 0;
    const wrong = () => ({ ...hatch, id: idAt(given++), look: { evil: 1 } as never });
    const test = startZone({
      saved: rows(row(idA)),
      script: () => ({ intents: given < 800 ? Array.from({ length: 200 }, wrong) : [], restless: true }),
    });
    expect(test.pass(0.5).flatMap(({ requests }) => requests)).toEqual([{ type: 'ids' }]);
  });

  it.each([
    ['S5 a number that is none', { verb: 'velocity', id: idA, vx: Number.NaN, vy: 0 }],
    ['a place outside', { verb: 'place', id: idA, x: 41, y: 0, checked: false }],
    ['an object that is not here', { verb: 'velocity', id: idB, vx: 1, vy: 0 }],
    ['a circle of holders', { verb: 'hold', id: idA, holder: idA, x: 0, y: 0 }],
    ['data that is too big', { verb: 'effect', id: idA, name: 'x', data: 'x'.repeat(5000) }],
    ['half a character', { verb: 'emit', name: 'x', data: '\ud800' }],
    ['a player sent away by a stranger', { verb: 'goto', id: idA, who: idB, zone: 'test/barn', at: null }],
    ['a second character of a player', { ...hatch, kind: 'farmer', owner: idA }],
    ['no text', { verb: 'say', id: idA, text: '\u0000 \u0007', player: false }],
    ['a verb that does not exist', { verb: 'constructor', id: idA } as never],
  ] as const)('with %s are refused, told to the script and reported', (_name, intent) => {
    const test = startZone({ saved: rows(row(idA)), script: once(intent) });
    test.pass(0.5);
    expect(refusedBy(test.ticks)).toMatchObject([{ verb: intent.verb }]);
    expect(test.sent.find(({ type }) => type === 'reports')).toMatchObject({ reports: [{ what: 'refused' }] });
    expect(test.saved().objects).toMatchObject([{ id: idA, x: 10, y: 10, vx: 0 }]);
  });

  it('S7 refuse states that no database should have', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`);
    const states = [{ deep }, { big: 'x'.repeat(20_000) }, { text: 'a\u0000b' }, JSON.parse('{"__proto__":{"x":1}}')];
    const test = startZone({
      saved: rows(row(idA)),
      script: ({ tick }) => (tick === 1 ? { changes: states.map((state) => ({ id: idA, state })) } : {}),
    });
    test.pass(0.5);
    expect(refusedBy(test.ticks)).toHaveLength(4);
    expect(test.saved().objects[0]?.state).toEqual({});
  });

  it('refuse states that together would not fit into a frame, and let them shrink', () => {
    const objects = Array.from({ length: 300 }, (_, i) =>
      row((2 ** 48 + i).toString(16).padStart(16, '0'), { physical: false }),
    );
    const test = startZone({
      saved: rows(...objects),
      script: ({ tick }) => {
        const big = tick === 1 ? 'x'.repeat(15_000) : tick === 2 ? `y${'x'.repeat(15_500)}` : 'small';
        return { changes: objects.map(({ id }) => ({ id, state: { big } })), restless: tick < 3 };
      },
    });
    test.pass(0.05);
    const written = test.frames()[0]?.pub.in.filter(({ state }) => state.big !== undefined).length ?? 0;
    expect(written).toBeGreaterThan(250);
    expect(written).toBeLessThan(300);
    test.pass(0.05);
    expect(test.frames()[1]?.pub.changes ?? []).toEqual([]);
    test.pass(0.3);
    expect(test.saved().objects.every(({ state }) => state.big === 'small')).toBe(true);
  });

  it('of speech are heard where the object stands, cleaned of what is no text, and saved as lines', () => {
    const test = startZone({
      saved: rows(row(idA, { name: 'Hen' })),
      script: once({ verb: 'say', id: idA, text: 'Cluck\u202e\n!', player: true }),
    });
    const [frame] = test.pass(0.3);
    const said = { text: 'Cluck !', player: false, name: 'Hen' };
    expect(frame?.pub.events).toMatchObject([{ type: 'say', id: idA, x: 1000, y: 1000, ...said }]);
    expect(test.frames().flatMap(({ keep }) => keep?.lines ?? [])).toMatchObject([
      { from: idA, x: 10, y: 10, ...said },
    ]);
  });

  it('of what is shown are bounded, and no kind leaves nothing for the others', () => {
    const show = (id: string, name: string, data: string | null = null) =>
      ({ verb: 'effect', id, name, data }) as const;
    const shown = (...intents: Intent[]) => {
      const test = startZone({ saved: rows(row(idA), row(idB, { kind: 'farmer' })), script: once(...intents) });
      const events = test.pass(0.5).flatMap(({ pub }) => pub.events);
      const count = (name: string) => events.filter((event) => event.type === 'effect' && event.name === name).length;
      return [count('flood'), count('one'), refusedBy(test.ticks).length];
    };
    expect(shown(...Array(3_000).fill(show(idA, 'flood')), show(idB, 'one'))).toEqual([1_000, 1, 100]);
    const large = show(idA, 'flood', 'x'.repeat(4_000));
    expect(shown(...Array(300).fill(large), show(idB, 'one'))).toEqual([262, 1, 38]);
  });

  it('put things into each other and out again in one row', () => {
    const test = startZone({
      saved: rows(row(idA), row(idB, { x: 20 })),
      script: ({ tick }) => {
        if (tick === 1) return { intents: [{ verb: 'hold', id: idB, holder: idA, x: 0, y: 0 }], restless: true };
        if (tick === 2) return { intents: [{ verb: 'hold', id: idA, holder: idB, x: 0, y: 0 }], restless: true };
        if (tick === 4) return { intents: [{ verb: 'hold', id: idB, holder: null, x: 5, y: 5 }] };
        return { restless: tick < 4 };
      },
    });
    test.pass(0.11);
    expect(mirror(test.frames()).get(idB)?.holder).toBe(idA);
    test.pass(0.5);
    expect(refusedBy(test.ticks)).toMatchObject([{ id: idA, verb: 'hold' }]);
    expect(mirror(test.frames()).get(idB)).toMatchObject({ holder: null, x: 500, y: 500 });
  });

  it('destroy what an object holds with it', () => {
    const test = startZone({
      saved: rows(row(idA), row(idB, { holder: idA })),
      script: once({ verb: 'destroy', id: idA }),
    });
    test.pass(0.5);
    expect(test.saved().objects).toEqual([]);
    expect(test.frames().at(-1)?.pub.events).toEqual([]);
  });
});

describe('a stopped tick', () => {
  it('did not happen: the isolate is rebuilt and the tick is run again', () => {
    let stops = 1;
    const test = startZone({
      saved: rows(row(idA)),
      script: ({ tick }) => {
        if (tick === 2 && stops-- > 0) return { fault: { kind: 'timeout', message: 'over 200 ms' } };
        return { changes: [{ id: idA, state: { tick } }], restless: tick < 4 };
      },
    });
    test.pass(0.5);
    expect(test.loads.map(({ reason }) => reason)).toEqual(['start', 'recover']);
    expect(test.loads[1]?.objects[0]?.state).toEqual({ tick: 1 });
    expect(test.saved().objects[0]?.state).toEqual({ tick: 4 });
    expect(test.sent.find(({ type }) => type === 'reports')).toMatchObject({ reports: [{ what: 'stopped' }] });
  });

  it('again and again leaves the zone without scripts for a while, and it lives on', () => {
    const test = startZone({
      saved: rows(row(idA, { kind: 'farmer', owner: 'guest:1' }), row(idB, { x: 20 })),
      reason: 'recover',
      script: () => ({ fault: { kind: 'timeout', message: 'over 200 ms' } }),
    });
    test.pass(5);
    expect(test.loads).toHaveLength(3);
    const call = { type: 'call', owner: 'guest:1', character: idA, object: idA, method: 'x', params: {} } as const;
    test.items({ ...call, call: 9, durable: false });
    const outcomes = test.pass(1).flatMap((frame) => frame.outcomes);
    expect(outcomes).toMatchObject([{ call: 9, ok: false, code: 'object.suspended' }]);
    test.pass(12);
    expect(test.loads.length).toBeGreaterThan(3);
  });

  it('answers a call that stops it twice', () => {
    const test = startZone({
      saved: rows(row(idA, { kind: 'farmer', owner: 'guest:1' })),
      reason: 'recover',
      script: ({ items }) =>
        items.some(({ type }) => type === 'call') ? { fault: { kind: 'memory', message: 'full' } } : { intents: [] },
    });
    test.pass(0.2);
    const call = { type: 'call', owner: 'guest:1', character: idA, object: idA, method: 'x', params: {} } as const;
    test.items({ ...call, call: 9, durable: false });
    const outcomes = test.pass(1).flatMap((frame) => frame.outcomes);
    expect(outcomes).toMatchObject([{ call: 9, ok: false, code: 'object.failed' }]);
    expect(test.loads).toHaveLength(3);
  });
});

describe('new programs', () => {
  it('take over with the state moved, and bodies and looks follow', () => {
    let body = crate.body;
    const kinds = [farmer, kind('crate', { body, look: '📦' })];
    const test = startZone({ kinds, saved: rows(row(idA), row(idB, { x: 20, look: '🎁' })) });
    test.pass(0.2);
    body = { shape: 'circle', radius: 0.7 };
    kinds[1] = kind('crate', { body, look: '🧺' });
    test.accept({ type: 'programs', programs: [], way: 'new' });
    expect(test.sent.at(-1)).toMatchObject({ type: 'swapped', ok: true });
    test.pass(0.2);
    const seen = mirror(test.frames());
    expect(seen.get(idA)).toMatchObject({ look: '🧺', body });
    expect(seen.get(idB)).toMatchObject({ look: '🎁', body });
    expect(test.loads.at(-1)).toMatchObject({ reason: 'reload', objects: [{ id: idA }, { id: idB }] });
  });
});
