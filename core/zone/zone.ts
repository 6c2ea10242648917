/**
 * One place and its tick. Everything a tick depends on is handed in, so that the same steps give the same world, here
 * and in a replay. When it ticks and what it tells the node is in turns.ts.
 */
import type { Program } from '../contract/content.ts';
import type { LoadIn, TickIn, TickOut } from '../contract/driver.ts';
import type {
  IdBlock,
  InboxItem,
  KindInfo,
  LoadReason,
  Pending,
  Request,
  ScriptReport,
  ZoneContent,
} from '../contract/link.ts';
import { type Calls, createCalls } from './calls.ts';
import { applyChanges, toWellFormed } from './changes.ts';
import { createFrames, type Frames } from './frame.ts';
import { hashOf } from './hash.ts';
import { createIds } from './ids.ts';
import { createIntents, type Intents } from './intents.ts';
import { createIsolate } from './isolate.ts';
import { toKinds } from './kinds.ts';
import { fromMap, mergeMap } from './map.ts';
import { createNews, toLoaded } from './news.ts';
import { createObjects, type Objects, type Thing } from './objects.ts';
import { createPassage, findGuests, type Passage } from './passage.ts';
import { createReporter } from './reporter.ts';
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
};

/** Items and contacts of a tick that has not happened yet; kept when it is stopped, to be tried once more. */
type Work = { readonly items: readonly InboxItem[]; readonly contacts: TickIn['contacts']; readonly stops: number };

/** Requests of one frame; more wait for the next. */
const mostRequests = 200;

const nothing: Work = { items: [], contacts: [], stops: 0 };

export interface Zone {
  readonly objects: Objects;
  readonly timers: Timers;
  readonly frames: Frames;
  readonly calls: Calls;
  readonly reports: Reports;
  readonly saver: Saver;
  readonly passage: Passage;
  readonly kinds: ReadonlyMap<string, KindInfo>;
  /** Number and Unix seconds of the last tick. */
  readonly now: { readonly tick: number; readonly time: number };
  /** Fills the zone and loads its scripts. Answers why it cannot, or null. */
  start(): string | null;
  tick(step: Step): void;
  /** Whether the next tick would do nothing without something new from outside, a due timer or a revived isolate. */
  atRest(): boolean;
  /** Unix seconds at which a zone at rest has something to do, or null. */
  wakeAt(): number | null;
  /** Messages of the next tick, for the persist set. */
  pending(): readonly Pending[];
  takeRequests(): readonly Request[];
  /** New programs, by a new isolate beside the old one. */
  swap(programs: readonly Program[]): { readonly ok: boolean; readonly reports: readonly ScriptReport[] };
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

  const objects = createObjects();
  const timers = createTimers(saved.timers);
  const news = createNews(objects);
  const calls = createCalls();
  const reports = createReports();
  const report = createReporter({ zone: load.zone, objects, reports, tick: () => now.tick, programs: () => programs });
  const saver = createSaver(saved, objects, timers);
  const ids = createIds(load.ids, saved.populated ? 0 : content.mapObjects.length);
  const frames = createFrames({
    ...load,
    units: content.units,
    objects,
    shape: (thing) => scene.bodies.shape(thing),
    look: (thing) => thing.look ?? kinds.get(thing.kind)?.look ?? null,
  });
  const isolate = createIsolate({ ...options, input: toLoadIn });
  const passage = createPassage({
    scene: () => scene,
    intents: () => intents,
    places: () => ({ ...content.spec, areas: content.areas, objects, blocked: scene.bodies.circleBlocked }),
    kinds: () => kinds,
    calls,
    news,
    line: saver.line,
  });
  const fixed = { objects, timers, frames, ids, mostObjects: options.mostObjects };
  let scene = createScene(content, fixed, options);
  let intents: Intents = createIntents(scene);

  /** One tick: inbox, one call into the isolate, what came of it, physics. */
  function tick(step: Step): void {
    now = step;
    objects.at(step.tick, step.time);
    for (const block of step.ids) grant(block);
    if (isolate.revive(step.tick, step.time)) renewed();

    const delivered = messages.map((message) => ({ type: 'message', message }) as const);
    const entering = step.items.flatMap((item) => passage.before(item, step.time) ?? []);
    work = {
      items: [...work.items, ...delivered, ...entering],
      contacts: [...work.contacts, ...contacts],
      stops: work.stops,
    };
    messages = [];
    contacts = [];

    if (!runScripts(step)) return;
    for (const item of work.items) passage.after(item);
    work = nothing;

    scene.walks.steer(step.dt);
    if (!scene.bodies.awake()) return;
    const { moved, aside } = scene.bodies.step(step.dt);
    for (const thing of moved) news.moved(thing);
    for (const thing of aside) setAside(thing);
    contacts = scene.bodies.contacts();
  }

  /** The call into the isolate, when there is anything for it. False when it was stopped: the tick did not happen. */
  function runScripts(step: Step): boolean {
    if (!isolate.running()) {
      calls.fail('object.suspended', 'The scripts of this zone are stopped for a while after errors.');
      return true;
    }
    if (!hasWork(step.time)) return true;
    const told = news.take();
    const entered = isolate.tick({
      ...step,
      ...told,
      items: [...told.items, ...work.items],
      contacts: work.contacts,
      walks: scene.walks.takeStatuses(),
      ids: ids.granted(),
      throttles: [],
      settled: false,
      measure: { handlers: false, part: 0, of: 16 },
    });
    const out = entered.kind === 'ok' ? toWellFormed(entered.out) : null;
    if (!out) {
      stopped(entered.kind === 'fault' ? entered.fault.message : 'the tick gave back no proper answer');
      return false;
    }
    apply(step, out);
    if (!begun || told.loaded.length > 0) for (const thing of objects.all()) thing.fresh = false;
    begun = true;
    return true;
  }

  function hasWork(time: number): boolean {
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
      const spawned = intent.verb === 'spawn' ? objects.find(intent.id) : undefined;
      if (spawned) news.spawned(spawned);
    }
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
  function stopped(message: string): void {
    reportStop(message);
    work = { ...work, stops: work.stops + 1 };
    if (work.stops < 2) return;
    calls.fail('object.failed', 'The scripts of this zone were stopped twice in this call.');
    for (const item of work.items) passage.after(item);
    work = nothing;
  }

  /** The blame words still say which handler ran last. */
  function reportStop(message: string): void {
    const [slot = -1, number = -1] = options.sandbox.blame ?? [];
    const thing = objects.all().find((each) => each.slot === slot);
    const by = isolate.handler(number);
    report(thing?.id ?? null, 'stopped', by?.handler ?? 'tick', message, by);
  }

  /** A new isolate has everything from the rows: nothing is news to it, and its first tick runs `create` and `load`. */
  function renewed(): void {
    news.clear();
    begun = false;
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
      keepFormer: false,
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
    const loaded = isolate.load(programs, load.reason, now.tick);
    if (loaded.kind === 'fault') return loaded.fault.message;
    learn(loaded.out.kinds);
    for (const each of loaded.out.reports) reports.add({ ...each, zone: load.zone, tick: now.tick });
    if (load.reason === 'start') work = { ...nothing, items: findGuests(objects, content.character) };
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
    objects,
    timers,
    frames,
    calls,
    reports,
    saver,
    passage,
    get kinds() {
      return kinds;
    },
    get now() {
      return now;
    },
    start,
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
    swap(next) {
      const { taken, out } = isolate.swap(next, now.tick);
      if (out.kind === 'fault') report(null, 'load', 'load', out.fault.message);
      const found = out.kind === 'ok' ? out.out.reports.slice(0, mostRequests).map(toReport) : reports.take(now.time);
      if (!taken || out.kind === 'fault') return { ok: false, reports: found };
      programs = next;
      renewed();
      learn(out.out.kinds);
      return { ok: true, reports: found };
    },
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
      const loaded = isolate.load(programs, 'reload', now.tick);
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
