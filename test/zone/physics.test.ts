import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodySpec, Solid } from '../../core/contract/content.ts';
import { createPhysics, type Physics, type PhysicsOptions } from '../../core/zone/physics.ts';

const dt = 0.05;
const still = { angle: 0, vx: 0, vy: 0 };
const crate: BodySpec = { shape: 'box', width: 1, height: 1 };
const ball: BodySpec = { shape: 'circle', radius: 0.3 };
const wall: Solid = {
  closed: true,
  points: [
    { x: 10, y: 0 },
    { x: 11, y: 0 },
    { x: 11, y: 15 },
    { x: 10, y: 15 },
  ],
};

function make(options: Partial<PhysicsOptions> = {}): Physics {
  return createPhysics({ width: 20, height: 20, linearDamping: 4, angularDamping: 4, solids: [], ...options });
}

/** Steps until everything sleeps. @returns seconds, at most 20. */
function settle(physics: Physics): number {
  let steps = 0;
  for (; physics.awake() && steps < 400; steps++) {
    physics.step(dt);
    physics.contacts();
  }
  return steps * dt;
}

const idOf = (i: number) => `o${String(i).padStart(4, '0')}`;

describe('bodies', () => {
  it('PHY-01 what does not move blocks a place, what can be pushed does not', () => {
    const physics = make({ solids: [wall] });
    physics.add('fox', ball, { x: 5, y: 5, ...still });
    physics.add('post', { ...crate, type: 'static' }, { x: 7, y: 5, ...still });
    physics.add('gate', { ...crate, type: 'kinematic' }, { x: 5, y: 8, ...still });
    physics.add('crate', crate, { x: 3, y: 5, ...still });
    physics.add('mat', { ...crate, type: 'static', sensor: true }, { x: 5, y: 2, ...still });
    expect(physics.blocked('fox', 6.5, 5)).toBe(true);
    expect(physics.blocked('fox', 5, 7.5)).toBe(true);
    expect(physics.blocked('fox', 9.8, 5)).toBe(true);
    expect(physics.blocked('fox', 10.5, 5)).toBe(true);
    expect(physics.blocked('fox', 0.1, 5)).toBe(true);
    expect(physics.blocked('fox', Number.NaN, 5)).toBe(true);
    expect(physics.blocked('fox', 3, 5)).toBe(false);
    expect(physics.blocked('fox', 5, 2)).toBe(false);
    expect(physics.blocked('fox', 6.1, 5)).toBe(false);
    physics.solid('post', false);
    expect(physics.blocked('fox', 6.5, 5)).toBe(false);
  });

  it('PHY-02 overlapping crates are pushed apart and sleep within 5 s, each told at rest once', () => {
    for (const gap of [0, 0.3, 0.7]) {
      const physics = make();
      for (let i = 0; i < 40; i++) {
        physics.add(idOf(i), crate, { x: 8 + (i % 8) * gap, y: 8 + Math.floor(i / 8) * gap, ...still });
      }
      const last = new Map<string, number>();
      let seconds = 0;
      for (; physics.awake() && seconds < 20; seconds += dt) {
        for (const { id, vx, vy } of physics.step(dt)) last.set(id, Math.hypot(vx, vy));
        physics.contacts();
      }
      expect(seconds).toBeLessThan(5);
      expect([...last.values()].every((speed) => speed === 0)).toBe(true);
      const places = Array.from({ length: 40 }, (_, i) => physics.find(idOf(i)) ?? { x: 0, y: 0 });
      const overlaps = places.flatMap((a, i) =>
        places.slice(i + 1).filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < 0.95),
      );
      expect(overlaps).toEqual([]);
    }
  });

  it('PHY-02 a crowd without room to come apart comes to rest as well', () => {
    const physics = make({ width: 6, height: 6 });
    for (let i = 0; i < 60; i++) physics.add(idOf(i), crate, { x: 0.5 + (i % 6), y: 0.5 + (i % 5), ...still });
    expect(settle(physics)).toBeLessThan(6);
  });

  it('PHY-03 sensors and bodies that are not solid push nobody and are told when touched', () => {
    const physics = make();
    physics.add('egg', { ...ball, sensor: true }, { x: 5.1, y: 5, ...still });
    physics.add('ghost', { ...ball, solid: false }, { x: 4.9, y: 5, ...still });
    physics.add('hen', ball, { x: 5, y: 5, ...still });
    physics.step(dt);
    expect(physics.contacts()).toEqual([
      ['egg', 'ghost', true],
      ['egg', 'hen', true],
      ['ghost', 'hen', true],
    ]);
    settle(physics);
    expect(physics.find('hen')).toMatchObject({ x: 5, y: 5 });
  });

  it('PHY-04 a body that is moved by hand pushes what is there; nothing is told of what sleeps', () => {
    const physics = make();
    physics.add('crate', crate, { x: 5, y: 5, ...still });
    physics.add('far', crate, { x: 15, y: 15, ...still });
    settle(physics);
    expect(physics.awake()).toBe(false);
    physics.add('other', crate, { x: 9, y: 5, ...still });
    settle(physics);
    expect(physics.place('other', 5.4, 5)).toEqual({ kind: 'placed', x: 5.4, y: 5 });
    const told = new Set<string>();
    for (; physics.awake(); physics.contacts()) for (const { id } of physics.step(dt)) told.add(id);
    expect([...told].sort()).toEqual(['crate', 'other']);
    expect((physics.find('other')?.x ?? 0) - (physics.find('crate')?.x ?? 0)).toBeGreaterThan(0.98);
  });

  it('a character pushes a crate and is stopped by walls, edges and static bodies', () => {
    const physics = make({ solids: [wall] });
    physics.add('fox', ball, { x: 5, y: 5, ...still });
    physics.add('crate', crate, { x: 6.5, y: 5, ...still });
    for (let i = 0; i < 100; i++) {
      physics.velocity('fox', 4, 0);
      physics.step(dt);
    }
    expect(physics.find('crate')?.x).toBeGreaterThan(8);
    expect(physics.find('crate')?.x).toBeLessThan(9.52);
    expect(physics.find('fox')?.x).toBeLessThan(8.72);
  });

  it('a fast ball does not pass a thin fence', () => {
    const fence: Solid = {
      closed: false,
      points: [
        { x: 15, y: 0 },
        { x: 15, y: 20 },
      ],
    };
    const physics = make({ solids: [fence] });
    physics.add('ball', { shape: 'circle', radius: 0.1, damping: 0 }, { x: 5, y: 10, angle: 0, vx: 100, vy: 0 });
    for (let i = 0; i < 20; i++) physics.step(dt);
    expect(physics.find('ball')?.x).toBeLessThan(15);
  });

  it('kinematic bodies move by their velocity, and never out of the zone', () => {
    const physics = make();
    physics.add('lift', { ...crate, type: 'kinematic' }, { x: 10, y: 10, angle: 0, vx: 10, vy: 0 });
    physics.step(dt);
    expect(physics.find('lift')?.x).toBeCloseTo(10.5);
    settle(physics);
    expect(physics.find('lift')).toMatchObject({ x: 20, vx: 0 });
  });

  it('ignored pairs pass through each other untold, also when the other one ignores', () => {
    const physics = make();
    physics.add('bow', ball, { x: 5, y: 5, ...still });
    physics.add('arrow', ball, { x: 5.2, y: 5, ...still }, { ignore: ['bow'] });
    physics.step(dt);
    expect(physics.contacts()).toEqual([]);
    settle(physics);
    expect(physics.find('arrow')).toMatchObject({ x: 5.2, y: 5 });
  });

  it('opening and closing a door, and changing its type, wakes what leans on it', () => {
    const physics = make();
    physics.add('door', { ...crate, type: 'static' }, { x: 5, y: 5, ...still });
    physics.add('fox', ball, { x: 3, y: 5, ...still });
    settle(physics);
    physics.solid('door', false);
    physics.place('fox', 5, 5.1);
    physics.step(dt);
    physics.step(dt);
    expect(physics.contacts()).toEqual([['door', 'fox', true]]);
    settle(physics);
    physics.solid('door', true);
    settle(physics);
    const fox = physics.find('fox') ?? { x: 5, y: 5 };
    expect(Math.hypot(fox.x - 5, fox.y - 5)).toBeGreaterThan(0.75);
    physics.type('door', 'dynamic');
    physics.push('door', 3, 0);
    expect(physics.step(dt).map(({ id }) => id)).toContain('door');
  });

  it('turns, keeps its angle between −π and π, and characters do not spin', () => {
    const physics = make();
    physics.add('fox', ball, { x: 5, y: 5, ...still });
    physics.add('crate', crate, { x: 5.8, y: 5.3, ...still });
    settle(physics);
    expect(physics.find('fox')?.angle).toBe(0);
    physics.turn('crate', 7);
    settle(physics);
    expect(physics.find('crate')?.angle).toBeCloseTo(7 - 2 * Math.PI, 1);
  });
});

describe('contacts', () => {
  it('are told once when they begin and once when they end, also when one body is gone', () => {
    const physics = make();
    physics.add('b', ball, { x: 5, y: 5, ...still });
    physics.add('a', ball, { x: 5.5, y: 5, ...still });
    physics.step(dt);
    expect(physics.contacts()).toEqual([['a', 'b', true]]);
    expect(physics.contacts()).toEqual([]);
    physics.remove('b');
    expect(physics.awake()).toBe(true);
    expect(physics.contacts()).toEqual([['a', 'b', false]]);
    settle(physics);
    expect(physics.awake()).toBe(false);
    expect(physics.contacts()).toEqual([]);
  });

  it('that begin and end between two looks are told in two', () => {
    const physics = make();
    physics.add('a', { ...ball, sensor: true }, { x: 5, y: 5, ...still });
    physics.add('b', ball, { x: 5.2, y: 5, ...still });
    physics.step(dt);
    physics.place('b', 9, 5);
    physics.step(dt);
    expect(physics.contacts()).toEqual([['a', 'b', true]]);
    expect(physics.contacts()).toEqual([['a', 'b', false]]);
  });
});

describe('limits', () => {
  const strange = fc.oneof(
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e9, -0, 5e-324),
    fc.double({ noDefaultInfinity: false }),
    fc.double({ min: 0, max: 20, noNaN: true }),
  );

  it('C-6 no number makes planck unsound: it is refused, or everything stays finite and inside', () => {
    const act = fc.record({
      what: fc.constantFrom('add', 'place', 'velocity', 'push', 'turn', 'polygon', 'blocked'),
      id: fc.constantFrom('a', 'b', 'c'),
      numbers: fc.array(strange, { minLength: 6, maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const physics = make();
        physics.add('a', crate, { x: 5, y: 5, ...still });
        for (const { what, id, numbers } of acts) {
          const [a, b, c, d, e, f] = numbers as [number, number, number, number, number, number];
          if (what === 'add') physics.add(id, { shape: 'circle', radius: a }, { x: b, y: c, angle: d, vx: e, vy: f });
          if (what === 'polygon') {
            const points = [
              { x: a, y: b },
              { x: c, y: d },
              { x: e, y: f },
            ];
            physics.add(id, { shape: 'polygon', points }, { x: 5, y: 5, ...still });
          }
          if (what === 'place') physics.place(id, a, b, c);
          if (what === 'velocity') physics.velocity(id, a, b);
          if (what === 'push') physics.push(id, a, b);
          if (what === 'turn') physics.turn(id, a);
          if (what === 'blocked') physics.blocked(id, a, b);
          physics.step(dt);
          for (const each of ['a', 'b', 'c']) {
            const at = physics.find(each);
            if (!at) continue;
            expect(Number.isFinite(at.x + at.y + at.angle + at.vx + at.vy)).toBe(true);
            expect(Math.min(at.x, at.y, 20 - at.x, 20 - at.y)).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, BodySpec, string]>([
    ['too small', { shape: 'circle', radius: 0.01 }, 'radius is 0.01, wanted 0.05 to 50'],
    ['without density', { ...ball, density: 0 }, 'density is 0, wanted 0.001 to 1000'],
    [
      'concave',
      {
        shape: 'polygon',
        points: [
          { x: -1, y: -1 },
          { x: 1, y: -1 },
          { x: 0, y: 0 },
          { x: 1, y: 1 },
          { x: -1, y: 1 },
        ],
      },
      'the polygon is not convex',
    ],
    [
      'a star',
      {
        shape: 'polygon',
        points: [0, 2, 4, 1, 3].map((i) => ({ x: Math.cos(i * 1.2566), y: Math.sin(i * 1.2566) })),
      },
      'the polygon is not convex',
    ],
    [
      'with 12 corners',
      { shape: 'polygon', points: Array.from({ length: 12 }, (_, i) => ({ x: Math.cos(i), y: Math.sin(i) })) },
      'a polygon has 12 corners, wanted 3 to 8',
    ],
  ])('a body that is %s is refused with the reason', (_, spec, reason) => {
    expect(make().add('a', spec, { x: 5, y: 5, ...still })).toEqual({ kind: 'refused', reason });
  });

  it('C-6 S3 a thousand bodies at one point are put beside each other, with few contacts each', () => {
    const physics = make({ width: 60, height: 60 });
    const outcomes = Array.from({ length: 1000 }, (_, i) => physics.add(idOf(i), ball, { x: 30, y: 30, ...still }));
    expect(outcomes.every(({ kind }) => kind === 'added')).toBe(true);
    physics.step(dt);
    expect(physics.counts().contacts).toBeLessThanOrEqual(20 * 1000);
    const crowded = Array.from({ length: 4000 }, (_, i) =>
      physics.add(`p${idOf(i)}`, ball, { x: 30, y: 30, ...still }),
    );
    expect(crowded.at(-1)).toEqual({ kind: 'refused', reason: 'too many bodies stand there' });
  });

  it('C-6 what stood in a heap while it was static is put beside it when it is not any more', () => {
    const physics = make({ width: 60, height: 60 });
    const ids = Array.from({ length: 1000 }, (_, i) => idOf(i));
    for (const id of ids) physics.add(id, { ...ball, type: 'static' }, { x: 30, y: 30, ...still });
    const outcomes = ids.map((id) => physics.type(id, 'dynamic'));
    expect(outcomes.every(({ kind }) => kind === 'placed')).toBe(true);
    const places = new Set(
      ids.map((id) => `${Math.floor(physics.find(id)?.x ?? 0)} ${Math.floor(physics.find(id)?.y ?? 0)}`),
    );
    expect(places.size).toBeGreaterThan(1000 / 17);
    physics.step(dt);
    expect(physics.counts().contacts).toBeLessThanOrEqual(20 * 1000);
    for (let i = 0; i < 4000; i++) {
      physics.add(`p${idOf(i)}`, { ...ball, type: 'static' }, { x: 30, y: 30, ...still });
    }
    const more = Array.from({ length: 4000 }, (_, i) => physics.type(`p${idOf(i)}`, 'dynamic'));
    expect(more.at(-1)).toEqual({ kind: 'refused', reason: 'too many bodies stand there' });
  });

  it('bodies are not put beside a place into or behind a wall they touch', () => {
    const physics = make({ solids: [wall] });
    for (let i = 0; i < 200; i++) physics.add(idOf(i), ball, { x: 9.5, y: 5.5, ...still });
    const inWall = Array.from({ length: 200 }, (_, i) => physics.find(idOf(i))).filter(
      (at) => at && at.x > 9.72 && at.x < 11.28 && at.y < 15,
    );
    expect(inWall).toEqual([]);
  });

  it('C-6 S4 at most 50 are fast', () => {
    const physics = make();
    const outcomes = Array.from({ length: 51 }, (_, i) =>
      physics.add(idOf(i), { ...ball, fast: true }, { x: 1 + (i % 10), y: 1 + Math.floor(i / 10), ...still }),
    );
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual([
      { kind: 'refused', reason: 'the zone holds 50 fast bodies already' },
    ]);
    physics.remove(idOf(0));
    expect(physics.add('next', { ...ball, fast: true }, { x: 5, y: 15, ...still }).kind).toBe('added');
  });

  it('C-6 two steps over the budget set the most crowded quarter aside; the lonely keep their bodies', () => {
    let now = 0;
    const physics = make({ stepLimitMs: 25, clock: () => (now += 100) });
    for (let i = 0; i < 9; i++) physics.add(idOf(i), crate, { x: 5 + (i % 3) * 0.5, y: 5 + i * 0.1, ...still });
    physics.add('lonely', ball, { x: 15, y: 15, ...still });
    physics.step(dt);
    expect(physics.aside()).toEqual([]);
    physics.step(dt);
    const aside = physics.aside();
    expect(aside).toHaveLength(3);
    expect(aside).not.toContain('lonely');
    expect(aside.some((id) => physics.has(id))).toBe(false);
    expect(physics.aside()).toEqual([]);
  });

  it('a step out of range is an error', () => {
    for (const wrong of [0, -1, 0.2, Number.NaN]) {
      expect(() => make().step(wrong)).toThrowError(expect.objectContaining({ code: 'physics.step' }));
    }
  });
});

describe('a world', () => {
  it('built and driven the same way twice is the same at every step', () => {
    const run = () => {
      const physics = make({ solids: [wall] });
      const told: string[] = [];
      for (let i = 0; i < 60; i++) {
        physics.add(idOf((i * 37) % 60), i % 3 ? crate : ball, { x: 4 + (i % 7) * 0.6, y: 6 + (i % 5), ...still });
      }
      for (let step = 0; step < 120; step++) {
        physics.velocity(idOf(0), Math.sin(step), 3);
        if (step === 40) physics.remove(idOf(5));
        if (step === 50) physics.place(idOf(7), 5, 7);
        told.push(JSON.stringify([physics.step(dt), physics.contacts()]));
      }
      return told;
    };
    expect(run()).toEqual(run());
  });

  it('tells what moved in id order, whatever the order of creation', () => {
    const physics = make();
    for (const id of ['d', 'a', 'c', 'b']) physics.add(id, crate, { x: 5, y: 5, ...still });
    expect(physics.step(dt).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes concave, doubled and degenerate solids', () => {
    const points = [
      { x: 5, y: 5 },
      { x: 5, y: 5 },
      { x: 9, y: 5 },
      { x: 6, y: 6 },
      { x: 5, y: 9 },
      { x: 5, y: 5 },
    ];
    const physics = make({
      solids: [
        { points, closed: true },
        { points: [{ x: 1, y: 1 }], closed: false },
      ],
    });
    physics.add('fox', ball, { x: 8, y: 8, ...still });
    expect(physics.blocked('fox', 5.5, 5.5)).toBe(true);
    expect(physics.blocked('fox', 7.5, 7)).toBe(false);
    expect(settle(physics)).toBeLessThan(2);
  });

  it('gets other solids when the map changes', () => {
    const physics = make();
    physics.add('fox', ball, { x: 10.5, y: 5, ...still });
    settle(physics);
    const before = physics.version();
    physics.solids([wall]);
    expect(physics.version()).not.toBe(before);
    expect(physics.blocked('fox', 10.5, 6)).toBe(true);
    physics.solids([]);
    expect(physics.blocked('fox', 10.5, 6)).toBe(false);
  });
});

it('a body that is told its velocity before every step goes that fast, whatever the damping', () => {
  const physics = createPhysics({ width: 20, height: 20, linearDamping: 4, angularDamping: 4, solids: [] });
  physics.add('a', { shape: 'circle', radius: 0.3 }, { x: 2, y: 2, angle: 0, vx: 0, vy: 0 });
  for (let tick = 0; tick < 20; tick++) {
    physics.velocity('a', 4, 0);
    physics.step(0.05);
  }
  expect(physics.find('a')?.x).toBeCloseTo(6, 6);
});
