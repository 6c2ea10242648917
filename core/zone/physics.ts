/**
 * The physics world of a zone, seen from above: no gravity, damping instead. The only file that knows planck.
 *
 * Nothing that is not finite, inside the zone and within `bodyLimits` reaches planck: it takes NaN without a word and
 * spreads it to every body. The same calls in the same order give the same results.
 */
import {
  Box,
  Chain,
  Circle,
  type Contact,
  Distance,
  DistanceInput,
  DistanceOutput,
  Edge,
  type Fixture,
  Polygon,
  Settings,
  type Shape,
  SimplexCache,
  Transform,
  Vec2,
  World,
} from 'planck-js';
import { bodyLimits, whyNotBody } from '../contract/body.ts';
import type { BodySpec, Solid } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import { createCrowd, NOWHERE } from './crowd.ts';
import {
  type AddOutcome,
  areaOf,
  clamp,
  type Moved,
  type Outcome,
  type Placed,
  type PlaceOutcome,
  placeInOrder,
  refuse,
  type Spot,
  whyNotNumbers,
  whyNotPlaced,
  whyNotSpeed,
} from './placed.ts';
import { createRest, type Resting } from './rest.ts';
import { cleanSolid, indexSolids, type SolidIndex } from './solids.ts';
import { createTouches, type SavedTouch, type Touch } from './touches.ts';

type Body = ReturnType<World['createBody']>;
type BodyType = NonNullable<BodySpec['type']>;
/** What somebody wants room for. */
type Guest = { readonly shape: Shape; readonly solid: boolean; readonly size: number };

export type PhysicsOptions = {
  /** Metres. The edges are solid. */
  readonly width: number;
  readonly height: number;
  /** Per second. */
  readonly linearDamping: number;
  readonly angularDamping: number;
  readonly solids: readonly Solid[];
  /** Milliseconds a step may take by `clock`; after two longer ones in a row the most crowded bodies are set aside. */
  readonly stepLimitMs?: number;
  /** Monotonic milliseconds. Without one no step is ever too long. */
  readonly clock?: () => number;
};

export type Physics = {
  /**
   * Gives an object a body.
   * @param spec  `type: 'dynamic'`, `upright` for circles, and the zone's damping are defaults.
   * @param with_.ignore  Ids it does not collide with, as long as both are there.
   */
  add(id: string, spec: BodySpec, at: Placed, with_?: { readonly ignore?: readonly string[] }): AddOutcome;
  /** Harmless when it has none. Contacts end. */
  remove(id: string): void;
  has(id: string): boolean;
  /** Where the body is now. */
  find(id: string): Placed | undefined;
  /** A jump. It keeps its velocity. */
  place(id: string, x: number, y: number, angle?: number): PlaceOutcome;
  /** Metres per second of the next step; damping slows it down from then on. */
  velocity(id: string, vx: number, vy: number): Outcome;
  /** An impulse at its centre, in newton seconds. The speed it gives ends at 100 m/s. */
  push(id: string, ix: number, iy: number): Outcome;
  turn(id: string, angle: number): Outcome;
  /** Off: touches are told, nothing is blocked. */
  solid(id: string, on: boolean): Outcome;
  /** What was static took no room: where it stands there may be too many, and it is put beside them. */
  type(id: string, type: BodyType): PlaceOutcome;
  /** Whether its shape at that place would touch the edge, a solid, or a solid body that is not dynamic. */
  blocked(id: string, x: number, y: number): boolean;
  /** The same for a circle, against what never moves: solids and static bodies. For finding a way. */
  circleBlocked(x: number, y: number, radius: number): boolean;
  /** Replaces the solids; everything wakes up. */
  solids(solids: readonly Solid[]): void;
  /**
   * Advances the bodies by one step.
   * @param dt  Seconds, 0 < dt ≤ 0.1, constant within a zone.
   * @returns   Those that moved or changed velocity, in id order; a body that comes to rest is in it once more, with no velocity.
   * @throws    HostError `physics.step` when `dt` is out of range.
   * @source    Box2D manual, "Simulating the world": 8 velocity iterations.
   */
  step(dt: number): readonly Moved[];
  /** Contacts that began or ended since the last call, by id pair. */
  contacts(): readonly Touch[];
  /** Bodies that physics gave up since the last call because a step took too long: they have none any more. */
  aside(): readonly string[];
  /** Whether a step, or asking for contacts, would do anything. */
  awake(): boolean;
  /** A number that changes whenever `circleBlocked` may answer differently. */
  version(): number;
  /** Every body as it is now, in id order, and who touches whom. */
  save(): SavedPhysics;
  /**
   * Fills an empty world: bodies are where they were, also when they overlap, contacts that go on are not told anew.
   * What cannot be saved (impulses of contacts, how tired a body is) begins at nothing: whoever saves a world that goes
   * on builds it anew as well, so that both go on alike.
   * @param specs  The body of an id; those without one are left out.
   */
  restore(saved: SavedPhysics, specs: (id: string) => BodySpec | null): void;
  counts(): { readonly bodies: number; readonly fast: number; readonly contacts: number };
};

/** A body: where it is and how it turns, of which type, whether it blocks nothing, is awake, has more to tell, and rests. */
export type SavedBody = Placed & {
  readonly id: string;
  /** Radians per second. */
  readonly spin: number;
  readonly type: BodyType;
  readonly sensor: boolean;
  readonly awake: boolean;
  readonly moving: boolean;
  readonly ignore: readonly string[];
  readonly resting: Resting;
};

export type SavedPhysics = { readonly bodies: readonly SavedBody[]; readonly touches: readonly SavedTouch[] };

const MOST_BODIES = 10_000;
/** 1,000 bullets at 100 m/s take 5.5 s for one step. */
const MOST_FAST = 50;
/**
 * Contacts of one dynamic body with other dynamic ones, and with everything else; beyond it bodies pass through each
 * other. Bodies of one size never get so many: there is no room for them (crowd.ts).
 */
const MOST_CONTACTS = 40;
const MOST_FIXED_CONTACTS = 64;
/** Steps between two tries of contacts that were left out for that. */
const RETRY_STEPS = 4;
/** Continuous collision looks through all contacts once for each that it finds; above so many, bodies are slow anyway. */
const MOST_FOR_CONTINUOUS = 8_000;
const VELOCITY_ITERATIONS = 8;
/**
 * Box2D advises 3, for stacks under gravity. A heap of overlapping crates is apart in 1 s instead of 7 with 20, and
 * planck leaves off after the first when nothing overlaps.
 */
const POSITION_ITERATIONS = 20;
const LONGEST_STEP = 0.1;
/** Metres by which shapes may overlap without touching: planck rests bodies that deep in each other. */
const SLACK = 0.005;

type Entry = Resting & {
  readonly id: string;
  readonly body: Body;
  readonly fixture: Fixture;
  readonly spec: BodySpec;
  readonly ignore: ReadonlySet<string>;
  /** Square metres, 0 when it is static. */
  size: number;
  /** Where the crowd has it. */
  cell: number;
  /** As last told, and whether there is more to tell. */
  last: Placed;
  moving: boolean;
};

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
  let fast = 0;
  let restless = false;
  /** Bodies moved since the crowd was told where they stand: it is asked far less often than they move. */
  let strayed = false;
  let version = 0;
  let slowSteps = 0;
  let stepCount = 0;
  const refusedContact = new Set<Entry>();
  let setAside: string[] = [];
  let walls: Body[] = [];
  let index: SolidIndex = indexSolids([], height);

  world.on('begin-contact', (contact) => tellTouch(contact, touches.begin));
  world.on('end-contact', (contact) => tellTouch(contact, touches.end));

  addChain({ points: cornersOf(0, 0, width, height), closed: true });
  setSolids(options.solids);

  function addChain(solid: Solid): Body {
    const body = world.createBody({ type: 'static' });
    const fixture = body.createFixture({ shape: new Chain([...solid.points], solid.closed), friction: 0.2 });
    fixture.shouldCollide = (other) => mayCollide(fixture, other);
    return body;
  }

  function setSolids(solids: readonly Solid[]): void {
    const clean = solids.map(cleanSolid).filter((solid) => solid !== null);
    for (const wall of walls) world.destroyBody(wall);
    walls = clean.map(addChain);
    index = indexSolids(clean, height);
    version++;
    for (const { body } of order) if (!body.isStatic()) body.setAwake(true);
    restless = true;
  }

  const isInside = (x: number, y: number) => x >= 0 && y >= 0 && x <= width && y <= height;

  /** Where a body can go that is wanted at a place: there, or beside it where there is room and no solid. */
  function findRoom(at: Spot, angle: number, { shape, solid, size }: Guest, self?: Entry): Spot | undefined {
    if (strayed) for (const entry of order) crowd.stand(entry);
    strayed = false;
    return crowd.findRoom(size, at, ({ x, y }) => !solid || !hitsSolid(shape, x, y, angle), self);
  }

  /** Whether the shape at a place touches the edge or a solid. */
  function hitsSolid(shape: Shape, x: number, y: number, angle: number): boolean {
    const transform = new Transform(new Vec2(x, y), angle);
    const box = boxOf(shape, transform);
    if (box.lowerBound.x < -SLACK || box.lowerBound.y < -SLACK) return true;
    if (box.upperBound.x > width + SLACK || box.upperBound.y > height + SLACK) return true;
    if (index.inside(x, y)) return true;
    const near = index.near(box.lowerBound.x, box.lowerBound.y, box.upperBound.x, box.upperBound.y);
    return near.some(({ a, b }) => overlap(shape, transform, new Edge(a, b), HERE));
  }

  /** Whether the shape at a place touches a solid body of one of the types. */
  function hitsBody(
    shape: Shape,
    x: number,
    y: number,
    angle: number,
    types: readonly BodyType[],
    self?: Entry,
  ): boolean {
    const transform = new Transform(new Vec2(x, y), angle);
    let hit = false;
    world.queryAABB(boxOf(shape, transform), (fixture) => {
      const other = entryOf(fixture);
      if (!other || other === self || fixture.isSensor() || !types.includes(other.body.getType())) return true;
      if (self && isIgnored(self, other)) return true;
      hit = overlap(shape, transform, fixture.getShape(), other.body.getTransform());
      return !hit;
    });
    return hit;
  }

  const entryOf = (fixture: Fixture) => entries.get(fixture.getBody().getUserData() as string);

  function tellTouch(contact: Contact, tell: (a: string, b: string) => void): void {
    const a = contact.getFixtureA().getBody().getUserData();
    const b = contact.getFixtureB().getBody().getUserData();
    // Walls are nobody.
    if (typeof a === 'string' && typeof b === 'string') tell(a, b);
  }

  /** planck asks this once when two boxes begin to overlap: the place to leave out pairs. */
  function mayCollide(fixture: Fixture, other: Fixture): boolean {
    const [a, b] = [entryOf(fixture), entryOf(other)];
    if (a && b && isIgnored(a, b)) return false;
    const [one, two] = [fixture.getBody(), other.getBody()];
    const both = one.isDynamic() && two.isDynamic();
    if (meets(one, two) || (hasContactRoom(one, both) && hasContactRoom(two, both))) return true;
    if (a) refusedContact.add(a);
    if (b) refusedContact.add(b);
    return false;
  }

  /** planck does not ask again for a pair it has left out until one of them has moved away: it is asked to. */
  function retryContacts(): void {
    if (stepCount++ % RETRY_STEPS !== 0 || refusedContact.size === 0) return;
    const retried = [...refusedContact].filter(({ id, body }) => entries.has(id) && body.isAwake());
    refusedContact.clear();
    for (const { fixture } of retried.sort((a, b) => (a.id < b.id ? -1 : 1))) fixture.refilter();
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

  /** Whether planck let it out of the zone (kinematic bodies know no edge), or made it NaN. */
  function isLost(body: Body): boolean {
    const { x, y } = body.getPosition();
    const velocity = body.getLinearVelocity();
    return !isInside(x, y) || !Number.isFinite(body.getAngle() + velocity.x + velocity.y);
  }

  function bringBack({ body, last }: Entry): void {
    const { x, y } = body.getPosition();
    const sound = Number.isFinite(x + y + body.getAngle() + body.getLinearVelocity().lengthSquared());
    const back = sound ? new Vec2(clamp(x, 0, width), clamp(y, 0, height)) : new Vec2(last.x, last.y);
    body.setTransform(back, sound ? body.getAngle() : last.angle);
    body.setLinearVelocity({ x: 0, y: 0 });
    body.setAngularVelocity(0);
  }

  /** What is to be told of a body that is awake after a step, and where it is from now on. */
  function follow(entry: Entry): Moved | null {
    const { body, last } = entry;
    if (isLost(body)) bringBack(entry);
    const { x, y } = body.getPosition();
    const { x: vx, y: vy } = body.getLinearVelocity();
    const angle = withinTurn(body.getAngle());
    if (x === last.x && y === last.y && angle === last.angle && vx === last.vx && vy === last.vy) return null;
    const now = { id: entry.id, x, y, angle, vx, vy };
    entry.moving = true;
    moveTo(entry, now);
    return now;
  }

  /** A body that has come to rest is told once more. */
  function followToRest(entry: Entry): Moved {
    entry.moving = false;
    const now = placeOf(entry.body);
    moveTo(entry, now);
    return { id: entry.id, ...now };
  }

  /** Two steps too long in a row: a quarter of the awake bodies, those with the most contacts, lose physics. */
  function watchBudget(tookMs: number, all: readonly Entry[]): void {
    slowSteps = tookMs > (options.stepLimitMs ?? Number.POSITIVE_INFINITY) ? slowSteps + 1 : 0;
    if (slowSteps < 2) return;
    slowSteps = 0;
    const awake = all.filter(({ body }) => body.isAwake());
    const byCrowd = awake
      .map((entry) => ({ id: entry.id, contacts: countContacts(entry.body, () => true) }))
      .sort((a, b) => b.contacts - a.contacts || (a.id < b.id ? -1 : 1))
      .slice(0, Math.ceil(awake.length / 4));
    for (const { id } of byCrowd) {
      remove(id);
      setAside.push(id);
    }
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
      const wrong = whyNotBody(spec) ?? whyNotPlaced(at) ?? (isInside(at.x, at.y) ? null : OUTSIDE);
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
      const wrong = whyNotNumbers(x, y, to) ?? (isInside(x, y) ? null : OUTSIDE);
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
      if (!Number.isFinite(x + y) || !isInside(x, y)) return true;
      const entry = entries.get(id);
      if (!entry || entry.fixture.isSensor()) return false;
      const shape = entry.fixture.getShape();
      const angle = entry.body.getAngle();
      return hitsSolid(shape, x, y, angle) || hitsBody(shape, x, y, angle, ['static', 'kinematic'], entry);
    },

    circleBlocked(x, y, radius) {
      const reach = radius - SLACK;
      if (x < reach || y < reach || x > width - reach || y > height - reach) return true;
      if (index.inside(x, y) || index.nearerThan(x, y, reach)) return true;
      return hitsBody(new Circle(radius), x, y, 0, ['static']);
    },

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
          const told = follow(entry);
          if (told) moved.push(told);
        } else if (entry.moving) moved.push(followToRest(entry));
      }
      for (const entry of rest.findSettled(awake, order, dt)) entry.body.setAwake(false);
      watchBudget(tookMs, awake);
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

function saveBody({ id, body, fixture, ignore, moving, anchor, stillFor, idleFor }: Entry): SavedBody {
  const { x, y, angle } = anchor;
  return {
    ...{ id, ...signless(placeOf(body)), spin: body.getAngularVelocity() + 0 },
    ...{ type: body.getType(), sensor: fixture.isSensor(), awake: body.isAwake() },
    ...{ moving, ignore: [...ignore], resting: { anchor: signless({ x, y, angle }), stillFor, idleFor } },
  };
}

/** Without -0, which JSON has not: the same after a file as before. */
function signless<T extends Spot & { readonly angle: number; readonly vx?: number; readonly vy?: number }>(at: T): T {
  const { x, y, angle, vx, vy } = at;
  const speed = vx === undefined || vy === undefined ? {} : { vx: vx + 0, vy: vy + 0 };
  return { ...at, x: x + 0, y: y + 0, angle: angle + 0, ...speed };
}

const OUTSIDE = 'the place is outside the zone';
const HERE = Transform.identity();

/**
 * planck's settings are global to the process: this is the one place that touches them, always to the same values.
 * Bodies may go 100 m/s, that is 10 m in the longest step; planck would silently cut a step at 2 m. Overlaps are undone
 * by 0.4 of their depth at a time, twice planck's: 60 crates thrown into a corner are at rest in 2 s instead of 15.
 */
function tunePlanck(): void {
  Settings.maxTranslation = bodyLimits.speed * LONGEST_STEP;
  Settings.baumgarte = 0.4;
}

function toShape(spec: BodySpec): Shape {
  switch (spec.shape) {
    case 'circle':
      return new Circle(spec.radius);
    case 'box':
      return new Box(spec.width / 2, spec.height / 2);
    case 'polygon':
      return new Polygon(spec.points.map(({ x, y }) => ({ x, y })));
  }
}

function placeOf(body: Body): Placed {
  const { x, y } = body.getPosition();
  const { x: vx, y: vy } = body.getLinearVelocity();
  return { x, y, angle: withinTurn(body.getAngle()), vx, vy };
}

/** The same direction, within half a turn of 0. */
function withinTurn(angle: number): number {
  if (angle >= -Math.PI && angle < Math.PI) return angle;
  return angle - Math.round(angle / (2 * Math.PI)) * 2 * Math.PI;
}

function isIgnored(a: Entry, b: Entry): boolean {
  return a.ignore.has(b.id) || b.ignore.has(a.id);
}

/** A body that is moved, opened or closed by hand does not wake those that lean on it. */
function wakeNeighbours(body: Body): void {
  for (let edge = body.getContactList(); edge; edge = edge.next ?? null) {
    if (edge.contact.isTouching()) edge.other?.setAwake(true);
  }
}

/** Whether the two have a contact already: a retry asks for those again as well. */
function meets(one: Body, two: Body): boolean {
  for (let edge = one.getContactList(); edge; edge = edge.next ?? null) if (edge.other === two) return true;
  return false;
}

function hasContactRoom(body: Body, withDynamic: boolean): boolean {
  if (!body.isDynamic()) return true;
  const most = withDynamic ? MOST_CONTACTS : MOST_FIXED_CONTACTS;
  return countContacts(body, (other) => other.isDynamic() === withDynamic) < most;
}

function countContacts(body: Body, counts: (other: Body) => boolean): number {
  let count = 0;
  for (let edge = body.getContactList(); edge; edge = edge.next ?? null) {
    if (edge.other && counts(edge.other)) count++;
  }
  return count;
}

/** Whether two shapes overlap by more than planck's own slack. Skins of polygons do not count. */
function overlap(a: Shape, atA: Transform, b: Shape, atB: Transform): boolean {
  const input = new DistanceInput();
  input.proxyA.set(a, 0);
  input.proxyB.set(b, 0);
  input.transformA.setTransform(atA);
  input.transformB.setTransform(atB);
  const output = new DistanceOutput();
  Distance(output, new SimplexCache(), input);
  return output.distance < Math.max(roundness(a) + roundness(b) - SLACK, 1e-6);
}

function roundness(shape: Shape): number {
  return shape.getType() === 'circle' ? shape.getRadius() : 0;
}

function boxOf(shape: Shape, transform: Transform) {
  const box = boxAround(0, 0, 0);
  shape.computeAABB(box, transform, 0);
  return box;
}

function boxAround(x: number, y: number, reach: number) {
  return { lowerBound: { x: x - reach, y: y - reach }, upperBound: { x: x + reach, y: y + reach } };
}

function cornersOf(x0: number, y0: number, x1: number, y1: number) {
  return [
    { x: x0, y: y0 },
    { x: x1, y: y0 },
    { x: x1, y: y1 },
    { x: x0, y: y1 },
  ];
}
