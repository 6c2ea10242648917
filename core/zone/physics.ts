/**
 * The physics of a zone, by planck: `physics/port.ts` says what it does, and what it is made of lies beside that. Nothing else knows planck.
 *
 * Nothing that is not finite, inside the zone and within `bodyLimits` reaches planck: it takes NaN without a word and
 * spreads it to every body. The same calls in the same order give the same results.
 */
import { type Contact, Settings, type Shape, Vec2, World } from 'planck-js';
import { bodyLimits, whyNotBody } from '../contract/body.ts';
import type { BodySpec, Solid } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import { createContacts, wakeNeighbours } from './physics/contacts.ts';
import { createCrowd, NOWHERE } from './physics/crowd.ts';
import { type Body, type Entry, placeOf, saveBody } from './physics/entry.ts';
import { follow, followToRest } from './physics/follow.ts';
import { createObstacles } from './physics/obstacles.ts';
import { createOverload } from './physics/overload.ts';
import {
  areaOf,
  isInside,
  type Moved,
  type Outcome,
  type Placed,
  placeInOrder,
  refuse,
  type Spot,
  whyNotNumbers,
  whyNotPlaced,
  whyNotSpeed,
} from './physics/placed.ts';
import type { Physics, PhysicsOptions, SavedBody } from './physics/port.ts';
import { createRest } from './physics/rest.ts';
import { toShape } from './physics/shapes.ts';
import { createTouches } from './physics/touches.ts';

export type { Physics, PhysicsOptions, SavedPhysics } from './physics/port.ts';

/** What somebody wants room for. */
type Guest = { readonly shape: Shape; readonly solid: boolean; readonly size: number };

const MOST_BODIES = 10_000;
/** 1,000 bullets at 100 m/s take 5.5 s for one step. */
const MOST_FAST = 50;
/** Continuous collision looks through all contacts once for each that it finds; above so many, bodies are slow anyway. */
const MOST_FOR_CONTINUOUS = 8_000;
const VELOCITY_ITERATIONS = 8;
/**
 * Box2D advises 3, for stacks under gravity. A heap of overlapping crates is apart in 1 s instead of 7 with 20, and
 * planck leaves off after the first when nothing overlaps.
 */
const POSITION_ITERATIONS = 20;
const LONGEST_STEP = 0.1;
const OUTSIDE = 'the place is outside the zone';

export function createPhysics(options: PhysicsOptions): Physics {
  tunePlanck();
  const { width, height } = options;
  const world = new World({ gravity: { x: 0, y: 0 }, allowSleep: true });
  const entries = new Map<string, Entry>();
  /** In id order: planck's own list is in the order of creation. */
  const order: Entry[] = [];
  /** Bodies that were given a velocity since the last step. */
  const driven = new Set<Body>();
  const crowd = createCrowd<Entry>(width, height);
  const touches = createTouches();
  const rest = createRest();
  const overload = createOverload(options.stepLimitMs);
  let fast = 0;
  let restless = false;
  /** Bodies moved since the crowd was told where they stand: it is asked far less often than they move. */
  let strayed = false;
  let version = 0;
  let setAside: string[] = [];

  world.on('begin-contact', (contact) => tellTouch(contact, touches.begin));
  world.on('end-contact', (contact) => tellTouch(contact, touches.end));

  const { mayCollide, retry: retryContacts } = createContacts(entries);
  const obstacles = createObstacles({ world, entries, width, height, mayCollide });
  const { hitsSolid, hitsBody } = obstacles;
  setSolids(options.solids);

  function setSolids(solids: readonly Solid[]): void {
    obstacles.set(solids);
    version++;
    for (const { body } of order) if (!body.isStatic()) body.setAwake(true);
    restless = true;
  }

  /** Where a body can go that is wanted at a place: there, or beside it where there is room and no solid. */
  function findRoom(at: Spot, angle: number, { shape, solid, size }: Guest, self?: Entry): Spot | undefined {
    if (strayed) for (const entry of order) crowd.stand(entry);
    strayed = false;
    return crowd.findRoom(size, at, ({ x, y }) => !solid || !hitsSolid(shape, x, y, angle), self);
  }

  function tellTouch(contact: Contact, tell: (a: string, b: string) => void): void {
    const a = contact.getFixtureA().getBody().getUserData();
    const b = contact.getFixtureB().getBody().getUserData();
    // Walls are nobody.
    if (typeof a === 'string' && typeof b === 'string') tell(a, b);
  }

  function use(id: string, wrong: string | null, act: (entry: Entry) => void): Outcome {
    const entry = entries.get(id);
    if (!entry) return refuse('it has no body');
    if (wrong) return refuse(wrong);
    act(entry);
    restless = true;
    return { kind: 'done' };
  }

  /** Something that does not move came, went or changed. */
  function noteFixed({ body, fixture }: Entry): void {
    if (body.isStatic() && !fixture.isSensor()) version++;
  }

  function remove(id: string): void {
    const entry = entries.get(id);
    if (!entry) return;
    noteFixed(entry);
    driven.delete(entry.body);
    world.destroyBody(entry.body);
    entries.delete(id);
    order.splice(placeInOrder(order, id), 1);
    if (entry.spec.fast) fast--;
    crowd.leave(entry);
    restless = true;
  }

  function moveTo(entry: Entry, at: Placed): void {
    entry.last = at;
    strayed = true;
  }

  /**
   * planck damps before it moves: without this, what is told to go 4 m/s every tick goes 3.3.
   * @source  b2Island::Solve: v *= 1 / (1 + dt * damping).
   */
  function undamp(dt: number): void {
    for (const body of driven) {
      const { x, y } = body.getLinearVelocity();
      const factor = body.isDynamic() ? 1 + dt * body.getLinearDamping() : 1;
      body.setLinearVelocity({ x: x * factor, y: y * factor });
    }
    driven.clear();
  }

  /** A body at a place that was looked at before, and what is kept of it. */
  function make(id: string, spec: BodySpec, at: Placed, how: Pick<SavedBody, 'type' | 'sensor' | 'ignore'>): Entry {
    const { type } = how;
    const body = world.createBody({
      type,
      position: { x: at.x, y: at.y },
      angle: at.angle,
      linearVelocity: type === 'static' ? { x: 0, y: 0 } : { x: at.vx, y: at.vy },
      linearDamping: spec.damping ?? options.linearDamping,
      angularDamping: options.angularDamping,
      fixedRotation: spec.upright ?? spec.shape === 'circle',
      bullet: spec.fast ?? false,
      userData: id,
    });
    const { density = 1, friction = 0.2, restitution = 0 } = spec;
    const fixture = body.createFixture({ shape: toShape(spec), density, friction, restitution, isSensor: how.sensor });
    fixture.shouldCollide = (other) => mayCollide(fixture, other);
    const last = placeOf(body);
    const size = type === 'static' ? 0 : areaOf(spec);
    const ignore = new Set(how.ignore);
    const entry: Entry = {
      ...{ id, body, fixture, spec, ignore, size, last, cell: NOWHERE },
      moving: type !== 'static',
      ...rest.start(last),
    };
    entries.set(id, entry);
    order.splice(placeInOrder(order, id), 0, entry);
    if (spec.fast) fast++;
    crowd.stand(entry);
    noteFixed(entry);
    restless = true;
    return entry;
  }

  return {
    add(id, spec, at, { ignore = [] } = {}) {
      if (entries.has(id)) return refuse('it has a body already');
      const wrong = whyNotBody(spec) ?? whyNotPlaced(at) ?? (isInside(at.x, at.y, width, height) ? null : OUTSIDE);
      if (wrong) return refuse(wrong);
      if (entries.size >= MOST_BODIES) return refuse(`the zone holds ${MOST_BODIES} bodies already`);
      if (spec.fast && fast >= MOST_FAST) return refuse(`the zone holds ${MOST_FAST} fast bodies already`);
      const shape = toShape(spec);
      const type = spec.type ?? 'dynamic';
      const solid = spec.solid !== false && !spec.sensor;
      const size = type === 'static' ? 0 : areaOf(spec);
      const room = findRoom(at, at.angle, { shape, solid, size });
      if (!room) return refuse('too many bodies stand there');

      make(id, spec, { ...at, x: room.x, y: room.y }, { type, sensor: !solid, ignore });
      return { kind: 'added', x: room.x, y: room.y };
    },

    remove,
    has: (id) => entries.has(id),
    find(id) {
      const entry = entries.get(id);
      return entry && placeOf(entry.body);
    },

    place(id, x, y, angle) {
      const entry = entries.get(id);
      if (!entry) return refuse('it has no body');
      const to = angle ?? entry.body.getAngle();
      const wrong = whyNotNumbers(x, y, to) ?? (isInside(x, y, width, height) ? null : OUTSIDE);
      if (wrong) return refuse(wrong);
      const { body, fixture, size } = entry;
      const room = findRoom({ x, y }, to, { shape: fixture.getShape(), solid: !fixture.isSensor(), size }, entry);
      if (!room) return refuse('too many bodies stand there');
      body.setTransform(new Vec2(room.x, room.y), to);
      wakeNeighbours(body);
      noteFixed(entry);
      moveTo(entry, placeOf(body));
      entry.moving = true;
      restless = true;
      return { kind: 'placed', x: room.x, y: room.y };
    },

    velocity(id, vx, vy) {
      const wrong = whyNotSpeed(vx, vy);
      return use(id, wrong, ({ body }) => {
        if (body.isStatic()) return;
        body.setLinearVelocity({ x: vx, y: vy });
        driven.add(body);
      });
    },

    push(id, ix, iy) {
      return use(id, whyNotNumbers(ix, iy, 0), ({ body }) => {
        if (!body.isDynamic()) return;
        const was = body.getLinearVelocity();
        const speed = Math.hypot(was.x + ix / body.getMass(), was.y + iy / body.getMass());
        const most = speed > bodyLimits.speed ? bodyLimits.speed / speed : 1;
        body.setLinearVelocity({ x: (was.x + ix / body.getMass()) * most, y: (was.y + iy / body.getMass()) * most });
      });
    },

    turn(id, angle) {
      return use(id, whyNotNumbers(0, 0, angle), (entry) => {
        if (angle === entry.body.getAngle()) return;
        entry.body.setTransform(entry.body.getPosition().clone(), angle);
        noteFixed(entry);
        entry.moving = true;
        moveTo(entry, placeOf(entry.body));
      });
    },

    solid(id, on) {
      return use(id, null, ({ body, fixture }) => {
        if (fixture.isSensor() !== on) return;
        fixture.setSensor(!on);
        if (body.isStatic()) version++;
        wakeNeighbours(body);
      });
    },

    type(id, type) {
      const entry = entries.get(id);
      if (!entry) return refuse('it has no body');
      const { body, fixture } = entry;
      const { x, y } = body.getPosition();
      if (body.getType() === type) return { kind: 'placed', x, y };
      const size = type === 'static' ? 0 : areaOf(entry.spec);
      const guest = { shape: fixture.getShape(), solid: !fixture.isSensor(), size };
      const room = size === 0 ? { x, y } : findRoom({ x, y }, body.getAngle(), guest, entry);
      if (!room) return refuse('too many bodies stand there');
      entry.size = size;
      wakeNeighbours(body);
      body.setType(type);
      if (room.x !== x || room.y !== y) {
        body.setTransform(new Vec2(room.x, room.y), body.getAngle());
        moveTo(entry, placeOf(body));
      }
      version++;
      entry.moving = true;
      restless = true;
      return { kind: 'placed', x: room.x, y: room.y };
    },

    blocked(id, x, y) {
      if (!Number.isFinite(x + y) || !isInside(x, y, width, height)) return true;
      const entry = entries.get(id);
      if (!entry || entry.fixture.isSensor()) return false;
      const shape = entry.fixture.getShape();
      const angle = entry.body.getAngle();
      return hitsSolid(shape, x, y, angle) || hitsBody(shape, x, y, angle, ['static', 'kinematic'], entry);
    },

    circleBlocked: obstacles.hitsFixed,
    solids: setSolids,

    step(dt) {
      if (!(dt > 0 && dt <= LONGEST_STEP)) {
        throw new HostError('physics.step', `A step is ${dt} s long: wanted more than 0 and at most ${LONGEST_STEP}`);
      }
      const clock = options.clock ?? (() => 0);
      retryContacts();
      const start = clock();
      undamp(dt);
      world.setContinuousPhysics(world.getContactCount() <= MOST_FOR_CONTINUOUS);
      world.step(dt, VELOCITY_ITERATIONS, POSITION_ITERATIONS);
      const tookMs = clock() - start;
      const moved: Moved[] = [];
      const awake: Entry[] = [];
      for (const entry of order) {
        if (entry.body.isAwake() && !entry.body.isStatic()) {
          awake.push(entry);
          const told = follow(entry, width, height);
          if (told) moved.push(told);
        } else if (entry.moving) moved.push(followToRest(entry));
      }
      if (moved.length > 0) strayed = true;
      for (const entry of rest.findSettled(awake, order, dt)) entry.body.setAwake(false);
      for (const id of overload.findExcess(tookMs, awake)) {
        remove(id);
        setAside.push(id);
      }
      restless = awake.some(({ id, body, moving }) => (moving || body.isAwake()) && entries.has(id));
      return moved;
    },

    contacts: () => touches.take(),

    aside() {
      const ids = setAside;
      setAside = [];
      return ids;
    },

    awake: () => restless || touches.waiting,
    version: () => version,
    save: () => ({ bodies: order.map(saveBody), touches: touches.save() }),
    restore(saved, specs) {
      touches.restore(saved.touches);
      const asleep: Entry[] = [];
      for (const each of saved.bodies) {
        const spec = specs(each.id);
        if (!spec) continue;
        const entry = make(each.id, spec, each, each);
        entry.body.setAngularVelocity(each.spin);
        Object.assign(entry, each.resting);
        entry.moving = each.moving;
        if (!each.awake) asleep.push(entry);
      }
      // A step of no time finds who touches whom, and moves nothing.
      world.step(0);
      touches.settle();
      for (const { body } of asleep) body.setAwake(false);
      restless = order.some(({ body, moving }) => moving || (body.isAwake() && !body.isStatic()));
    },
    counts: () => ({ bodies: entries.size, fast, contacts: world.getContactCount() }),
  };
}

/**
 * planck's settings are global to the process: this is the one place that touches them, always to the same values.
 * Bodies may go 100 m/s, that is 10 m in the longest step; planck would silently cut a step at 2 m. Overlaps are undone
 * by 0.4 of their depth at a time, twice planck's: 60 crates thrown into a corner are at rest in 2 s instead of 15.
 */
function tunePlanck(): void {
  Settings.maxTranslation = bodyLimits.speed * LONGEST_STEP;
  Settings.baumgarte = 0.4;
}
