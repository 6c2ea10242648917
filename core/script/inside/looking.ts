/** What scripts see of the world: answered from the copy, nearest first, at most 64. */
import type { Json, Point } from '../../contract/content.ts';
import { gap, meetsShape, meetsSolid, touches } from './geometry.ts';
import { shown } from './group.ts';
import { hasKind, here, type Obj, ofKind, standing } from './here.ts';
import { outline, placed } from './objects.ts';
import { same } from './plain.ts';

export const mostResults = 64;

/** A `where` of a script, read once. */
export type Test = (object: Obj) => boolean;

/** @throws TypeError when it is no kind and no `{ kind, name, word, state }`. */
export function testOf(where: unknown): Test {
  if (where === undefined) return () => true;
  if (typeof where === 'string') return (object) => hasKind(object, where);
  if (typeof where !== 'object' || where === null)
    throw new TypeError('what to look for is a kind or { kind, name, word, state }');
  const { kind, name, word, state } = where as { kind?: unknown; name?: unknown; word?: unknown; state?: unknown };
  const fields = typeof state === 'object' && state !== null ? (Object.entries(state) as [string, Json][]) : [];
  return (object) => {
    if (typeof kind === 'string' && !hasKind(object, kind)) return false;
    if (typeof name === 'string' && object.name !== name) return false;
    if (typeof word === 'string' && !object.words.includes(word)) return false;
    if (fields.length === 0) return true;
    const own = shown(object.state);
    return fields.every(([key, value]) => Object.hasOwn(own, key) && same(own[key] as Json, value));
  };
}

/** Objects on the ground within a distance between centres, nearest first. */
export function around(of: Obj, distance: number, test: Test, most: number = mostResults): readonly Obj[] {
  const at = standing(of);
  const found: { object: Obj; away: number }[] = [];
  for (const object of here.grid.around(at.x, at.y, distance)) {
    if (object === of || object === at || !object.alive || object.dying || !test(object)) continue;
    const away = Math.hypot(object.x - at.x, object.y - at.y);
    if (away <= distance) found.push({ object, away });
  }
  found.sort((a, b) => a.away - b.away || (a.object.id < b.object.id ? -1 : 1));
  return found.slice(0, most).map((each) => each.object);
}

/** All that pass, in id order. */
export function inOrder(test: (object: Obj) => boolean): readonly Obj[] {
  const found: Obj[] = [];
  for (const object of here.byId.values()) if (test(object)) found.push(object);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The nearest of a kind, or undefined. */
export function nearest(of: Obj, kind: string, distance: number): Obj | undefined {
  const at = standing(of);
  const list = ofKind(kind);
  let best: Obj | undefined;
  let least = distance;
  // Few of a kind are quicker to look at than all that is around.
  for (const object of list.length <= 16 ? list : here.grid.around(at.x, at.y, distance)) {
    if (object === of || object === at || object.holder || !object.alive || object.dying || !hasKind(object, kind))
      continue;
    const away = Math.hypot(object.x - at.x, object.y - at.y);
    if (away > distance || away > least) continue;
    if (away === least && best && best.id < object.id) continue;
    best = object;
    least = away;
  }
  return best;
}

/** What touches or overlaps its body. */
export function touching(of: Obj, test: Test): readonly Obj[] {
  const mine = placed(of);
  if (!mine) return [];
  const most = of.radius + here.biggest;
  const found = around(of, most + 0.1, (object) => test(object) && overlaps(mine, object), mostResults);
  return found;
}

function overlaps(mine: NonNullable<ReturnType<typeof placed>>, object: Obj): boolean {
  const other = placed(object);
  return other !== null && touches(mine, other);
}

/** Metres from edge to edge, of where they stand. */
export function edgeDistance(a: Obj, b: Obj): number {
  return gap(outline(standing(a)), outline(standing(b)));
}

/** Whether nothing that never moves is between two places. */
export function sees(from: Obj, to: Point, target: Obj | null): boolean {
  const a = standing(from);
  return !blocked(a, to, 0, (object) => object !== a && object !== target);
}

/**
 * Whether a jump meets a solid, or something fixed. What it stands in already does not hold it.
 * The outside repeats this with the real bodies.
 */
export function wayBlocked(object: Obj, to: Point): boolean {
  const mine = placed(object);
  if (to.x < 0 || to.y < 0 || to.x > here.width || to.y > here.height) return true;
  if (!mine) return false;
  const reach = mine.shape.shape === 'circle' ? mine.shape.radius : inner(mine.shape);
  return blocked(object, to, Math.max(0.01, reach - 0.01), (other) => other !== object);
}

function inner(shape: { readonly shape: string; readonly width?: number; readonly height?: number }): number {
  return Math.min(shape.width ?? 0.2, shape.height ?? 0.2) / 2;
}

function blocked(a: Point, b: Point, reach: number, counts: (object: Obj) => boolean): boolean {
  if (meetsSolid(here.solids, a, b, Math.max(reach, 1e-6))) return true;
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const far = Math.hypot(b.x - a.x, b.y - a.y) / 2 + reach + here.biggest;
  return here.grid.around(middle.x, middle.y, far).some((object) => {
    if (!object.alive || !object.solid || object.sort.body?.sensor || !isFixed(object) || !counts(object)) return false;
    const shape = placed(object);
    return shape !== null && meetsShape(shape, a, b, reach);
  });
}

/** Whether others never move it. */
export function isFixed(object: Obj): boolean {
  return object.type === 'static' || object.words.includes('fixed');
}
