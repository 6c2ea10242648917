import { describe, expect, it } from 'vitest';
import type { Point, Solid } from '../../core/contract/content.ts';
import { createBodies } from '../../core/zone/bodies.ts';
import { createObjects } from '../../core/zone/objects.ts';
import { createPaths } from '../../core/zone/path.ts';
import { createPhysics } from '../../core/zone/physics.ts';
import { createWalks } from '../../core/zone/walks.ts';
import { content, emptySaved, row, startZone } from './support.ts';

function box(x: number, y: number, width: number, height: number): Solid {
  const points = [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
  return { points, closed: true };
}

function make(solids: readonly Solid[], size = 20) {
  const physics = createPhysics({ width: size, height: size, linearDamping: 4, angularDamping: 4, solids });
  let looks = 0;
  const paths = createPaths({
    width: size,
    height: size,
    version: physics.version,
    blocked: (x, y, radius) => {
      looks++;
      return physics.circleBlocked(x, y, radius);
    },
  });
  return { physics, paths, looks: () => looks };
}

/** Walks a body along the way; true when it comes within 0.2 m of its end. */
function walk(physics: ReturnType<typeof make>['physics'], way: readonly Point[]): boolean {
  for (let step = 0, next = 0; step < 4000 && next < way.length; step++) {
    const [at, to] = [physics.find('fox'), way[next]];
    if (!at || !to) return false;
    const left = Math.hypot(to.x - at.x, to.y - at.y);
    if (left < 0.2) next++;
    else physics.velocity('fox', ((to.x - at.x) / left) * 3, ((to.y - at.y) / left) * 3);
    physics.step(0.05);
    if (next === way.length) return true;
  }
  return false;
}

describe('a way', () => {
  it('is straight when nothing is between', () => {
    const { paths } = make([box(10, 0, 1, 10)]);
    expect(paths.find({ x: 2, y: 2 }, { x: 8, y: 15 }, 0.3)).toEqual([{ x: 8, y: 15 }]);
  });

  it('leads a body round walls and static bodies to the place', () => {
    const { paths, physics } = make([box(5, 0, 1, 19), box(10, 1, 1, 19)]);
    physics.add('rock', { shape: 'circle', radius: 1, type: 'static' }, { x: 8, y: 10, angle: 0, vx: 0, vy: 0 });
    physics.add('fox', { shape: 'circle', radius: 0.3 }, { x: 2, y: 2, angle: 0, vx: 0, vy: 0 });
    const way = paths.find({ x: 2, y: 2 }, { x: 15, y: 18 }, 0.3);
    expect(way?.at(-1)).toEqual({ x: 15, y: 18 });
    expect(walk(physics, way ?? [])).toBe(true);
  });

  it('goes through a gap one tile wide, and not where the walker is too wide', () => {
    const { paths } = make([box(10, 0, 1, 8), box(10, 9, 1, 11)]);
    expect(paths.find({ x: 2, y: 2 }, { x: 18, y: 2 }, 0.45)).not.toBeNull();
    expect(paths.find({ x: 2, y: 2 }, { x: 18, y: 2 }, 0.6)).toBeNull();
  });

  it('leads as near as one gets when the goal is inside something', () => {
    const { paths, physics } = make([box(5, 0, 1, 19)]);
    physics.add('tree', { shape: 'circle', radius: 1, type: 'static' }, { x: 12, y: 5, angle: 0, vx: 0, vy: 0 });
    const way = paths.find({ x: 2, y: 2 }, { x: 12, y: 5 }, 0.3) ?? [];
    const near = way.at(-2) ?? { x: 0, y: 0 };
    expect(way.at(-1)).toEqual({ x: 12, y: 5 });
    expect(Math.hypot(near.x - 12, near.y - 5)).toBeLessThan(2.5);
  });

  it('is refused when there is none, the second time without looking', () => {
    const { paths, looks } = make([{ ...box(10, 10, 8, 8), closed: true }, hole(11, 11, 6, 6)]);
    expect(paths.find({ x: 2, y: 2 }, { x: 14, y: 14 }, 0.3)).toBeNull();
    const before = looks();
    expect(paths.find({ x: 2, y: 2 }, { x: 14, y: 14 }, 0.3)).toBeNull();
    expect(looks() - before).toBeLessThan(100);
  });

  it('is found anew when a door opens', () => {
    const { paths, physics } = make([box(10, 0, 1, 9), box(10, 11, 1, 9)]);
    physics.add(
      'door',
      { shape: 'box', width: 1, height: 2, type: 'static' },
      { x: 10.5, y: 10, angle: 0, vx: 0, vy: 0 },
    );
    expect(paths.find({ x: 2, y: 2 }, { x: 18, y: 2 }, 0.3)).toBeNull();
    physics.solid('door', false);
    expect(paths.find({ x: 2, y: 2 }, { x: 18, y: 2 }, 0.3)).not.toBeNull();
  });

  it('does not cut corners', () => {
    const { paths, physics } = make([box(8, 8, 4, 4)]);
    physics.add('fox', { shape: 'circle', radius: 0.4 }, { x: 7, y: 10, angle: 0, vx: 0, vy: 0 });
    for (const { x, y } of paths.find({ x: 7, y: 10 }, { x: 13, y: 10 }, 0.4) ?? []) {
      expect(physics.blocked('fox', x, y)).toBe(false);
    }
  });

  it('costs a bounded number of looks in a large maze, and is the same each time', () => {
    const walls = Array.from({ length: 60 }, (_, i) => box(4 + i * 4, i % 2 ? 0 : 2, 1, 254));
    const { paths, looks } = make(walls, 256);
    const ask = () => paths.find({ x: 1, y: 1 }, { x: 255, y: 255 }, 0.3);
    const first = ask();
    expect(looks()).toBeLessThan(100_000);
    expect(ask()).toEqual(first);
  });

  it('is nothing special for what has no body, and null for what is no place', () => {
    const { paths } = make([box(10, 0, 1, 20)]);
    expect(paths.find({ x: 2, y: 2 }, { x: 18, y: 2 }, 0)).toEqual([{ x: 18, y: 2 }]);
    expect(paths.find({ x: 2, y: 2 }, { x: Number.NaN, y: 2 }, 0.3)).toBeNull();
  });
});

/** The inside of a filled box, left open. */
function hole(x: number, y: number, width: number, height: number): Solid {
  return { closed: true, points: [...box(x, y, width, height).points].reverse() };
}

describe('who looks for ways', () => {
  it('together take a tenth of a core, however long their ways are', () => {
    const objects = createObjects();
    const bodies = createBodies({ objects, physics: null, width: 40, height: 30 });
    let found = 0;
    const find = () => {
      found++;
      return null;
    };
    const walks = createWalks(objects, bodies, { find, spent: () => found * 20_000 });
    const things = Array.from({ length: 20 }, (_, i) =>
      objects.add(row(`00010000000000${i + 10}`), { fresh: false, saved: true }),
    );
    for (let tick = 0; tick < 200; tick++) {
      for (const thing of things) walks.start(thing, { x: 20, y: 20 }, 1);
      walks.steer(0.05);
    }
    expect(found).toBeGreaterThan(30);
    expect(found).toBeLessThan(50);
  });

  it('wait for each other by kind: many that ask for what is walled in do not hold up who only crosses the yard', () => {
    const ring = [box(24, 4, 12, 1), box(24, 15, 12, 1), box(24, 4, 1, 12), box(35, 4, 1, 12)];
    const idOf = (i: number) => `00010000000000${i + 10}`;
    const crates = Array.from({ length: 12 }, (_, i) => row(idOf(i), { x: 4 + i * 1.5, y: 26 }));
    const fox = row(idOf(60), { kind: 'farmer', x: 5, y: 2 });
    const inside = (tick: number, i: number) => ({
      x: 26 + ((tick * 7 + i) % 16) / 2,
      y: 6 + ((tick + i * 3) % 16) / 2,
    });
    const test = startZone({
      content: content({ solids: ring }),
      saved: { ...emptySaved, objects: [...crates, fox] },
      script: ({ tick }) => ({
        restless: true,
        intents: [
          ...(tick === 1 ? [{ verb: 'walk', id: fox.id, to: { x: 20, y: 2 }, speed: 4 } as const] : []),
          ...crates.map(({ id }, i) => ({ verb: 'walk', id, to: inside(tick, i), speed: 1 }) as const),
        ],
      }),
    });
    test.pass(5);
    expect(test.saved().objects.find(({ id }) => id === fox.id)?.x).toBeCloseTo(20, 0);
  });
});
