/**
 * One place and its tick. Everything a tick depends on is handed in, so that the same steps give the same world, here
 * and in a replay. When it ticks and what it tells the node is in turns.ts.
 */
import type { Program } from '../contract/content.ts';
import type { Entered, LoadIn, LoadOut, Throttle, TickIn, TickOut } from '../contract/driver.ts';
import type {
  HandlerNames,
  IdBlock,
  InboxItem,
  KindInfo,
  LoadReason,
  Pending,
  Request,
  ScriptReport,
  ZoneContent,
  ZoneId,
} from '../contract/link.ts';
import { type Calls, createCalls } from './calls.ts';
import { applyChanges, toWellFormed } from './changes.ts';
import { type Checkpoint, moveInto, restoreObjects, saveObjects } from './checkpoint.ts';
import { createCosts, type Spent, sampleAt, toCosts, type ZoneCosts, zoneKind } from './costs.ts';
import { type Culprit, culpritOf } from './culprit.ts';
import { createFrames, type Frames } from './frame.ts';
import { hashOf } from './hash.ts';
import { createIds } from './ids.ts';
import { createIntents, type Intents } from './intents.ts';
import { createIsolate, type Stop, type Swapped } from './isolate.ts';
import { toKinds } from './kinds.ts';
import { fromMap, mergeMap } from './map.ts';
import { createNews, toLoaded } from './news.ts';
import { createObjects, type Objects, type Thing } from './objects.ts';
import { createPassage, findGuests, type Passage } from './passage.ts';
import { createReporter, type MakeReport } from './reporter.ts';
import { createReports, type Reports, toReport } from './reports.ts';
import { createSaver, type Saver } from './saver.ts';
import { createScene } from './scene.ts';
import { createTimers, type Timers } from './timers.ts';
import type { ZoneOptions } from './turns.ts';

/** What one tick has of the outside: recorded, it replays. */
export type Step = {
  readonly tick: number;
  /** Unix seconds. */
  readonly time: number;
  /** Seconds. */
  readonly dt: number;
  readonly items: readonly InboxItem[];
  readonly ids: readonly IdBlock[];
  /** Limits that are new. */
  readonly throttles: readonly Throttle[];
  /** The last programs have proved themselves. */
  readonly settled: boolean;
};

/** What came of a step, for those who judge scripts. */
export type Ticked = {
  /** It was stopped: nothing of it happened. */
  readonly stop: Stop | null;
  /** As the isolate told them. */
  readonly reports: readonly ScriptReport[];
  /** Null when no script ran. */
  readonly spent: Spent | null;
};

/** Items and contacts of a tick that has not happened yet; kept when it is stopped, to be tried once more. */
type Work = { readonly items: readonly InboxItem[]; readonly contacts: TickIn['contacts']; readonly stops: number };

/** Requests of one frame; more wait for the next. */
const mostRequests = 200;

const quiet: Ticked = { stop: null, reports: [], spent: null };

const improper: Stop = {
  fault: { kind: 'broken', message: 'the tick gave back no proper answer' },
  slot: -1,
  number: -1,
  by: null,
  handlerMs: 0,
};

const nothing: Work = { items: [], contacts: [], stops: 0 };

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
  /** The same programs with some that rest, in an isolate from the truth outside. Gives what stopped its load, if so. */
  rebuild(programs: readonly Program[]): Stop | null;
  /** A stop that nobody is to blame for: the scripts are left out for a while when there are too many of them. */
  unblamed(): void;
  /** The same programs in a new isolate, between two ticks. False when it could not be made. */
  recycle(): boolean;
  /** Whether each handler is measured, while programs prove themselves. */
  measure(handlers: boolean): void;
  /** No line is written before each handler any more, from the next isolate on. */
  trust(): void;
  /** Reports about the zone's scripts, told to nobody yet. */
  readonly makeReport: MakeReport;
  readonly reportOn: (stop: Stop) => ScriptReport;
  /** Whose program that stopped, of those that run. */
  culprit(stop: Stop): Culprit | null;
  /** Programs that stopped the first load and were left out, since the last call. */
  convicted(): readonly ScriptReport[];
  /** A map or settings saved in development. */
  replace(content: ZoneContent): void;
  heap(): number;
  players(): number;
  /** Over all objects with their places in full precision and their states, timers, and the zone's state. */
  hash(): string;
  dispose(): void;
}

export function createZone(options: ZoneOptions): Zone {
  const { load } = options;
  const { saved } = load;
  let content = load.content;
  let programs = load.programs;
  let kinds: ReadonlyMap<string, KindInfo> = new Map();
  let now = { tick: saved.tick, time: saved.objects.reduce((latest, row) => Math.max(latest, row.changed), 0) };
  /** The handlers of a fresh isolate (`create`, `load`) have run. */
  let begun = false;
  let restless = false;
  let idsAsked = false;
  let messages = saved.pending;
  let contacts: TickIn['contacts'] = [];
  const requests: Request[] = [];
  let work = nothing;
  /** Limits as they stand: a new isolate knows none of them. */
  const throttles = new Map<string, Throttle>();
  let throttlesTold = true;
  /** The isolate has yet to hear that its programs have proved themselves. */
  let toSettle = false;
  let proving = load.former.length > 0;
  let measuresHandlers = false;
  let spent: Spent | null = null;
  /** Reports on programs that stopped the load and were left out. */
  const convicted: ScriptReport[] = [];

  const objects = createObjects();
  const timers = createTimers(saved.timers);
  const news = createNews(objects);
  const calls = createCalls();
  const reports = createReports();
  const makeReport = createReporter({ zone: load.zone, objects, tick: () => now.tick, programs: () => programs });
  const report = (...about: Parameters<MakeReport>) => reports.add(makeReport(...about));
  const costs = createCosts((kind) => kinds.has(kind) || kind === zoneKind || hasKind(kind));
  const saver = createSaver(saved, objects, timers);
  const ids = createIds(load.ids, saved.populated ? 0 : content.mapObjects.length);
  const frames = createFrames({
    ...load,
    units: content.units,
    objects,
    shape: (thing) => scene.bodies.shape(thing),
    look: (thing) => thing.look ?? kinds.get(thing.kind)?.look ?? null,
  });
  const isolate = createIsolate({ ...options, input: toLoadIn, onEntry: book });
  const passage = createPassage({
    scene: () => scene,
    intents: () => intents,
    places: () => ({ ...content.spec, areas: content.areas, objects, blocked: scene.bodies.circleBlocked }),
    kinds: () => kinds,
    calls,
    news,
    itself: () => content.spec.name,
    line: saver.line,
  });
  const fixed = { objects, timers, frames, ids, mostObjects: options.mostObjects };
  let scene = createScene(content, fixed, options);
  let intents: Intents = createIntents(scene);

  /** One tick: inbox, one call into the isolate, what came of it, physics. */
  function tick(step: Step): Ticked {
    spent = null;
    now = step;
    objects.at(step.tick, step.time);
    for (const block of step.ids) grant(block);
    if (isolate.revive(step.tick, step.time)) renewed();
    limit(step.throttles);
    toSettle ||= step.settled;
    if (step.settled) proving = false;

    const delivered = messages.map((message) => ({ type: 'message', message }) as const);
    const entering = step.items.flatMap((item) => passage.before(item, step.time) ?? []);
    work = {
      items: [...work.items, ...delivered, ...entering],
      contacts: [...work.contacts, ...contacts],
      stops: work.stops,
    };
    messages = [];
    contacts = [];

    const ran = runScripts(step);
    if (ran.stop) return ran;
    for (const item of work.items) passage.after(item);
    work = nothing;
    stepPhysics(step);
    return ran;
  }

  function stepPhysics(step: Step): void {
    scene.walks.steer(step.dt);
    if (!scene.bodies.awake()) return;
    options.blame.physics?.(step.tick);
    const { moved, aside } = scene.bodies.step(step.dt);
    for (const thing of moved) news.moved(thing);
    for (const thing of aside) setAside(thing);
    contacts = scene.bodies.contacts();
  }

  /** The call into the isolate, when there is anything for it. When it was stopped, the tick did not happen. */
  function runScripts(step: Step): Ticked {
    if (!isolate.running()) {
      calls.fail('object.suspended', 'The scripts of this zone are stopped for a while after errors.');
      return quiet;
    }
    if (!hasWork(step.time)) return quiet;
    const told = news.take();
    const { entered, stop } = isolate.tick({
      ...step,
      ...told,
      items: [...told.items, ...work.items],
      contacts: work.contacts,
      walks: scene.walks.takeStatuses(),
      ids: ids.granted(),
      throttles: takeThrottles(),
      settled: toSettle,
      measure: { handlers: measuresHandlers, ...sampleAt(step.tick, objects.size) },
    });
    const out = entered.kind === 'ok' ? toWellFormed(entered.out) : null;
    if (!out) return { ...quiet, stop: stopped(stop ?? improper) };
    apply(step, out);
    if (!begun || told.loaded.length > 0) for (const thing of objects.all()) thing.fresh = false;
    begun = true;
    toSettle = false;
    return { stop: null, reports: out.reports, spent };
  }

  function hasWork(time: number): boolean {
    if (toSettle || !throttlesTold) return true;
    if (!begun || restless || work.items.length > 0 || work.contacts.length > 0) return true;
    return news.waiting() || scene.walks.waiting() || (timers.nextDue() ?? Number.POSITIVE_INFINITY) <= time;
  }

  function apply(step: Step, out: TickOut): void {
    const leaving = new Set(work.items.map((item) => (item.type === 'leave' ? item.character : null)));
    const facts = { ...step, met: findMeetings(work), leaves: (id: string) => leaving.has(id) };
    const applied = intents.apply(out.intents, facts);
    const refused = [...applied.refused, ...applyChanges(out, { objects, timers, saver, frames })];
    news.refused(refused);
    for (const { id, verb, reason } of refused) report(id, 'refused', verb, reason);
    for (const { id, text } of applied.logs) report(id, 'log', 'log', text);
    for (const each of out.reports) reports.add({ ...each, zone: load.zone, tick: step.tick });
    for (const line of applied.lines) saver.line(line);
    for (const thing of applied.corrected) news.moved(thing);
    for (const intent of out.intents) {
      if ('id' in intent && intent.id) news.doubt(intent.id);
      const spawned = intent.verb === 'spawn' ? objects.find(intent.id) : undefined;
      if (spawned) news.spawned(spawned);
      if (spawned && intent.verb === 'spawn') count(intent.by, 'spawns');
      if (intent.verb === 'say') count(intent.id, 'says');
    }
    for (const { from } of applied.messages) count(from, 'messages');
    for (const thing of applied.dropped) news.loaded(thing, 'arrive');
    for (const id of applied.gone) news.gone(id);
    const inputs = new Set(work.items.map((item) => (item.type === 'input' ? item.owner : null)));
    for (const { owner, seq } of out.acks) if (inputs.has(owner) && Number.isSafeInteger(seq)) frames.ack(owner, seq);
    calls.apply(out.outcomes);
    calls.fail('object.failed', 'The object gave no answer.');
    messages = applied.messages;
    requests.push(...applied.requests);
    restless = out.restless === true;
    if (ids.low() && !idsAsked) {
      idsAsked = true;
      requests.push({ type: 'ids' });
    }
  }

  /** A tick was stopped: nothing of it was applied. It is tried once more; what stops it again is dropped. */
  function stopped(stop: Stop): Stop {
    reports.add(reportOn(stop));
    work = { ...work, stops: work.stops + 1 };
    if (work.stops < 2) return stop;
    calls.fail('object.failed', 'The scripts of this zone were stopped twice in this call.');
    for (const item of work.items) passage.after(item);
    work = nothing;
    return stop;
  }

  /** Every entry has its costs. */
  function book(entered: Entered<LoadOut | TickOut>, wallMs: number, stop: Stop | null): void {
    const claims = entered.kind === 'ok' && 'costs' in entered.out ? toCosts(entered.out.costs) : null;
    const thing = stop && objects.all().find(({ slot }) => slot === stop.slot);
    const blamed = stop && stop.number >= 0 ? { kind: thing?.kind ?? zoneKind, ms: stop.handlerMs } : null;
    const entry = { cpuMs: entered.cpuMs, wallMs, claims: claims, of: sampleAt(0, objects.size).of };
    spent = costs.book(options.clock.monotonicMs(), blamed ? { ...entry, stopped: blamed } : entry);
  }

  function count(id: string | null, what: 'messages' | 'spawns' | 'says'): void {
    const kind = id ? objects.find(id)?.kind : zoneKind;
    if (kind !== undefined) costs.count(options.clock.monotonicMs(), kind, what);
  }

  function hasKind(kind: string): boolean {
    return objects.all().some((thing) => thing.kind === kind);
  }

  function limit(changed: readonly Throttle[]): void {
    for (const throttle of changed) {
      throttles.set(`${throttle.kind} ${throttle.object}`, throttle);
      throttlesTold = false;
    }
  }

  function takeThrottles(): readonly Throttle[] {
    if (throttlesTold) return [];
    throttlesTold = true;
    const told = [...throttles.values()];
    for (const [key, { every }] of throttles) if (every === 1) throttles.delete(key);
    return told;
  }

  /** A new isolate has everything from the rows: nothing is news to it, and its first tick runs `create` and `load`. */
  function renewed(): void {
    news.clear();
    begun = false;
    throttlesTold = throttles.size === 0;
  }

  /** Other programs run: limits on former builds are lifted. */
  function take(next: readonly Program[], out: LoadOut): void {
    const builds = new Map([...kinds.values()].map(({ kind, build }) => [kind, build]));
    programs = next;
    learn(out.kinds);
    for (const [key, { kind }] of throttles)
      if (kind === null || kinds.get(kind)?.build !== builds.get(kind)) throttles.delete(key);
    renewed();
  }

  function grant(block: IdBlock): void {
    ids.add(block);
    idsAsked = false;
  }

  /** Physics gave it up: a step with its heap took too long. */
  function setAside(thing: Thing): void {
    objects.set(thing, { physical: false });
    news.loaded(thing, 'arrive');
    report(thing.id, 'refused', 'physics', 'too many bodies in one place: it takes no part in physics any more');
  }

  function toLoadIn(next: readonly Program[], reason: Exclude<LoadReason, 'arrive'>): LoadIn {
    return {
      ...content.spec,
      zone: load.zone,
      character: content.character,
      settings: content.settings,
      solids: content.solids,
      areas: content.areas,
      programs: next,
      seed: load.seed + now.tick,
      reason,
      state: saver.state,
      keep: saver.keep,
      objects: objects.all().map(toLoaded),
      timers: timers.all(),
      ids: ids.left(),
      connected: [...passage.connected],
      keepFormer: proving,
    };
  }

  /** Kinds as the new isolate has them: bodies and looks of living objects follow. */
  function learn(list: readonly KindInfo[]): void {
    const next = new Map(toKinds(list).map((info) => [info.kind, info]));
    for (const thing of objects.all()) {
      const was = JSON.stringify(kinds.get(thing.kind)?.look ?? null);
      const is = JSON.stringify(next.get(thing.kind)?.look ?? null);
      if (was === is) continue;
      if (JSON.stringify(thing.look) === was) objects.set(thing, { look: null });
      if (thing.look === null) objects.mark(thing, 'look');
    }
    kinds = next;
    for (const thing of scene.bodies.kinds(next))
      report(thing.id, 'refused', 'body', 'physics has no room for its body');
  }

  function start(): string | null {
    objects.at(now.tick, now.time);
    for (const row of saved.objects) objects.add(row, { fresh: false, saved: true });
    if (!saved.populated && !populate()) return 'the zone was given fewer ids than its map has objects';
    if (load.reason === 'recover') {
      for (const { owner, kind } of objects.all())
        if (owner && kind === content.character) passage.connected.add(owner);
    }
    frames.world(saver.state);
    const reason = load.caution === 'trial' ? 'reload' : load.reason;
    const { out: loaded } = loadFirst(reason);
    if (loaded.kind === 'fault') return loaded.fault.message;
    learn(loaded.out.kinds);
    if (proving) calls.hold(loaded.out.migrated);
    for (const each of loaded.out.reports) reports.add({ ...each, zone: load.zone, tick: now.tick });
    if (load.reason === 'start') work = { ...nothing, items: findGuests(objects, content.character) };
    return null;
  }

  /** Whose file or migration stops the load is left out, and told: the others shall not wait for it. */
  function loadFirst(reason: LoadIn['reason']): Swapped {
    for (;;) {
      const loaded = isolate.load(programs, reason, now.tick);
      const culprit = loaded.stop && culpritOf(loaded.stop, programs, objects);
      if (!loaded.stop || !culprit || load.caution === 'trial') {
        if (loaded.stop) reports.add(reportOn(loaded.stop));
        return loaded;
      }
      convicted.push(reportOn(loaded.stop));
      programs = programs.filter((program) => program !== culprit.program);
    }
  }

  /** What stopped an entry, told of whose code it was. */
  function reportOn(stop: Stop, tried: readonly Program[] = programs): ScriptReport {
    const culprit = culpritOf(stop, tried, objects);
    const { message } = stop.fault;
    if (!culprit) return makeReport(null, 'stopped', stop.by?.handler ?? 'tick', message, stop.by ?? undefined);
    const { program, handler, thing } = culprit;
    const place = program.handlers.find(({ name }) => name === handler);
    const report = makeReport(thing?.id ?? null, 'stopped', handler, message, {
      script: program.name,
      build: program.build,
    });
    return { ...report, file: place?.file ?? program.path, line: place?.line ?? 0, column: place?.column ?? 0 };
  }

  function checkpoint(): Checkpoint | null {
    if (!begun || work !== nothing || !isolate.running()) return null;
    news.tellDoubted();
    const mind = isolate.mind(now.tick, now.time);
    if (mind === null) return null;
    const space = { bodies: scene.bodies.save(), walks: scene.walks.save(), intents: intents.save() };
    scene = createScene(content, fixed, options);
    intents = createIntents(scene);
    moveInto(space, scene, intents, kinds);
    return {
      ...{
        seed: load.seed,
        tick: now.tick,
        time: now.time,
        ...saveObjects(objects),
        timers: timers.all(),
        news: news.save(),
      },
      ...{ state: saver.state, keep: saver.keep, pending: messages, contacts, connected: [...passage.connected] },
      ...{ ids: ids.save(), space, stops: isolate.stops(), throttles: [...throttles.values()] },
      ...{ throttlesTold, proving, restless, idsAsked, mind },
    };
  }

  function restore(from: Checkpoint): string | null {
    now = { tick: from.tick, time: from.time };
    objects.at(from.tick, from.time);
    restoreObjects(from, objects);
    for (const owner of from.connected) passage.connected.add(owner);
    ids.restore(from.ids);
    for (const each of from.throttles) throttles.set(`${each.kind} ${each.object}`, each);
    ({ proving, restless, idsAsked, throttlesTold, contacts } = from);
    const { out } = isolate.goOn(programs, now.tick, from.mind, from.stops);
    if (out.kind === 'fault') return out.fault.message;
    kinds = new Map(toKinds(out.out.kinds).map((info) => [info.kind, info]));
    moveInto(from.space, scene, intents, kinds);
    news.restore(from.news);
    begun = true;
    return null;
  }

  function populate(): boolean {
    return content.mapObjects.every((object) => {
      const id = ids.next();
      if (id !== null) objects.add(fromMap(object, id), { fresh: true, saved: false });
      return id !== null;
    });
  }

  return {
    id: load.zone,
    objects,
    timers,
    frames,
    calls,
    reports,
    saver,
    passage,
    costs,
    get kinds() {
      return kinds;
    },
    get programs() {
      return programs;
    },
    get handlers() {
      return isolate.handlers();
    },
    get now() {
      return now;
    },
    start,
    checkpoint,
    restore,
    tick,
    atRest() {
      const soon = work.items.length + work.contacts.length + messages.length + contacts.length > 0;
      if (soon || scene.walks.going() || scene.bodies.awake()) return false;
      return !isolate.running() || !(restless || !begun || news.waiting() || scene.walks.waiting());
    },
    wakeAt: () => (isolate.running() ? timers.nextDue() : isolate.reviveAt()),
    pending() {
      const held = work.items.flatMap((item) => (item.type === 'message' ? item.message : []));
      return [...held, ...messages];
    },
    takeRequests() {
      return requests.splice(0, mostRequests);
    },
    swap(next, isProving) {
      const was = proving;
      proving = isProving;
      const { taken, out, stop } = isolate.swap(next, now.tick);
      const found = out.kind === 'ok' ? out.out.reports.slice(0, mostRequests).map(toReport) : [];
      if (!taken || out.kind === 'fault') {
        proving = was;
        return { ok: false, reports: stop ? [{ ...reportOn(stop, next), what: 'load' }] : found };
      }
      if (isProving) calls.hold(out.out.migrated);
      take(next, out.out);
      costs.restart();
      return { ok: true, reports: found };
    },
    rebuild(next) {
      const { out, stop } = isolate.rebuild(next, now.tick);
      work = { ...work, stops: 0 };
      if (out.kind === 'ok') take(next, out.out);
      return stop;
    },
    unblamed: () => isolate.unblamed(now.time),
    recycle() {
      if (!isolate.running()) return false;
      const { taken, out } = isolate.swap(programs, now.tick);
      if (taken && out.kind === 'ok') take(programs, out.out);
      return taken;
    },
    measure(handlers) {
      measuresHandlers = handlers;
    },
    trust: isolate.trust,
    makeReport,
    reportOn,
    culprit: (stop) => culpritOf(stop, programs, objects),
    convicted: () => convicted.splice(0),
    replace(next) {
      const { appear, remove } = mergeMap(content.mapObjects, next.mapObjects, objects);
      for (const thing of remove) passage.remove(thing);
      content = next;
      scene = createScene(content, fixed, options);
      intents = createIntents(scene);
      for (const object of appear) {
        const id = objects.size < options.mostObjects ? ids.next() : null;
        if (id === null) break;
        news.loaded(objects.add(fromMap(object, id), { fresh: true, saved: false }), 'arrive');
      }
      const { out: loaded } = isolate.load(programs, 'reload', now.tick);
      if (loaded.kind === 'ok') {
        renewed();
        learn(loaded.out.kinds);
      } else {
        learn([...kinds.values()]);
        report(null, 'load', 'load', loaded.fault.message);
      }
    },
    heap: isolate.heap,
    players: () => objects.all().filter(({ owner, kind }) => owner !== null && kind === content.character).length,
    hash: () => hashOf(objects, timers.all(), saver.state),
    dispose: isolate.dispose,
  };
}

/** Who touched, activated or called what in this tick. */
function findMeetings({ items, contacts }: Work): (character: string, object: string) => boolean {
  const met = new Set<string>();
  for (const [a, b, began] of contacts) {
    if (!began) continue;
    met.add(`${a} ${b}`);
    met.add(`${b} ${a}`);
  }
  for (const item of items) if (item.type === 'call') met.add(`${item.character} ${item.object}`);
  return (character, object) => met.has(`${character} ${object}`);
}
