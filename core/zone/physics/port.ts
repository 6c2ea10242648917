/** The physics of a zone as the zone sees it, from above: no gravity, damping instead. Nothing here knows planck. */
import type { BodySpec, Solid } from '../../contract/content.ts';
import type { AddOutcome, Moved, Outcome, Placed, PlaceOutcome } from './placed.ts';
import type { Resting } from './rest.ts';
import type { SavedTouch, Touch } from './touches.ts';

export type BodyType = NonNullable<BodySpec['type']>;

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
