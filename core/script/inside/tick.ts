/** One tick inside, always in this order: news, inbox, timers, near and far, contacts, ticks. */
import type { Crossing, TickIn, TickOut } from '../../contract/driver.ts';
import type { LoadReason } from '../../contract/link.ts';
import { destroy, lifeTimer } from './acting.ts';
import { collect } from './collect.ts';
import type { Kept } from './costs.ts';
import { here, isPlayer, type Obj, zoneItself } from './here.ts';
import { deliver, tellRefused } from './inbox.ts';
import { isSuspended, suspendedUntil, throttle } from './marks.ts';
import { lookNear } from './near.ts';
import { moveTo } from './objects.ts';
import { dispatch, drain, type MakeEvent, run } from './run.ts';
import type { Sort } from './sorts.ts';
import type { Timer } from './timers.ts';

/** What a tick needs of the parts that make objects and events. */
export type Ticking = {
  /** Takes newcomers in, or what changed outside; gives the new ones. */
  receive(loaded: TickIn['loaded']): readonly Newcomer[];
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
