/** One tick inside, always in this order: news, inbox, timers, near and far, contacts, ticks. */
import type { Crossing, StateChange, TickIn, TickOut } from '../../contract/driver.ts';
import type { InboxItem, LoadReason } from '../../contract/link.ts';
import { destroy, finished, hear, lifeTimer } from './acting.ts';
import * as calls from './calls.ts';
import type { Kept } from './costs.ts';
import { type Group, takeChanges } from './group.ts';
import { hasKind, here, isPlayer, type Obj, zoneItself } from './here.ts';
import { storeKeep } from './keep.ts';
import { around } from './looking.ts';
import { isSuspended, suspendedUntil, throttle } from './marks.ts';
import { changeHolder, forget, moveTo, remove } from './objects.ts';
import { deepFreeze } from './plain.ts';
import { dispatch, drain, type MakeEvent, run } from './run.ts';
import type { Handler, Script } from './script.ts';
import type { Sort } from './sorts.ts';
import type { Timer } from './timers.ts';

/** What a tick needs of the parts that make objects and events. */
export type Ticking = {
  /** Takes newcomers in, or what changed outside; gives the new ones. */
  receive(
    loaded: TickIn['loaded'],
  ): readonly { readonly object: Obj; readonly fresh: boolean; readonly reason: LoadReason }[];
  event(objects: { readonly [key: string]: Obj }, more?: { readonly [key: string]: unknown }): MakeEvent;
  /** The event of `tick`: nothing but the world, the same for all. */
  readonly tickEvent: object;
  readonly kept: Kept;
  /** What `migrate` changed has proved itself. */
  settle(): void;
  /** Objects whose stored form is replaced as a whole. */
  readonly migrated: Set<Obj>;
};

/** Newcomers that have not had `create` and `load`. */
export type Newcomer = { readonly object: Obj; readonly fresh: boolean; readonly reason: LoadReason };

/** Six numbers for each that moved, as in `TickIn.moved`. */
export type Places = { readonly [index: number]: number };

export function tick(input: Crossing, places: Places, ticking: Ticking, waiting: readonly Newcomer[]): TickOut {
  here.tick = input.tick;
  here.time = input.time;
  here.dt = input.dt;
  const former = [...here.gone.keys()];
  here.ids.add(input.ids);
  takeNews(input, places);
  ticking.kept.measure(input.measure);
  throttle(input.throttles);
  if (input.settled) ticking.settle();
  const newcomers = [...waiting, ...ticking.receive(input.loaded)];
  for (const row of input.timers) here.timers.restore(row);
  for (const newcomer of newcomers) welcome(newcomer, ticking);
  for (const refused of input.refused) tellRefused(refused.id, refused.verb, refused.reason, ticking);
  let asked = 0;
  for (const item of input.items) {
    ticking.kept.serve(item.type === 'call' || item.type === 'input' ? asked++ : -1);
    deliver(item, ticking, newcomers);
  }
  ticking.kept.serve(-1);
  for (const timer of here.timers.due(input.time)) fire(timer, ticking);
  ticking.kept.leave();
  if (here.stirred) lookNear(ticking);
  for (const [a, b, began] of input.contacts) contact(a, b, began, ticking);
  tickAll(ticking);
  for (const id of former) here.gone.delete(id);
  return collect(ticking);
}

function takeNews(input: Crossing, places: Places): void {
  for (const [id, slot] of input.slots) {
    const object = here.byId.get(id);
    if (!object) continue;
    object.slot = slot;
    here.bySlot.set(slot, object);
  }
  takePlaces(places, input.shared);
  takePlaces(input.moved, input.moved.length);
  for (const [id, status] of input.walks) {
    const walk = here.byId.get(id)?.walk;
    if (!walk) continue;
    walk.status = status;
    walk.since = input.time;
  }
}

function takePlaces(places: Places, length: number): void {
  for (let i = 0; i + 5 < length; i += 6) {
    const object = here.bySlot.get(places[i] as number);
    if (!object) continue;
    object.angle = places[i + 3] as number;
    object.vx = places[i + 4] as number;
    object.vy = places[i + 5] as number;
    moveTo(object, places[i + 1] as number, places[i + 2] as number);
  }
}

function welcome({ object, fresh, reason }: Newcomer, { event }: Ticking): void {
  if (!object.alive) return;
  if (fresh) dispatch(object, 'create', event({}));
  if (object.alive) dispatch(object, 'load', event({}, { reason }));
}

function tellRefused(id: string, verb: string, reason: string, { event }: Ticking): void {
  const object = id === zoneItself ? here.itself : here.byId.get(id);
  if (object) dispatch(object, 'refused', event({}, { verb, reason }));
}

function deliver(item: InboxItem, ticking: Ticking, newcomers: readonly Newcomer[]): void {
  const { event } = ticking;
  const callEvent: calls.MakeCallEvent = (by, more) => event({ by }, more);
  switch (item.type) {
    case 'call':
      deepFreeze(item.params);
      return calls.call(item, callEvent);
    case 'input':
      deepFreeze(item.input);
      return calls.input(item, callEvent);
    case 'message': {
      const { to, from, name } = item.message;
      const data = deepFreeze(item.message.data);
      const object = here.byId.get(to);
      const sender = here.byId.get(from);
      const make = sender ? event({ from: sender }, { data }) : event({}, { from: null, data });
      if (object) each(object, (script) => script.messages.get(name), make);
      return;
    }
    case 'join': {
      const who = item.character === null ? undefined : here.byId.get(item.character);
      if (!who) return;
      if (who.owner !== item.owner) {
        if (who.owner !== null) here.byOwner.delete(who.owner);
        who.owner = item.owner;
        here.byOwner.set(item.owner, who);
      }
      const isNew = newcomers.some((newcomer) => newcomer.object === who);
      if (isNew) here.connected.add(item.owner);
      else connection(item.owner, true, ticking);
      return isNew ? everyone('enter', event({ who })) : undefined;
    }
    case 'arrive': {
      const who = item.owner === null ? undefined : here.byOwner.get(item.owner);
      if (item.owner !== null) here.connected.add(item.owner);
      return who ? everyone('enter', event({ who })) : undefined;
    }
    case 'connected':
      return connection(item.owner, item.connected, ticking);
    case 'leave': {
      const who = here.byId.get(item.character);
      here.connected.delete(item.owner);
      if (!who) return;
      everyone('leave', event({ who }));
      dispatch(who, 'destroy', event({}));
      for (const held of who.held) changeHolder(held, null, who.x, who.y);
      here.logged = 0;
      remove(who);
      return forget(who);
    }
    case 'take': {
      const object = here.byId.get(item.object);
      if (!object) return;
      if (isPlayer(object)) everyone('leave', event({ who: object }));
      return takeOut(object);
    }
    case 'refused':
      return tellRefused(item.object, 'goto', item.code, ticking);
    case 'say': {
      const from = here.byId.get(item.character);
      if (from) hear(from, item.text, true);
      return;
    }
    case 'move':
    case 'inspect':
      return;
  }
}

/** It goes on elsewhere, with what it holds. */
function takeOut(object: Obj): void {
  for (const held of object.held) takeOut(held);
  remove(object);
  here.gone.set(object.id, object);
}

function connection(owner: string, connected: boolean, { event }: Ticking): void {
  if (here.connected.has(owner) === connected) return;
  if (connected) here.connected.add(owner);
  else here.connected.delete(owner);
  const who = here.byOwner.get(owner);
  const make = who ? event({ who }, { connected }) : event({}, { who: null, connected });
  for (const object of inOrder((each) => each.owner === owner && each.sort.on.has('owner')))
    dispatch(object, 'owner', make);
}

/** An event for the zone's script and every object that listens, in id order. */
function everyone(name: string, make: MakeEvent): void {
  if (here.itself) dispatch(here.itself, name, make);
  for (const object of inOrder((each) => each.sort.on.has(name))) dispatch(object, name, make);
}

function inOrder(test: (object: Obj) => boolean): readonly Obj[] {
  const found: Obj[] = [];
  for (const object of here.byId.values()) if (test(object)) found.push(object);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Runs a table's handlers of all scripts of an object. */
function each(object: Obj, find: (script: Script) => Handler | undefined, make: MakeEvent): void {
  for (const script of object.sort.scripts) {
    const handler = find(script);
    if (!handler || !object.alive || isSuspended(object, script)) continue;
    run(object, handler, make(here.turns + 1));
  }
}

/** Seconds after which the timer of a missing script is looked at again, and one that a build on probation does not know. */
const absent = 60;
const unproven = 1;

function fire(timer: Timer, { event }: Ticking): void {
  // An earlier handler of this tick may have changed it.
  if (here.timers.find(timer) !== timer) return;
  const object = timer.object === zoneItself ? here.itself : here.byId.get(timer.object);
  if (!object) {
    here.timers.remove(timer);
    return;
  }
  if (timer.script === lifeTimer.script) {
    here.timers.remove(timer);
    if (!isPlayer(object)) destroy(object);
    drain();
    return;
  }
  const script = object.sort.scripts.find((candidate) => candidate.name === timer.script);
  if (!script || isSuspended(object, script)) {
    here.timers.set({ ...timer, due: script ? suspendedUntil(object, script) : here.time + absent });
    return;
  }
  const handler = script.timers.get(timer.name);
  if (!handler) {
    // The build before may come back, and has one.
    if (here.proving) here.timers.set({ ...timer, due: here.time + unproven });
    else here.timers.remove(timer);
    return;
  }
  const late = timer.every === null ? 0 : Math.floor((here.time - timer.due) / timer.every);
  if (timer.every === null) here.timers.remove(timer);
  else here.timers.set({ ...timer, due: (late > 0 ? here.time : timer.due) + timer.every });
  run(object, handler, event({}, { data: timer.data, missed: late })(here.turns + 1));
}

/** How much farther than it came near something must go to be far: it does not flicker at the edge. */
const leave = { factor: 1.1, metres: 0.25 } as const;

function lookNear({ event, kept }: Ticking): void {
  here.stirred = false;
  if (here.lookers === 0) return;
  for (const object of inOrder((one) => one.sort.looks)) {
    for (const script of object.sort.scripts) {
      const { near } = script;
      if (!near || script.resting !== null || !object.alive) continue;
      // Looking is the work of who wants to know.
      const handler = script.on.get('near') ?? script.on.get('far');
      if (handler) kept.resume(object, handler);
      object.near ??= new Map();
      const known = object.near.get(script) ?? new Set<Obj>();
      object.near.set(script, known);
      const wanted = (other: Obj) => near.kinds.some((kind) => hasKind(other, kind));
      const within = object.holder ? [] : around(object, near.radius * leave.factor + leave.metres, wanted);
      const isNear = (other: Obj) => Math.hypot(other.x - object.x, other.y - object.y) <= near.radius;
      const gone = [...known].filter((other) => !within.includes(other));
      const came = within.filter((other) => !known.has(other) && isNear(other));
      for (const other of gone) known.delete(other);
      for (const other of came) known.add(other);
      for (const other of came) tellOne(object, script, 'near', event({ other }));
      for (const other of gone) tellOne(object, script, 'far', event({ other }));
    }
  }
}

function tellOne(object: Obj, script: Script, name: string, make: MakeEvent): void {
  const handler = script.on.get(name);
  if (handler && object.alive && !isSuspended(object, script)) run(object, handler, make(here.turns + 1));
}

function contact(a: string, b: string, began: boolean, { event }: Ticking): void {
  const first = here.byId.get(a) ?? here.gone.get(a);
  const second = here.byId.get(b) ?? here.gone.get(b);
  if (!first || !second) return;
  const name = began ? 'touch' : 'part';
  if (first.alive) dispatch(first, name, event({ other: second }));
  if (second.alive) dispatch(second, name, event({ other: first }));
}

function tickAll({ tickEvent }: Ticking): void {
  if (here.itself) tickOne(here.itself, tickEvent);
  if (here.tickers === 0) return;
  for (const kind of [...here.byKind.keys()].sort()) {
    // Lists are replaced when they change: those who come during the tick have theirs in the next.
    const objects = here.byKind.get(kind) ?? [];
    for (let i = 0; i < objects.length; i++) tickOne(objects[i] as Obj, tickEvent);
  }
}

function tickOne(object: Obj, tickEvent: object): void {
  const slowed = object.every;
  if (slowed === 0) return;
  const { ticks } = object.sort;
  for (let i = 0; i < ticks.length; i++) {
    const { handler, every } = ticks[i] as Sort['ticks'][number];
    const nth = every * slowed;
    if (nth > 1 && (here.tick + object.phase) % nth !== 0) continue;
    if (!object.alive || (object.faults !== null && isSuspended(object, handler.script))) continue;
    run(object, handler, tickEvent);
  }
}

/** Everything this tick did, for the outside; the next begins empty. */
function collect(ticking: Ticking): TickOut {
  const costs = ticking.kept.take();
  ticking.kept.tell();
  const changes = new Map<string, { -readonly [K in keyof StateChange]: StateChange[K] }>();
  let world: TickOut['world']['state'] = null;
  const changeOf = (object: Obj) => {
    const change = changes.get(object.id) ?? { id: object.id };
    changes.set(object.id, change);
    return change;
  };
  for (const object of ticking.migrated) {
    if (!object.alive || object === here.itself) continue;
    changeOf(object).whole = wholeOf(object);
    here.dirtyKeeps.push(object);
  }
  ticking.migrated.clear();
  const { dirty } = here;
  here.dirty = [];
  for (const group of dirty) {
    const fields = takeChanges(group);
    if (fields === null) continue;
    const { of } = group;
    if (of === null) world = fields;
    else if (group === of.state || group === of.own) {
      if (of.alive && !of.spawned) changeOf(of)[group === of.state ? 'state' : 'own'] = fields;
    } else here.dirtyKeeps.push(of);
  }
  let worldKeep: TickOut['world']['keep'] = null;
  for (const object of new Set(here.dirtyKeeps)) {
    object.keep.listed = false;
    if (object === here.itself) worldKeep = storeKeep(object.keep);
    else if (object.alive && !object.spawned) changeOf(object).keep = storeKeep(object.keep);
  }
  here.dirtyKeeps = [];
  for (const intent of here.intents) {
    const object = intent.verb === 'spawn' ? here.byId.get(intent.id) : undefined;
    if (object?.spawned) finished(object);
  }
  const out: TickOut = {
    intents: here.intents,
    changes: [...changes.values()],
    world: { state: world, keep: worldKeep },
    timers: here.timers.takeChanges(),
    outcomes: here.outcomes,
    acks: [...here.acks].map(([owner, seq]) => ({ owner, seq })),
    reports: here.reporter.take(),
    costs,
    restless: here.tickers > 0 || (here.stirred && here.lookers > 0),
    looks: here.lookers > 0,
    nextDue: here.timers.next(),
  };
  here.intents = [];
  here.outcomes = [];
  here.acks.clear();
  here.logged = 0;
  return out;
}

function wholeOf(object: Obj): NonNullable<StateChange['whole']> {
  return { state: all(object.state), own: all(object.own) };
}

function all(group: Group): NonNullable<StateChange['whole']>['state'] {
  takeChanges(group);
  return Object.fromEntries(group.layout.names.map((name, i) => [name, group.values[i] ?? null]));
}
