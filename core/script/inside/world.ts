/** `world`, and what the zone's own script is given. One of each for the life of the isolate: it is the same zone. */

import type { Area, Look, Point } from '../../contract/content.ts';
import { babble } from '../../contract/object.ts';
import * as acting from './acting.ts';
import { isIn } from './geometry.ts';
import { type Group, handleOf } from './group.ts';
import { isHandle, open, pointOf, view, views } from './handles.ts';
import { hasKind, here, type Obj, ofKind, standing } from './here.ts';
import { mostResults, testOf } from './looking.ts';
import { roll } from './random.ts';

const longestBabble = 2_000;

/** Makes `world`. @param state  The zone's public state. */
export function createWorld(state: Group): object {
  return {
    __proto__: null,
    get state() {
      running();
      return handleOf(state);
    },
    get settings() {
      return here.settings;
    },
    get time() {
      return here.time;
    },
    get tick() {
      return here.tick;
    },
    get dt() {
      return here.dt;
    },
    get zone() {
      return here.zone;
    },
    get width() {
      return here.width;
    },
    get height() {
      return here.height;
    },
    players: () => views(ofKind(here.character).filter((object) => hasKind(object, 'player') && !object.dying)),
    count: (kind: unknown) => ofKind(acting.textOf(kind, 'a kind')).filter((object) => !object.dying).length,
    get(id: unknown) {
      running();
      const object = here.byId.get(id as string);
      return object && !object.dying ? view(object) : undefined;
    },
    find(where: unknown) {
      running();
      const test = testOf(where);
      const kind = typeof where === 'string' ? where : (where as { kind?: unknown } | undefined)?.kind;
      const found: Obj[] = [];
      for (const object of typeof kind === 'string' ? ofKind(kind) : inOrder()) {
        if (found.length >= mostResults) break;
        if (!object.dying && test(object)) found.push(object);
      }
      return views(found);
    },
    area(name: unknown) {
      const area = here.areas.get(name as string);
      return area && areaOf(area);
    },
    spawn: (kind: unknown, at: unknown = {}) => view(spawn(kind, at)),
    goto(who: unknown, zone: unknown, at?: unknown) {
      const target =
        at === undefined || at === null
          ? null
          : typeof at === 'string'
            ? acting.textOf(at, 'an area', 100)
            : pointOf(at);
      acting.goto(open(who), zone, target);
    },
    emit(name: unknown, data?: unknown) {
      running();
      acting.emit(name, data);
    },
    roll: (dice: unknown) => roll(dice, here.random),
    chance: (probability: unknown) => here.random() < acting.finite(probability, 'a probability'),
    random(min: unknown = 0, max: unknown = 1) {
      const least = acting.finite(min, 'min', -1e15, 1e15);
      return least + here.random() * (acting.finite(max, 'max', -1e15, 1e15) - least);
    },
    pick(list: unknown) {
      if (!Array.isArray(list) || list.length === 0) throw new TypeError('pick takes a list with something in it');
      return list[Math.floor(here.random() * list.length)];
    },
    babble: (text: unknown) => babble(acting.textOf(text, 'the text', longestBabble)),
    log(...values: unknown[]) {
      running();
      acting.log(values);
    },
  };
}

/** The zone as its own script has it. */
export function createZoneHandle(world: object): object {
  const timers = {
    after: (seconds: unknown, name: unknown, data?: unknown) => acting.setTimer(seconds, false, name, data),
    every: (seconds: unknown, name: unknown, data?: unknown) => acting.setTimer(seconds, true, name, data),
    cancel: (name: unknown) => acting.cancelTimer(name),
  };
  return Object.defineProperties(timers, Object.getOwnPropertyDescriptors(world));
}

function running(): void {
  if (here.turn === 0) throw new Error('the world can be asked only by handlers');
}

type At = {
  readonly at?: unknown;
  readonly name?: unknown;
  readonly look?: Look;
  readonly angle?: number;
  readonly speed?: number;
  readonly owner?: unknown;
  readonly ignore?: unknown;
  readonly life?: unknown;
  readonly state?: { readonly [field: string]: unknown };
  readonly inside?: unknown;
};

function spawn(kind: unknown, wanted: unknown): Obj {
  running();
  if (typeof wanted !== 'object' || wanted === null) throw new TypeError('spawn takes a kind and { at, … }');
  const { at, name, look, angle, speed, owner, ignore, life, state, inside } = wanted as At;
  const holder = inside === undefined ? null : open(inside);
  const { x, y } = holder ? standing(holder) : placeOf(at);
  const object = acting.spawn(kind, {
    x,
    y,
    holder,
    name: name === undefined ? '' : acting.textOf(name, 'name', 64),
    look: look === undefined ? null : (acting.lookOf(look) as Look),
    ...(angle === undefined ? {} : { angle }),
    ...(speed === undefined ? {} : { speed }),
    owner: owner === undefined ? null : open(owner),
    ignore: openAll(ignore),
    ...(state === undefined ? {} : { state }),
  });
  if (life !== undefined) acting.setLife(object, life);
  return object;
}

/** The objects of a script's list, read by their places: its methods may be the script's own. */
function openAll(list: unknown): readonly Obj[] {
  const objects: Obj[] = [];
  if (Array.isArray(list)) for (let i = 0; i < list.length && i < mostResults; i++) objects.push(open(list[i]));
  return objects;
}

/** Where to spawn: there, in an area, beside whoever spawns, or in the middle. */
function placeOf(at: unknown): Point {
  if (typeof at === 'string') {
    const area = here.areas.get(at);
    if (!area) throw new TypeError(`the map has no area called ${at.slice(0, 64)}`);
    return randomIn(area);
  }
  if (at !== undefined) return beside(pointOf(at), isHandle(at) ? open(at) : null);
  const { me } = here;
  return me?.id ? beside(standing(me), me) : { x: here.width / 2, y: here.height / 2 };
}

/** An object that spawns at another begins at its edge, not inside of it. */
function beside(point: Point, object: Obj | null): Point {
  if (!object) return point;
  const away = standing(object).radius;
  const angle = here.random() * 2 * Math.PI;
  return { x: point.x + Math.cos(angle) * away, y: point.y + Math.sin(angle) * away };
}

function areaOf(area: Area): object {
  const { name, x, y, width, height } = area;
  return Object.freeze({
    __proto__: null,
    name,
    x,
    y,
    width,
    height,
    has: (target: unknown) => holds(area, pointOf(target)),
    random: () => randomIn(area),
  });
}

function holds(area: Area, point: Point): boolean {
  if (area.points) return isIn(point, area.points);
  return Math.abs(point.x - area.x) <= area.width / 2 && Math.abs(point.y - area.y) <= area.height / 2;
}

function randomIn(area: Area): Point {
  for (let i = 0; i < 32; i++) {
    const point = {
      x: area.x + (here.random() - 0.5) * area.width,
      y: area.y + (here.random() - 0.5) * area.height,
    };
    if (holds(area, point)) return point;
  }
  return { x: area.x, y: area.y };
}

function inOrder(): readonly Obj[] {
  return [...here.byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
