/**
 * What scripts hold: views of objects, and `self`. A handle works only in the handler it was made for; nothing that
 * leads from it to anything but its methods can be reached. core/contract/object.ts documents what they do.
 */
import type { Look, Point } from '../../contract/content.ts';
import * as acting from './acting.ts';
import { handleOf, shown } from './group.ts';
import { here, isPlayer, type Obj, standing } from './here.ts';
import { mark, recall } from './keep.ts';
import * as looking from './looking.ts';
import { bodyOfSelf, partPrototypes, wordsOfSelf } from './parts.ts';
import { plain } from './plain.ts';

/** Another object. */
class View {
  #object: Obj;
  #turn: number;

  constructor(object: Obj, turn: number) {
    this.#object = object;
    this.#turn = turn;
  }

  /** The object behind a living handle. @throws when it is none, or was kept after its handler */
  static open(handle: unknown): Obj {
    if (typeof handle !== 'object' || handle === null || !(#object in handle))
      throw new TypeError('that is no object of the world');
    if (handle.#turn !== here.turn || here.turn === 0) {
      throw new Error('this object was kept after its handler: keep its id and ask world.get(id)');
    }
    return handle.#object;
  }

  static is(handle: unknown): handle is View {
    return typeof handle === 'object' && handle !== null && #object in handle;
  }

  get id() {
    return View.open(this).id;
  }
  get kind() {
    return View.open(this).kind;
  }
  get name(): unknown {
    return View.open(this).name;
  }
  get x() {
    return View.open(this).x;
  }
  get y() {
    return View.open(this).y;
  }
  get angle(): unknown {
    return View.open(this).angle;
  }
  get vx() {
    return View.open(this).vx;
  }
  get vy() {
    return View.open(this).vy;
  }
  get speed(): unknown {
    return View.open(this).speed;
  }
  get scale(): unknown {
    return View.open(this).scale;
  }
  get look(): unknown {
    return lookOf(View.open(this));
  }
  get words(): unknown {
    return View.open(this).words;
  }
  get state(): unknown {
    return shown(View.open(this).state);
  }
  get isPlayer() {
    return isPlayer(View.open(this));
  }
  get connected() {
    const { owner } = View.open(this);
    return owner !== null && isPlayer(View.open(this)) && here.connected.has(owner);
  }
  get owner() {
    const { owner } = View.open(this);
    return owner === null ? null : (here.byOwner.get(owner)?.id ?? null);
  }
  get holder() {
    const { holder } = View.open(this);
    return holder && view(holder);
  }
  is(word: unknown) {
    return View.open(this).words.includes(word as string);
  }
  contents(where?: unknown) {
    const test = looking.testOf(where);
    const found = View.open(this).held.filter((held) => !held.dying && test(held));
    return views(found.slice(0, looking.mostResults));
  }
  has(kind: unknown, n: unknown = 1) {
    return acting.holdings(View.open(this), acting.kindOf(kind)).length >= count(n);
  }
  give(kind: unknown, n: unknown = 1) {
    return acting.give(View.open(this), kind, count(n));
  }
  take(kind: unknown, n: unknown = 1) {
    return acting.take(View.open(this), acting.kindOf(kind), count(n));
  }
  into(holder: unknown) {
    return acting.into(View.open(this), View.open(holder));
  }
  push(ix: unknown, iy: unknown) {
    return acting.push(View.open(this), ix, iy);
  }
}

/** The object whose handler runs. */
class Self extends View {
  /** The object, when the handle lives and is of the object whose handler runs. */
  static mine(handle: Self): Obj {
    const object = View.open(handle);
    if (object !== here.me) throw new TypeError('that is not self');
    return object;
  }

  override get name(): unknown {
    return View.open(this).name;
  }
  override set name(name: unknown) {
    acting.setName(Self.mine(this), name);
  }
  override get look(): unknown {
    return lookOf(View.open(this));
  }
  override set look(look: unknown) {
    acting.set(Self.mine(this), { look: look === null ? null : acting.lookOf(look) });
  }
  override get angle(): unknown {
    return View.open(this).angle;
  }
  override set angle(angle: unknown) {
    acting.set(Self.mine(this), { angle: acting.finite(angle, 'angle') });
  }
  override get speed(): unknown {
    return View.open(this).speed;
  }
  override set speed(speed: unknown) {
    acting.set(Self.mine(this), { speed: acting.finite(speed, 'speed', 0, 100) });
  }
  override get scale(): unknown {
    return View.open(this).scale;
  }
  override set scale(scale: unknown) {
    acting.set(Self.mine(this), { scale: acting.finite(scale, 'scale', 0.05, 20) });
  }
  get physical() {
    return Self.mine(this).physical;
  }
  set physical(physical: unknown) {
    acting.set(Self.mine(this), { physical: physical === true });
  }
  override get words(): unknown {
    Self.mine(this);
    return wordsOfSelf();
  }
  get body() {
    Self.mine(this);
    return bodyOfSelf();
  }
  override get state(): unknown {
    return handleOf(Self.mine(this).state);
  }
  get own() {
    return handleOf(Self.mine(this).own);
  }
  get secret() {
    const { keep } = Self.mine(this);
    const group = here.script && keep.secrets.get(here.script);
    return group ? handleOf(group) : nothing;
  }

  velocity(x: unknown, y: unknown) {
    acting.velocity(Self.mine(this), x, y);
  }
  walkTo(target: unknown, speed?: unknown) {
    const me = Self.mine(this);
    return acting.walkTo(me, pointOf(target), View.is(target) ? View.open(target) : null, pace(me, speed));
  }
  flee(from: unknown, speed?: unknown) {
    const me = Self.mine(this);
    acting.flee(me, pointOf(from), pace(me, speed));
  }
  wander(speed?: unknown) {
    const me = Self.mine(this);
    acting.wander(me, pace(me, speed));
  }
  stop() {
    acting.velocity(Self.mine(this), 0, 0);
  }
  face(target: unknown) {
    const me = Self.mine(this);
    const to = pointOf(target);
    acting.face(me, Math.atan2(to.y - me.y, to.x - me.x));
  }
  move(dx: unknown, dy: unknown) {
    const me = Self.mine(this);
    return acting.jump(me, me.x + acting.finite(dx, 'dx'), me.y + acting.finite(dy, 'dy'), true);
  }
  teleport(x: unknown, y: unknown) {
    return acting.jump(Self.mine(this), acting.finite(x, 'x'), acting.finite(y, 'y'), false);
  }

  nearest(kind: unknown, radius: unknown) {
    const found = looking.nearest(
      Self.mine(this),
      acting.textOf(kind, 'a kind'),
      acting.finite(radius, 'radius', 0, 1000),
    );
    return found && view(found);
  }
  around(radius: unknown, where?: unknown) {
    const test = looking.testOf(where);
    return views(looking.around(Self.mine(this), acting.finite(radius, 'radius', 0, 1000), test));
  }
  touching(where?: unknown) {
    return views(looking.touching(Self.mine(this), looking.testOf(where)));
  }
  distance(target: unknown) {
    const at = standing(Self.mine(this));
    const to = pointOf(target);
    return Math.hypot(at.x - to.x, at.y - to.y);
  }
  sees(target: unknown) {
    return looking.sees(Self.mine(this), pointOf(target), View.is(target) ? View.open(target) : null);
  }

  say(text: unknown) {
    acting.say(Self.mine(this), text);
  }
  sayOneOf(lines: unknown) {
    const me = Self.mine(this);
    const list = plain(lines, 'lines', 16_384);
    if (!Array.isArray(list) || list.length === 0) throw new TypeError('sayOneOf takes a list of lines');
    acting.say(me, list[Math.floor(here.random() * list.length)]);
  }
  tell(player: unknown, text: unknown) {
    acting.tell(Self.mine(this), View.open(player), text);
  }
  ask(player: unknown, name: unknown, text: unknown, choices: unknown) {
    acting.ask(Self.mine(this), View.open(player), name, text, choices);
  }
  send(to: unknown, name: unknown, data?: unknown) {
    const me = Self.mine(this);
    return acting.send(me, typeof to === 'string' ? here.byId.get(to) : View.open(to), name, data);
  }
  effect(name: unknown, data?: unknown) {
    acting.effect(Self.mine(this), name, data);
  }

  create(kind: unknown) {
    const me = Self.mine(this);
    const { x, y } = standing(me);
    if (me.held.length >= me.sort.contains) throw new RangeError(`it holds ${me.sort.contains} already`);
    return view(acting.spawn(kind, { x, y, holder: me }));
  }
  drop(what: unknown) {
    const me = Self.mine(this);
    if (View.is(what)) {
      const object = View.open(what);
      if (object.holder !== me) return false;
      acting.putDown(object);
      return true;
    }
    const kind = acting.kindOf(what);
    const held = acting.holdings(me, kind)[0];
    if (held) acting.putDown(held);
    else acting.spawn(kind, { x: standing(me).x, y: standing(me).y });
    return true;
  }

  memory(player: unknown) {
    const me = Self.mine(this);
    const who = View.open(player);
    if (!isPlayer(who)) throw new TypeError('memory is of a player');
    return here.script ? recall(me.keep, here.script, who.id) : nothing;
  }
  once(player: unknown, per: unknown, name: unknown = '') {
    const me = Self.mine(this);
    if (per !== 'ever' && per !== 'day') throw new TypeError("once is 'ever' or 'day'");
    const key = `once ${per}\n${here.script?.name}\n${acting.textOf(name, 'a name', 64)}\n${View.open(player).id}`;
    const day = 86_400;
    return mark(me.keep, key, per === 'ever' ? null : (Math.floor(here.time / day) + 1) * day);
  }
  cooldown(name: unknown, seconds: unknown, player?: unknown) {
    const me = Self.mine(this);
    const who = player === undefined ? '' : View.open(player).id;
    const key = `cooldown\n${here.script?.name}\n${acting.textOf(name, 'a name', 64)}\n${who}`;
    return mark(me.keep, key, here.time + acting.finite(seconds, 'seconds', 0, 1e9));
  }

  after(seconds: unknown, name: unknown, data?: unknown) {
    Self.mine(this);
    acting.setTimer(seconds, false, name, data);
  }
  every(seconds: unknown, name: unknown, data?: unknown) {
    Self.mine(this);
    acting.setTimer(seconds, true, name, data);
  }
  cancel(name: unknown) {
    Self.mine(this);
    acting.cancelTimer(name);
  }

  log(...values: unknown[]) {
    Self.mine(this);
    acting.log(values);
  }
  destroy() {
    acting.destroy(Self.mine(this));
  }
}

const nothing = Object.freeze({});

// A class leads to its constructor; these must not be made by scripts.
for (const made of [View, Self]) Reflect.deleteProperty(made.prototype, 'constructor');

/** Prototypes of all handles, to be frozen. */
export const prototypes: readonly object[] = [View.prototype, Self.prototype, ...partPrototypes];

export function self(object: Obj, turn: number): object {
  return new Self(object, turn);
}

/** A view that lives as long as the handler with number `turn`. */
export function view(object: Obj, turn: number = here.turn): View {
  return new View(object, turn);
}

export function views(objects: readonly Obj[]): readonly View[] {
  return objects.map((object) => view(object));
}

export function open(handle: unknown): Obj {
  return View.open(handle);
}

export function isHandle(handle: unknown): boolean {
  return View.is(handle);
}

/** A point, or where an object stands. */
export function pointOf(target: unknown): Point {
  if (View.is(target)) return standing(View.open(target));
  const { x, y } = (typeof target === 'object' && target !== null ? target : {}) as { x?: unknown; y?: unknown };
  return { x: acting.finite(x, 'x'), y: acting.finite(y, 'y') };
}

function lookOf(object: Obj): Look | null {
  return object.look ?? object.sort.scripts.find((script) => script.look !== null)?.look ?? null;
}

function pace(object: Obj, speed: unknown): number {
  return speed === undefined ? object.speed : acting.finite(speed, 'speed', 0, 100);
}

function count(n: unknown): number {
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > 1_000)
    throw new RangeError('how many is a whole number from 1 to 1000');
  return n;
}
