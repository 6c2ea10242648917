/** What a handler does to the world: moving, speaking, having, waiting. The copy changes at once, the rest is asked for. */
import type { Look, Point } from '../../contract/content.ts';
import type { MoveTarget } from '../../contract/link.ts';
import { shown } from './group.ts';
import { here, intend, isPlayer, type Obj, put, standing, undoable } from './here.ts';
import { expect, storeKeep, touchKeep } from './keep.ts';
import { isFixed, wayBlocked } from './looking.ts';
import { add, changeHolder, createObject, forget, place, remove, setBody } from './objects.ts';
import { dataLimits, plain } from './plain.ts';
import type { Doing } from './rates.ts';
import { askBefore, dispatch, type MakeEvent } from './run.ts';
import { isKindName } from './script.ts';
import type { Sort } from './sorts.ts';

const longest = { text: 500, name: 64, word: 32, key: 64 } as const;
const mostChoices = 8;
const mostWords = 32;
const mostTimers = 64;
/** Seconds: a timer is not set further ahead than ten years. */
const farthest = 315_360_000;
const fastest = 100;

/** What the parts that make objects and events give. */
export type Making = {
  sortOf(kind: string): Sort;
  /** Events with the world and views of other objects in them. */
  event(fields: { readonly [key: string]: Obj }): MakeEvent;
};

let making: Making;

/** Set once, when the zone is loaded. */
export function useMaking(made: Making): void {
  making = made;
}

export function finite(value: unknown, what: string, least = -1e6, most = 1e6): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new RangeError(
      `${what} is a number from ${least} to ${most}, not ${typeof value === 'number' ? value : typeof value}`,
    );
  }
  return value;
}

/** A look as plain data. */
export function lookOf(look: unknown): Look {
  return plain(look, 'look', 1024) as Look;
}

/** A text, cut to what may be shown. */
export function textOf(value: unknown, what: string, most: number = longest.text): string {
  if (typeof value !== 'string')
    throw new TypeError(`${what} is a text, not ${value === null ? 'null' : `a ${typeof value}`}`);
  return value.slice(0, most).toWellFormed();
}

function nameOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || value.length > longest.key || value !== value.toWellFormed()) {
    throw new TypeError(`${what} is a name of 1 to ${longest.key} characters`);
  }
  return value;
}

/** Takes from a rate; false (and a report) when it is used up. */
function allow(doing: Doing, n = 1): boolean {
  const why = here.rates.take(here.me, doing, n, here.time);
  if (why !== null) refuse(doing, why);
  return why === null;
}

function refuse(verb: string, message: string): void {
  if (!here.script) return;
  here.reporter.report('refused', here.script, here.me, verb, { file: here.script.path, line: 0, column: 0, message });
}

// Moving

export function velocity(object: Obj, x: unknown, y: unknown): void {
  const vx = finite(x, 'velocity x', -fastest, fastest);
  const vy = finite(y, 'velocity y', -fastest, fastest);
  put(object, 'walk', null);
  put(object, 'vx', vx);
  put(object, 'vy', vy);
  intend({ verb: 'velocity', id: object.id, vx, vy });
}

export function push(object: Obj, x: unknown, y: unknown): boolean {
  const ix = finite(x, 'push x');
  const iy = finite(y, 'push y');
  if (object.holder || object.type !== 'dynamic' || !object.physical || !object.shape) return false;
  if (
    object !== here.me &&
    (isFixed(object) || askBefore(object, 'push', making.event(here.me?.id ? { by: here.me } : {})) !== null)
  )
    return false;
  intend({ verb: 'push', id: object.id, ix, iy });
  return true;
}

/** Metres beyond which a walk that ended is begun again. */
const slack = { point: 0.5, object: 0.8 } as const;
/** Seconds before a way is looked for again. */
const patience = 2;

export function walkTo(object: Obj, to: Point, target: Obj | null, speed: number): 'there' | 'going' | 'stuck' {
  if (object.holder) return 'stuck';
  const goal = target ? target.id : { x: finite(to.x, 'x', 0, here.width), y: finite(to.y, 'y', 0, here.height) };
  const { walk } = object;
  const isSame = walk && walk.speed === speed && isSameGoal(walk.to, goal);
  const room = target ? object.radius + target.radius + slack.object : slack.point;
  const isThere = Math.hypot(to.x - object.x, to.y - object.y) <= room;
  if (isSame) {
    if (walk.status === 'going' || (walk.status === 'there' && isThere)) return walk.status;
    if (walk.status === 'stuck' && here.time - walk.since < patience) return 'stuck';
  }
  put(object, 'walk', { to: goal, speed, status: 'going', since: here.time });
  intend({ verb: 'walk', id: object.id, to: goal, speed });
  return 'going';
}

function isSameGoal(a: string | Point, b: string | Point): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return Math.hypot(a.x - b.x, a.y - b.y) < 0.05;
}

export function flee(object: Obj, from: Point, speed: number): void {
  const dx = object.x - from.x;
  const dy = object.y - from.y;
  const angle = dx === 0 && dy === 0 ? here.random() * 2 * Math.PI : Math.atan2(dy, dx);
  // Along a wall when it has its back to it.
  const turns = [0, 0.7, -0.7, 1.3, -1.3];
  const free = turns.find((turn) => !wayBlocked(object, ahead(object, angle + turn, 0.6))) ?? 0;
  heading(object, angle + free, speed);
}

export function wander(object: Obj, speed: number): void {
  const { stroll } = object;
  if (
    !stroll ||
    here.time >= stroll.until ||
    wayBlocked(object, ahead(object, Math.atan2(stroll.vy, stroll.vx), 0.5))
  ) {
    const rests = !!stroll && stroll.vx !== 0 && here.random() < 0.4;
    const angle = here.random() * 2 * Math.PI;
    const pace = rests ? 0 : speed;
    const until = here.time + 0.8 + here.random() * 2.4;
    put(object, 'stroll', { vx: Math.cos(angle) * pace, vy: Math.sin(angle) * pace, until });
    if (rests) velocity(object, 0, 0);
  }
  const now = object.stroll;
  if (!now || (now.vx === 0 && now.vy === 0)) return;
  heading(object, Math.atan2(now.vy, now.vx), speed);
}

function heading(object: Obj, angle: number, speed: number): void {
  velocity(object, Math.cos(angle) * speed, Math.sin(angle) * speed);
  face(object, angle);
}

function ahead(object: Obj, angle: number, metres: number): Point {
  const reach = object.radius + metres;
  return { x: object.x + Math.cos(angle) * reach, y: object.y + Math.sin(angle) * reach };
}

export function face(object: Obj, angle: number): void {
  // A body that turns a little every tick would be told every tick.
  if (Math.abs(Math.atan2(Math.sin(angle - object.angle), Math.cos(angle - object.angle))) < 0.01) return;
  set(object, { angle });
}

export function jump(object: Obj, x: number, y: number, checked: boolean): boolean {
  const inside = x >= 0 && y >= 0 && x <= here.width && y <= here.height;
  if (object.holder || !inside || (checked && wayBlocked(object, { x, y }))) return false;
  put(object, 'walk', null);
  place(object, x, y);
  intend({ verb: 'place', id: object.id, x, y, checked });
  return true;
}

type Fields = {
  name?: string;
  look?: Look | null;
  scale?: number;
  speed?: number;
  words?: readonly string[];
  physical?: boolean;
  angle?: number;
};

export function set(object: Obj, fields: Fields): void {
  intend({ verb: 'set', id: object.id, fields });
  for (const key of Object.keys(fields) as (keyof Fields)[]) put(object, key, fields[key] as never);
}

export function setName(object: Obj, name: unknown): void {
  set(object, { name: textOf(name, 'name', longest.name) });
}

export function addWord(object: Obj, word: unknown): void {
  const name = textOf(word, 'a word', longest.word);
  if (object.words.includes(name)) return;
  if (object.words.length >= mostWords) throw new RangeError(`an object has at most ${mostWords} words`);
  set(object, { words: Object.freeze([...object.words, name]) });
}

export function removeWord(object: Obj, word: unknown): void {
  if (typeof word !== 'string' || !object.words.includes(word)) return;
  set(object, { words: Object.freeze(object.words.filter((other) => other !== word)) });
}

export function setSolid(object: Obj, solid: boolean, type: Obj['type']): void {
  if (object.solid === solid && object.type === type) return;
  intend({
    verb: 'set',
    id: object.id,
    fields: { ...(object.solid === solid ? {} : { solid }), ...(object.type === type ? {} : { type }) },
  });
  put(object, 'solid', solid);
  put(object, 'type', type);
  setBody(object.keep, { solid, type });
  touchKeep(object.keep);
}

// Speaking

export function say(object: Obj, text: unknown): void {
  const line = textOf(text, 'what is said');
  if (line === '' || !allow('say')) return;
  intend({ verb: 'say', id: object.id, text: line, player: false });
  here.later.push(() => hear(object, line, false));
}

/** Everyone within hearing hears a line, save who said it. */
export function hear(from: Obj, text: string, isPlayer: boolean): void {
  const at = standing(from);
  const listeners = here.grid
    .around(at.x, at.y, here.hearing)
    .filter(
      (object) =>
        object !== from && object.sort.on.has('hear') && Math.hypot(object.x - at.x, object.y - at.y) <= here.hearing,
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const listener of listeners) {
    const event = making.event({ from });
    dispatch(listener, 'hear', (turn) => ({ ...event(turn), text, isPlayer }));
  }
}

export function tell(object: Obj, to: Obj, text: unknown): void {
  if (!isPlayer(to)) throw new TypeError('only players can be told something');
  intend({ verb: 'tell', id: object.id, to: to.id, text: textOf(text, 'what is told') });
}

export function ask(object: Obj, to: Obj, name: unknown, text: unknown, choices: unknown): void {
  if (!isPlayer(to)) throw new TypeError('only players can be asked something');
  const list = plain(choices, 'choices', dataLimits.data);
  if (!Array.isArray(list) || list.length < 1 || list.length > mostChoices)
    throw new RangeError(`there are 1 to ${mostChoices} choices`);
  const question = nameOf(name, 'the question');
  const options = (list as readonly unknown[]).map((choice) => textOf(choice, 'a choice', 100));
  if (!here.script?.answers.has(question)) throw new TypeError(`${here.script?.name} has no answers.${question}`);
  intend({ verb: 'ask', id: object.id, to: to.id, question, text: textOf(text, 'what is asked'), choices: options });
  expect(object.keep, here.script, to.id, question, options);
}

export function send(from: Obj, to: Obj | undefined, name: unknown, data: unknown): boolean {
  const message = nameOf(name, 'a message');
  const value = plain(data ?? null, 'data', dataLimits.data);
  if (!to?.alive || to.dying || !allow('send')) return false;
  intend({ verb: 'send', message: { to: to.id, from: from.id, name: message, data: value } });
  return true;
}

export function effect(object: Obj, name: unknown, data: unknown): void {
  intend({
    verb: 'effect',
    id: object.id,
    name: nameOf(name, 'an effect'),
    data: plain(data ?? null, 'data', dataLimits.data),
  });
}

export function emit(name: unknown, data: unknown): void {
  intend({ verb: 'emit', name: nameOf(name, 'an event'), data: plain(data ?? null, 'data', dataLimits.data) });
}

// Having

/** Why it may not go into the holder, or null. */
function whyNotInto(object: Obj, holder: Obj): string | null {
  if (isPlayer(object)) return 'nothing holds a player';
  for (let at: Obj | null = holder; at; at = at.holder) if (at === object) return 'it would hold itself';
  const why = askBefore(object, 'take', making.event({ holder }));
  return why ?? whyNotMore(holder, 1) ?? askBefore(holder, 'enter', making.event({ what: object }));
}

function whyNotMore(holder: Obj, n: number): string | null {
  return holder.held.filter((held) => !held.dying).length + n > holder.sort.contains
    ? `it holds ${holder.sort.contains} already`
    : null;
}

export function into(object: Obj, holder: Obj): boolean {
  if (object.holder === holder) return true;
  if (object.dying || holder.dying || whyNotInto(object, holder) !== null) return false;
  const { x, y } = standing(holder);
  intend({ verb: 'hold', id: object.id, holder: holder.id, x, y });
  changeHolder(object, holder, x, y);
  put(object, 'walk', null);
  return true;
}

export function putDown(object: Obj): void {
  const at = standing(object);
  const angle = here.random() * 2 * Math.PI;
  const away = at.radius + object.radius + 0.05;
  const spot = { x: at.x + Math.cos(angle) * away, y: at.y + Math.sin(angle) * away };
  const free = wayBlocked(at, spot) ? { x: at.x, y: at.y } : spot;
  intend({ verb: 'hold', id: object.id, holder: null, x: free.x, y: free.y });
  changeHolder(object, null, free.x, free.y);
  // A new body begins as its script declares it.
  const { body } = object.keep;
  if (body) intend({ verb: 'set', id: object.id, fields: { solid: object.solid, type: object.type } });
}

export function holdings(holder: Obj, kind: string): readonly Obj[] {
  return holder.held.filter((object) => object.kind === kind && !object.dying);
}

export function give(holder: Obj, kind: unknown, n: number): boolean {
  const name = kindOf(kind);
  if (whyNotMore(holder, n) !== null || !allow('spawn', n)) return false;
  const made: Obj[] = [];
  const { x, y } = standing(holder);
  for (let i = 0; i < n; i++) {
    const object = born(name, { x, y, holder });
    made.push(object);
    if (askBefore(holder, 'enter', making.event({ what: object })) === null) continue;
    for (const back of made.reverse()) unborn(back);
    return false;
  }
  return true;
}

export function take(holder: Obj, kind: string, n: number): boolean {
  const found = holdings(holder, kind);
  if (found.length < n) return false;
  for (const object of found.slice(0, n)) destroy(object);
  return true;
}

// Making and ending

export type Birth = {
  readonly x: number;
  readonly y: number;
  readonly holder?: Obj | null;
  readonly name?: string;
  readonly look?: Look | null;
  readonly angle?: number;
  readonly speed?: number;
  readonly owner?: Obj | null;
  readonly ignore?: readonly Obj[];
  readonly state?: { readonly [field: string]: unknown };
};

export function kindOf(kind: unknown): string {
  if (!isKindName(kind)) throw new TypeError('a kind is lower-case letters, digits and -, such as chicken');
  return kind;
}

/** Takes from the rate of spawns. @throws when it is used up. */
export function spawn(kind: unknown, birth: Birth): Obj {
  const name = kindOf(kind);
  const why = here.rates.take(here.me, 'spawn', 1, here.time);
  if (why !== null) throw new RangeError(`it spawned too much: ${why}`);
  return born(name, birth);
}

function born(kind: string, birth: Birth): Obj {
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  const id = here.ids.next();
  if (id === null) throw new Error('the zone has no free ids just now: try again in a moment');
  const sort = making.sortOf(kind);
  const state = plain(birth.state ?? {}, 'state', dataLimits.state) as { [field: string]: never };
  for (const field of Object.keys(state)) {
    if (sort.scripts.length > 0 && !sort.state.names.includes(field))
      throw new TypeError(`${kind} declares no state.${field}`);
  }
  const speed = finite(birth.speed ?? 0, 'speed', 0, fastest);
  const angle = finite(birth.angle ?? 0, 'angle');
  const x = Math.min(here.width, Math.max(0, finite(birth.x, 'x')));
  const y = Math.min(here.height, Math.max(0, finite(birth.y, 'y')));
  const owner = birth.owner ?? null;
  const look = birth.look ?? null;
  const name = birth.name ?? '';
  const motion = { angle, vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed };
  const rest = { slot: -1, scale: 1, speed: 0, words: [], physical: true, shape: null, own: {}, keep: {} };
  const object = createObject(
    { ...rest, ...motion, id, kind, name, look, x, y, owner: owner?.owner ?? null, state },
    sort,
  );
  const intent = {
    verb: 'spawn',
    by: here.me?.id ? here.me.id : null,
    id,
    kind,
    name,
    look,
    x,
    y,
    ...motion,
    owner: owner?.id ?? null,
    holder: birth.holder?.id ?? null,
    ignore: (birth.ignore ?? []).map((other) => other.id),
    state: {},
    own: {},
    keep: {},
  } as const;
  object.spawned = { intent };
  intend(intent);
  undoable(() => remove(object));
  add(object, birth.holder ?? null);
  here.later.push(() => {
    if (!object.alive) return;
    for (const script of sort.scripts) object.keep.versions.set(script.name, script.version);
    touchKeep(object.keep);
    dispatch(object, 'create', making.event({}));
  });
  return object;
}

/** Takes back what was made a moment ago. */
function unborn(object: Obj): void {
  const at = here.intents.indexOf(object.spawned?.intent as never);
  if (at >= 0) here.intents.splice(at, 1);
  here.later.pop();
  remove(object);
}

/** What a spawn is told outside at the end of its tick: as it is then. */
export function finished(object: Obj): void {
  const intent = object.spawned?.intent as { state: object; own: object; keep: object } | undefined;
  if (!intent) return;
  intent.state = shown(object.state);
  intent.own = shown(object.own);
  intent.keep = storeKeep(object.keep);
  object.spawned = null;
}

/** Ends an object after the handler; its `destroy` runs first. What a player carried stays, anything else goes too. */
export function destroy(object: Obj): void {
  if (object.dying) return;
  if (isPlayer(object)) throw new Error('a script cannot end a player');
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  put(object, 'dying', true);
  here.later.push(() => end(object));
}

function end(object: Obj): void {
  if (!object.alive) return;
  for (const held of object.held) {
    held.dying = true;
    end(held);
  }
  dispatch(object, 'destroy', making.event({}));
  if (!object.alive) return;
  here.intents.push({ verb: 'destroy', id: object.id });
  finished(object);
  remove(object);
  forget(object);
}

export function goto(who: Obj, zone: unknown, at: MoveTarget): void {
  const id = here.me?.id ? here.me.id : who.id;
  intend({ verb: 'goto', id, who: who.id, zone: textOf(zone, 'a zone', 200), at });
}

// Waiting

export function setTimer(seconds: unknown, every: boolean, name: unknown, data: unknown): void {
  const { me, script } = here;
  if (!me || !script) return;
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  const wait = finite(seconds, 'seconds', every ? 0.05 : 0, farthest);
  const timer = nameOf(name, 'a timer');
  if (!script.timers.has(timer)) throw new TypeError(`${script.name} has no timers.${timer}`);
  const key = { object: me.id, script: script.name, name: timer };
  const old = here.timers.find(key);
  if (!old && here.timers.count(me.id) >= mostTimers)
    throw new RangeError(`an object has at most ${mostTimers} timers`);
  const value = plain(data ?? null, 'data', dataLimits.data);
  undoable(() => (old ? here.timers.set(old) : here.timers.remove(key)));
  here.timers.set({ ...key, due: here.time + wait, every: every ? wait : null, data: value });
}

export function cancelTimer(name: unknown): void {
  const { me, script } = here;
  if (!me || !script || typeof name !== 'string') return;
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  const old = here.timers.remove({ object: me.id, script: script.name, name });
  if (old) undoable(() => here.timers.set(old));
}

/** The engine's own timer that ends a spawned object. */
export const lifeTimer = { script: '@', name: 'life' } as const;

export function setLife(object: Obj, seconds: unknown): void {
  const due = here.time + finite(seconds, 'life', 0.01, farthest);
  here.timers.set({ object: object.id, ...lifeTimer, due, every: null, data: null });
}

export function log(values: readonly unknown[]): void {
  const text = values
    .slice(0, 16)
    .map((value) =>
      typeof value === 'string' ? value : JSON.stringify(plain(value ?? null, 'a value', dataLimits.data)),
    );
  intend({
    verb: 'log',
    id: here.me?.id ? here.me.id : null,
    text: text.join(' ').slice(0, longest.text).toWellFormed(),
  });
}
