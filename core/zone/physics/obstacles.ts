/** What is in the way in a zone: its edge, its solids, and solid bodies. */
import { Chain, Circle, Edge, type Fixture, type Shape, Transform, Vec2, type World } from 'planck-js';
import type { Solid } from '../../contract/content.ts';
import type { Contacts } from './contacts.ts';
import { type Body, type Entries, type Entry, entryOf, isIgnored } from './entry.ts';
import type { BodyType } from './port.ts';
import { boxOf, overlap, SLACK } from './shapes.ts';
import { cleanSolid, indexSolids, type SolidIndex } from './solids.ts';

export type ObstaclesOptions = {
  readonly world: World;
  readonly entries: Entries;
  /** Metres. */
  readonly width: number;
  readonly height: number;
  readonly mayCollide: Contacts['mayCollide'];
};

export type Obstacles = {
  /** Replaces the solids. */
  set(solids: readonly Solid[]): void;
  /** Whether the shape at a place touches the edge or a solid. */
  hitsSolid(shape: Shape, x: number, y: number, angle: number): boolean;
  /** Whether the shape at a place touches a solid body of one of the types. */
  hitsBody(shape: Shape, x: number, y: number, angle: number, types: readonly BodyType[], self?: Entry): boolean;
  /** Whether a circle touches what never moves. */
  hitsFixed(x: number, y: number, radius: number): boolean;
};

const HERE = Transform.identity();

/** The edge is solid from now on; solids have still to be set. */
export function createObstacles({ world, entries, width, height, mayCollide }: ObstaclesOptions): Obstacles {
  let walls: Body[] = [];
  let index: SolidIndex = indexSolids([], height);
  addChain({ points: cornersOf(width, height), closed: true });

  function addChain(solid: Solid): Body {
    const body = world.createBody({ type: 'static' });
    const fixture = body.createFixture({ shape: new Chain([...solid.points], solid.closed), friction: 0.2 });
    fixture.shouldCollide = (other: Fixture) => mayCollide(fixture, other);
    return body;
  }

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
      const other = entryOf(entries, fixture);
      if (!other || other === self || fixture.isSensor() || !types.includes(other.body.getType())) return true;
      if (self && isIgnored(self, other)) return true;
      hit = overlap(shape, transform, fixture.getShape(), other.body.getTransform());
      return !hit;
    });
    return hit;
  }

  return {
    set(solids) {
      const clean = solids.map(cleanSolid).filter((solid) => solid !== null);
      for (const wall of walls) world.destroyBody(wall);
      walls = clean.map(addChain);
      index = indexSolids(clean, height);
    },
    hitsSolid(shape, x, y, angle) {
      const transform = new Transform(new Vec2(x, y), angle);
      const box = boxOf(shape, transform);
      if (box.lowerBound.x < -SLACK || box.lowerBound.y < -SLACK) return true;
      if (box.upperBound.x > width + SLACK || box.upperBound.y > height + SLACK) return true;
      if (index.inside(x, y)) return true;
      const near = index.near(box.lowerBound.x, box.lowerBound.y, box.upperBound.x, box.upperBound.y);
      return near.some(({ a, b }) => overlap(shape, transform, new Edge(a, b), HERE));
    },
    hitsBody,
    hitsFixed(x, y, radius) {
      const reach = radius - SLACK;
      if (x < reach || y < reach || x > width - reach || y > height - reach) return true;
      if (index.inside(x, y) || index.nearerThan(x, y, reach)) return true;
      return hitsBody(new Circle(radius), x, y, 0, ['static']);
    },
  };
}

function cornersOf(width: number, height: number) {
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
}
