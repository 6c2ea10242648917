/**
 * One place and its tick. Everything a tick depends on is handed in, so that the same steps give the same world, here
 * and in a replay. What a zone is made of is in parts.ts; when it ticks and what it tells the node is in turns.ts.
 */
import type { Program } from '../contract/content.ts';
import type { TickIn } from '../contract/driver.ts';
import type {
  HandlerNames,
  InboxItem,
  KindInfo,
  Pending,
  Request,
  ScriptReport,
  ZoneContent,
  ZoneId,
} from '../contract/link.ts';
import type { Barring } from './barred.ts';
import type { Calls } from './calls.ts';
import { toWellFormed } from './changes.ts';
import { type Checkpoint, makeCheckpoint, restoreCheckpoint } from './checkpoint.ts';
import type { ZoneCosts } from './costs.ts';
import { askedOf, type Culprit, culpritOf } from './culprit.ts';
import type { Frames } from './frame.ts';
import { hashOf } from './hash.ts';
import type { Stop } from './isolate.ts';
import { fromMap, mergeMap, populate } from './map.ts';
import type { Objects, Thing } from './objects.ts';
import { createParts } from './parts.ts';
import { findGuests, type Passage } from './passage.ts';
import type { MakeReport } from './reporter.ts';
import type { Reports } from './reports.ts';
import type { Saver } from './saver.ts';
import type { Step, Ticked } from './step.ts';
import { applyTickOut } from './tick-out.ts';
import type { Timers } from './timers.ts';
import type { ZoneOptions } from './turns.ts';

export function createZone(options: ZoneOptions): Zone {
  const parts = createParts(options);
  const { load, objects, timers, saver, ids, space, programs, throttles, costs, booking } = parts;
  const { passage, steering, strides, barred, postponed, work, news, frames, calls, requests, reports, makeReport } =
    parts;
  const { isolate } = programs;
  let caller: Barring | null = null;

  /** One tick: inbox, one call into the isolate, what came of it, physics. Frames and persist sets: turns.ts. */
  function tick(step: Step): Ticked {
    parts.at(step);
    booking.begin();
    requests.granted(step.ids);
    programs.revive();
    throttles.add(step.throttles);
    if (step.settled) {
      programs.settle();
      postponed.release();
    }

    work.gather(postponed.admit(step.items).flatMap((item) => enter(item, step)));
    steering.walkOn(step.tick);
    const ran = runScripts(step);
    if (ran.stop) return ran;
    for (const item of work.done()) passage.after(item);
    steering.done();
    stepPhysics(step);
    return ran;
  }

  /** What of an item is left to do inside. */
  function enter(item: InboxItem, { tick, time }: Step): readonly InboxItem[] {
    const entered = passage.before(item, time);
    const isDone = entered === null || steering.take(entered, tick) || strides.take(entered, time);
    return isDone ? [] : [entered];
  }

  /** The call into the isolate, when there is anything for it. When it was stopped, the tick did not happen. */
  function runScripts(step: Step): Ticked {
    if (!isolate.running()) {
      calls.fail('object.suspended', 'The scripts of this zone are stopped for a while after errors.');
      return quiet;
    }
    const contacts = work.contacts.filter(isHeard);
    if (contacts.length === 0 && !hasWork(step.time)) return quiet;
    const told = news.take(steering.wayOf);
    const { entered, stop } = isolate.tick({
      ...step,
      ...told,
      items: [...told.items, ...work.items],
      contacts,
      walks: space.scene.walks.takeStatuses(),
      ids: ids.granted(),
      throttles: throttles.take(),
      settled: programs.settling(),
      measure: booking.measured(step.tick),
    });
    const out = entered.kind === 'ok' ? toWellFormed(entered.out) : null;
    if (!out) return { ...quiet, stop: stopped(stop ?? improper) };
    applyTickOut(step, out, parts);
    if (!programs.begun() || told.loaded.length > 0) for (const thing of objects.all()) thing.fresh = false;
    programs.ran(out);
    return { stop: null, reports: out.reports, spent: booking.spent() };
  }

  function hasWork(time: number): boolean {
    if (programs.settling() || throttles.waiting()) return true;
    if (!programs.begun() || programs.restless() || work.items.length > 0) return true;
    return (
      news.waiting(programs.looks()) ||
      space.scene.walks.waiting() ||
      (timers.nextDue() ?? Number.POSITIVE_INFINITY) <= time
    );
  }

  function isHeard([a, b, began]: TickIn['contacts'][number]): boolean {
    const event = began ? 'touch' : 'part';
    return [objects.find(a), objects.find(b)].some((thing) => thing && programs.hearing.hears(thing, event));
  }

  /** A tick was stopped: nothing of it was applied. It is tried once more; what stops it again is dropped. */
  function stopped(stop: Stop): Stop {
    reports.add(programs.reportOn(stop));
    const asked = askedOf(stop, work.items);
    caller = asked && barred.about(asked);
    if (work.again()) return stop;
    calls.fail('object.failed', 'The scripts of this zone were stopped twice in this call.');
    for (const item of work.done()) passage.after(item);
    return stop;
  }

  function bar(barring: Barring): void {
    const { time } = parts.now;
    barred.bar(barring, time);
    for (const item of work.drop((each) => barred.refuses(each, time)))
      if (item.type === 'call') calls.apply([{ call: item.call, ok: false, code: 'object.failed', message: theirs }]);
  }

  function stepPhysics(step: Step): void {
    const { walks, bodies } = space.scene;
    walks.steer(step.dt);
    if (!bodies.awake()) return;
    options.blame.physics?.(step.tick);
    const { moved, aside } = bodies.step(step.dt);
    for (const thing of moved) news.moved(thing);
    for (const thing of aside) setAside(thing);
    work.touched(bodies.contacts());
  }

  /** Physics gave it up: a step with its heap took too long. */
  function setAside(thing: Thing): void {
    const { bodies, character } = space.scene;
    // Whoever heaps things up round a player makes no ghost of him: he is put where there is room.
    if (thing.owner !== null && thing.kind === character && bodies.attach(thing) === null) return news.moved(thing);
    objects.set(thing, { physical: false });
    news.loaded(thing, 'arrive');
    parts.report(thing.id, 'refused', 'physics', 'too many bodies in one place: it takes no part in physics any more');
  }

  function start(): string | null {
    const { saved, content } = load;
    parts.at(parts.now);
    for (const row of saved.objects) objects.add(row, { fresh: false, saved: true });
    if (!saved.populated && !populate(content.mapObjects, ids, objects))
      return 'the zone was given fewer ids than its map has objects';
    if (load.reason === 'recover') {
      for (const { owner, kind } of objects.all())
        if (owner && kind === content.character) passage.connected.add(owner);
    }
    frames.world(saver.state);
    const failure = programs.start(load.caution === 'trial' ? 'reload' : load.reason);
    if (failure === null && load.reason === 'start') work.begin(findGuests(objects, content.character));
    return failure;
  }

  function replace(next: ZoneContent): void {
    const { appear, remove } = mergeMap(space.content.mapObjects, next.mapObjects, objects);
    for (const thing of remove) passage.remove(thing);
    space.renew(next);
    for (const object of appear) {
      const id = objects.size < options.mostObjects ? ids.next() : null;
      if (id === null) break;
      news.loaded(objects.add(fromMap(object, id), { fresh: true, saved: false }), 'arrive');
    }
    programs.reload();
  }

  return {
    id: load.zone,
    ...{ objects, timers, frames, calls, reports, saver, passage, costs },
    get kinds() {
      return programs.kinds;
    },
    get programs() {
      return programs.list;
    },
    get handlers() {
      return isolate.handlers();
    },
    get now() {
      return parts.now;
    },
    start,
    checkpoint: () => makeCheckpoint(parts),
    restore: (checkpoint) => restoreCheckpoint(checkpoint, parts),
    tick,
    atRest() {
      if (work.waiting() || postponed.waiting() || space.scene.walks.going() || space.scene.bodies.awake())
        return false;
      if (!isolate.running()) return true;
      return !(
        programs.restless() ||
        !programs.begun() ||
        news.waiting(programs.looks()) ||
        space.scene.walks.waiting()
      );
    },
    wakeAt: () => (isolate.running() ? timers.nextDue() : isolate.reviveAt()),
    pending: work.pending,
    takeRequests: requests.take,
    swap: programs.swap,
    rebuild(next, barring) {
      work.forgive();
      if (barring) bar(barring);
      return programs.rebuild(next);
    },
    unblamed: () => isolate.unblamed(parts.now.time),
    recycle: programs.recycle,
    measure: booking.measure,
    hurry: isolate.hurry,
    trust: isolate.trust,
    makeReport,
    reportOn: (stop) => programs.reportOn(stop),
    culprit: (stop) => culpritOf(stop, programs.list, objects),
    caller: () => caller,
    convicted: programs.convicted,
    leftOut: programs.leftOut,
    replace,
    heap: isolate.heap,
    players: () => objects.all().filter(({ owner, kind }) => owner !== null && kind === space.content.character).length,
    hash: () => hashOf(objects, timers.all(), saver.state),
    dispose: isolate.dispose,
  };
}

const theirs = 'The script was stopped in this call: it took longer than a tick may.';

/** A tick in which no script ran. */
const quiet: Ticked = { stop: null, reports: [], spent: null };

const improper: Stop = {
  fault: { kind: 'broken', message: 'the tick gave back no proper answer' },
  slot: -1,
  number: -1,
  asked: -1,
  by: null,
  handlerMs: 0,
  spread: false,
  cpuMs: 0,
  limitMs: 0,
};

export interface Zone {
  readonly id: ZoneId;
  readonly objects: Objects;
  readonly timers: Timers;
  readonly frames: Frames;
  readonly calls: Calls;
  readonly reports: Reports;
  readonly saver: Saver;
  readonly passage: Passage;
  readonly costs: ZoneCosts;
  readonly kinds: ReadonlyMap<string, KindInfo>;
  readonly programs: readonly Program[];
  /** Names of the handler numbers of the isolate that runs. */
  readonly handlers: HandlerNames;
  /** Number and Unix seconds of the last tick. */
  readonly now: { readonly tick: number; readonly time: number };
  /** Fills the zone and loads its scripts. Answers why it cannot, or null. */
  start(): string | null;
  /**
   * Everything the next ticks depend on; the zone goes on in a space built anew from it, as a replay does. Null while a
   * tick is to be tried again, or no script runs.
   */
  checkpoint(): Checkpoint | null;
  /** Goes on from there, instead of `start`. Answers why it cannot, or null. */
  restore(checkpoint: Checkpoint): string | null;
  tick(step: Step): Ticked;
  /** Whether the next tick would do nothing without something new from outside, a due timer or a revived isolate. */
  atRest(): boolean;
  /** Unix seconds at which a zone at rest has something to do, or null. */
  wakeAt(): number | null;
  /** Messages of the next tick, for the persist set. */
  pending(): readonly Pending[];
  takeRequests(): readonly Request[];
  /**
   * New programs, by a new isolate beside the old one. `proving`: what they change in stored state can be taken back
   * until a step says `settled`.
   */
  swap(
    programs: readonly Program[],
    proving: boolean,
  ): { readonly ok: boolean; readonly reports: readonly ScriptReport[] };
  /**
   * The same programs with some that rest, in an isolate from the truth outside. Gives what stopped its load, if so.
   * `barring`: the tick is tried again without what these asked of the script, and so are those that follow.
   */
  rebuild(programs: readonly Program[], barring?: Barring): Stop | null;
  /** A stop that nobody is to blame for: the scripts are left out for a while when there are too many of them. */
  unblamed(): void;
  /** The same programs in a new isolate, between two ticks. False when it could not be made. */
  recycle(): boolean;
  /** Ticks have less time, while programs prove themselves. */
  hurry(on: boolean): void;
  /** Whether each handler is measured, while programs prove themselves. */
  measure(handlers: boolean): void;
  /** No line is written before each handler any more, from the next isolate on. */
  trust(): void;
  /** Reports about the zone's scripts, told to nobody yet. */
  readonly makeReport: MakeReport;
  readonly reportOn: (stop: Stop) => ScriptReport;
  /** Whose program that stopped, of those that run. */
  culprit(stop: Stop): Culprit | null;
  /** Whose call or input the last tick that was stopped was serving, and of which scripts; null when it was nobody's. */
  caller(): Barring | null;
  /** Programs that stopped the first load and were left out, since the last call. */
  convicted(): readonly ScriptReport[];
  /** Why programs could not be used in the first load, since the last call. */
  leftOut(): readonly ScriptReport[];
  /** A map or settings saved in development. */
  replace(content: ZoneContent): void;
  heap(): number;
  players(): number;
  /** Over all objects with their places in full precision and their states, timers, and the zone's state. */
  hash(): string;
  dispose(): void;
}
