/** The physics of a zone (core/zone/physics.ts) and bare planck with the same bodies, walls and iterations. */
import { Box, Chain, Circle, World } from 'planck-js';
import type { BodySpec } from '../../core/contract/content.ts';
import { createPhysics, type Physics } from '../../core/zone/physics.ts';
import type { Parts, Side } from '../support/side.ts';

const dt = 0.05;
const bodyCount = 1_000;
const sleeperCount = 5_000;
/** Metres: one body on every ten square metres. */
const size = 100;
const sleeperSize = 250;
const damping = 4;
/** Every tenth body is pushed in a tick, by so many newton seconds (the bodies have about 0.8 kg). */
const pushEvery = 10;
const impulse = 2;

type Made = { readonly spec: BodySpec; readonly x: number; readonly y: number };

/** Half circles that stay upright, half boxes that turn. */
function makeBodies(count: number, side: number): Made[] {
  const perRow = Math.ceil(Math.sqrt(count));
  const step = side / perRow;
  return Array.from({ length: count }, (_, i) => ({
    spec: i % 2 === 0 ? { shape: 'circle', radius: 0.5 } : { shape: 'box', width: 0.9, height: 0.9 },
    x: ((i % perRow) + 0.5) * step,
    y: (Math.floor(i / perRow) + 0.5) * step,
  }));
}

/** The same directions for both, without a random number in between. */
function direction(tick: number, i: number): { readonly x: number; readonly y: number } {
  const angle = (tick * 7 + i * 13) % 360;
  return { x: impulse * Math.cos(angle), y: impulse * Math.sin(angle) };
}

function fill(count: number, side: number): { readonly physics: Physics; readonly ids: readonly string[] } {
  const physics = createPhysics({
    ...{ width: side, height: side, linearDamping: damping, angularDamping: damping, solids: [] },
    // As in a worker: a step is timed.
    ...{ stepLimitMs: 1_000, clock: () => performance.now() },
  });
  const ids = makeBodies(count, side).map(({ spec, x, y }, i) => {
    const id = i.toString(16).padStart(16, '0');
    const outcome = physics.add(id, spec, { x, y, angle: 0, vx: 0, vy: 0 });
    if (outcome.kind !== 'added') throw new Error(`body ${i}: ${outcome.reason}`);
    return id;
  });
  return { physics, ids };
}

/** As core/zone/space.ts does it in a tick. */
function step(physics: Physics): void {
  if (!physics.awake()) return;
  physics.step(dt);
  physics.contacts();
}

/** Pushes the bodies whose turn it is. */
type Push = (i: number, impulse: { readonly x: number; readonly y: number }) => void;

/** In each tick every tenth of so many; one alone in each. */
function pushing(count: number, push: Push, step: () => void): Side {
  const every = Math.min(count, pushEvery);
  let tick = 0;
  return {
    run(ticks) {
      for (let left = ticks; left > 0; left--) {
        tick++;
        for (let i = count === 0 ? 0 : tick % every; i < count; i += every) push(i, direction(tick, i));
        step();
      }
    },
  };
}

function roost(count: number, side: number, pushed: number): Side {
  const { physics, ids } = fill(count, side);
  settle(
    () => physics.awake(),
    () => step(physics),
  );
  return pushing(
    pushed,
    (i, { x, y }) => physics.push(ids[i] as string, x, y),
    () => step(physics),
  );
}

function bare(count: number, side: number, pushed: number): Side {
  // planck's settings are the process's: they are those of Roost as soon as its physics was made once.
  createPhysics({ width: 1, height: 1, linearDamping: 0, angularDamping: 0, solids: [] });
  const world = new World({ gravity: { x: 0, y: 0 }, allowSleep: true });
  const corners = [
    { x: 0, y: 0 },
    { x: side, y: 0 },
    { x: side, y: side },
    { x: 0, y: side },
  ];
  world.createBody({ type: 'static' }).createFixture({ shape: new Chain(corners, true), friction: 0.2 });
  const bodies = makeBodies(count, side).map(({ spec, x, y }) => {
    const body = world.createBody({
      ...{ type: 'dynamic', position: { x, y }, linearDamping: damping, angularDamping: damping },
      fixedRotation: spec.shape === 'circle',
    });
    const shape = spec.shape === 'circle' ? new Circle(spec.radius) : new Box(0.45, 0.45);
    body.createFixture({ shape, density: 1, friction: 0.2, restitution: 0 });
    return body;
  });
  const step = () => world.step(dt, 8, 20);
  settle(() => bodies.some((body) => body.isAwake()), step);
  return pushing(
    pushed,
    (i, impulse) => {
      const body = bodies[i] as (typeof bodies)[number];
      body.applyLinearImpulse(impulse, body.getPosition(), true);
    },
    step,
  );
}

/** Bodies that came to rest, and nothing else. */
function settle(isAwake: () => boolean, step: () => void): void {
  for (let tick = 0; isAwake(); tick++) {
    if (tick > 200) throw new Error('they do not come to rest');
    step();
  }
}

export const parts: Parts = {
  roost: () => roost(bodyCount, size, bodyCount),
  bare: () => bare(bodyCount, size, bodyCount),
  asleep: () => roost(sleeperCount, sleeperSize, 0),
  roostOneAwake: () => roost(sleeperCount, sleeperSize, 1),
  bareOneAwake: () => bare(sleeperCount, sleeperSize, 1),
};
