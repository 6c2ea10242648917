/**
 * The runtime: runs first inside the isolate, locks it down, and is the only thing scripts stand on. `boot` is called
 * once by core/script/sandbox.ts; from then on strings go in and out.
 */
import type { JsonObject } from '../../contract/content.ts';
import type { Crossing, LoadIn, LoadOut, TickIn } from '../../contract/driver.ts';
import * as roost from '../../contract/object.ts';
import { type Host, keepCosts } from './costs.ts';
import { createGrid } from './grid.ts';
import { fieldsPrototype } from './group.ts';
import { prototypes, self, view } from './handles.ts';
import { here, type Obj, zoneItself } from './here.ts';
import { createIds } from './ids.ts';
import { dropFormer, raise } from './keep.ts';
import { loadScripts, type Parts } from './loaded.ts';
import { lockdown } from './lockdown.ts';
import { showMarks, slowDown } from './marks.ts';
import { nothingStored, type Upgrades, upgrade } from './migrate.ts';
import { type Mind, restoreDoings, restoreMind, saveMind } from './mind.ts';
import { add, createObject, refresh } from './objects.ts';
import { plain } from './plain.ts';
import { createRandom } from './random.ts';
import { createRates } from './rates.ts';
import { createReporter, failureOf } from './reports.ts';
import { type MakeEvent, useRunner } from './run.ts';
import type { Script } from './script.ts';
import { createSorts, type Sorts } from './sorts.ts';
import { type Newcomer, type Places, type Ticking, tick } from './tick.ts';
import { createTimers } from './timers.ts';
import { createWorld, createZoneHandle } from './world.ts';

export type Entrance = (what: 'load' | 'tick' | 'mind', input: string) => string;

const zoneKind = '@zone';

/**
 * Takes over the realm. Gives the one function that is called from outside: JSON in, JSON out, or `!` and a message
 * when the runtime itself failed.
 * @param clock      Milliseconds, for costs.
 * @param words      Shared words for the watchdog, or null.
 * @param moved      Shared numbers: the beginning of `TickIn.moved`, of which scripts see nothing.
 * @param onHandler  Careful mode: told before each handler; or null.
 * @param run        The realm's `eval`, which scripts never get.
 */
export function boot(
  clock: Host['clock'],
  words: SharedArrayBuffer | null,
  moved: SharedArrayBuffer,
  onHandler: Host['onHandler'],
  run: (code: string) => unknown,
): Entrance {
  const { parse, stringify } = JSON;
  const kept = keepCosts({ clock, blame: words && new Int32Array(words), onHandler });
  const places = new Float64Array(moved);
  let seed = 0;
  let random = createRandom(seed, 0);
  const locked = lockdown(() => random(), run);
  for (const prototype of [...prototypes, fieldsPrototype]) locked.harden(prototype);
  locked.harden(roost);
  let zone: ReturnType<typeof createZone> | null = null;
  return (what, input) => {
    try {
      if (what === 'load') {
        const load = parse(input) as LoadIn;
        seed = load.seed;
        random = createRandom(seed, 0);
        here.random = () => random();
        zone = createZone(load, { locked, names: roost, run, kept });
        if (load.mind !== undefined) zone.goOn(parse(load.mind) as Mind);
        if (load.before !== undefined) zone.takeOver(parse(load.before) as Mind);
        return stringify(zone.out);
      }
      if (!zone) return '!nothing was loaded';
      if (what === 'mind') return stringify(saveMind());
      const step = parse(input) as Crossing;
      random = createRandom(seed, step.tick);
      return stringify(zone.tick(step, places));
    } catch (error) {
      const { message } = failureOf(error, [], { path: '' }, locked.peek);
      return `!${what}: ${message} ${String(locked.peek(error, 'stack')).slice(0, 1_000)}`.toWellFormed();
    }
  };
}

function createZone(load: LoadIn, parts: Parts) {
  const { locked, kept } = parts;
  prepare(load);
  const files = loadScripts(load, parts);
  const { scripts, discard } = files;
  const migrated = new Set<Obj>();
  const migratedScripts = new Set<string>();
  const newcomers: Newcomer[] = [];
  const upgrades: Upgrades = { kept, migrated, migratedScripts, discard };

  let sorts: Sorts = createSorts(scripts, () => {});
  let world: object = {};
  const build = () => {
    sorts = createSorts(scripts, (script, message) => discard(script, 'state', new TypeError(message)));
    migrated.clear();
    migratedScripts.clear();
    newcomers.length = 0;
    prepare(load);
    const { zone: zoneScript } = files;
    const itself = makeItself(zoneScript, load);
    const stored = { state: load.state, own: {}, keep: load.keep };
    if (zoneScript && !upgrade(upgrades, itself, zoneScript, itself.keep.versions.size === 0, stored)) return;
    here.itself = itself;
    world = createWorld(itself.state);
    forgive(itself);
    const isNew = itself.keep.versions.size === 0;
    if (zoneScript) newcomers.push({ object: itself, fresh: isNew, reason: load.reason });
    if (zoneScript && isNew && zoneScript.resting === null) raise(itself.keep, zoneScript);
    newcomers.push(...receive(load.objects.map((object) => ({ ...object, reason: load.reason }))));
  };

  function receive(loaded: TickIn['loaded']): readonly Newcomer[] {
    const made: Newcomer[] = [];
    const rows = new Map<Obj, (typeof loaded)[number]>();
    for (const row of loaded) {
      if (here.byId.has(row.id)) continue;
      const object = createObject(row, sorts.of(row.kind, row.scripts));
      // Whoever stored it may have died before `create`, or had no script for it.
      const fresh = row.fresh || object.keep.versions.size === 0;
      rows.set(object, row);
      made.push({ object, fresh, reason: row.reason });
    }
    for (const { object } of made) add(object, null, true);
    for (const row of loaded) {
      const object = here.byId.get(row.id);
      if (object) refresh(object, row, row.holder === null ? null : (here.byId.get(row.holder) ?? null));
    }
    here.logged = 0;
    for (const { object, fresh } of made) {
      const row = rows.get(object);
      for (const script of object.sort.scripts) upgrade(upgrades, object, script, fresh, row ?? nothingStored);
      forgive(object);
      restore(object);
    }
    return made.sort((a, b) => (a.object.id < b.object.id ? -1 : 1));
  }

  /** Nothing is on probation: what `migrate` changed stays. After a recovery it may still be on it. */
  function forgive(object: Obj): void {
    if (!here.proving && load.reason !== 'recover') dropFormer(object.keep);
  }

  // A script that fails on the stored data is left out, and everything is built once more without it.
  for (let known = -1; known !== files.faults.length; ) {
    known = files.faults.length;
    build();
  }
  files.begin();

  const event = (
    objects: { readonly [key: string]: Obj },
    more: { readonly [key: string]: unknown } = {},
  ): MakeEvent => {
    return (turn) => {
      const made: Record<string, unknown> = { ...more, world };
      for (const key of Object.keys(objects)) made[key] = view(objects[key] as Obj, turn);
      return made;
    };
  };
  locked.harden(world);
  const zone = createZoneHandle(world);
  locked.harden(zone);
  useRunner({ kept, self, zone, failureOf: (thrown, script) => files.failure(thrown, script.path) });
  here.sortOf = (kind) => sorts.of(kind, []);
  here.event = (objects) => event(objects);
  const settle = () => {
    here.proving = false;
    for (const object of here.byId.values()) dropFormer(object.keep);
    if (here.itself) dropFormer(here.itself.keep);
  };
  const ticking: Ticking = { receive, event, tickEvent: Object.freeze({ world }), kept, migrated, settle };
  const hears = [...scripts.values()].map(({ name, on, speed }) => ({ script: name, hears: [...on.keys()], speed }));
  const out: LoadOut = {
    ...{ kinds: sorts.kinds(), scripts: hears },
    ...{ reports: files.faults, handlers: files.handlers, migrated: [...migratedScripts] },
  };
  let waiting: readonly Newcomer[] = newcomers;
  return {
    out,
    takeOver: (mind: Mind) => restoreDoings(mind, sorts.of),
    /** Everybody is known from before: nobody is welcomed again. */
    goOn(mind: Mind) {
      waiting = [];
      migrated.clear();
      restoreMind(mind, load.objects, sorts.of);
    },
    tick(input: Crossing, places: Places) {
      const first = waiting;
      waiting = [];
      return tick(input, places, ticking, first);
    },
  };
}

/** What was kept of the body and shown of a suspension is told outside again: the body is a new one. */
function restore(object: Obj): void {
  const { body } = object.keep;
  if (body) here.intents.push({ verb: 'set', id: object.id, fields: { solid: object.solid, type: object.type } });
  slowDown(object);
  showMarks(object);
}

/** The object that stands for the zone's own script. */
function makeItself(script: Script | null, load: LoadIn): Obj {
  const sort = createSorts(new Map(script ? [[zoneKind, script]] : []), () => {}).of(zoneKind, []);
  const place = { x: 0, y: 0, angle: 0, vx: 0, vy: 0, scale: 1, speed: 0 };
  const rest = { slot: -1, name: load.zone, look: null, owner: null, words: [], physical: false, shape: null, own: {} };
  const object = createObject(
    { ...place, ...rest, id: zoneItself, kind: zoneKind, state: load.state, keep: load.keep },
    sort,
  );
  object.alive = true;
  if (sort.ticks.length > 0) here.tickers++;
  return object;
}

/** An empty world. */
function prepare(load: LoadIn): void {
  here.zone = load.zone;
  here.width = load.width;
  here.height = load.height;
  here.tickRate = load.tickRate;
  here.hearing = load.hearing;
  here.character = load.character;
  here.proving = load.keepFormer;
  here.settings = plain(load.settings, 'settings', 1024 * 1024) as JsonObject;
  here.areas = new Map(load.areas.map((area) => [area.name, area]));
  here.solids = load.solids;
  here.connected = new Set(load.connected);
  for (const map of [here.byId, here.bySlot, here.byKind, here.byOwner, here.gone, here.acks]) map.clear();
  here.throttles.kinds.clear();
  here.throttles.objects.clear();
  here.grid = createGrid(load.width, load.height);
  here.ids = createIds();
  here.ids.add(load.ids);
  here.timers = createTimers();
  for (const timer of load.timers) here.timers.restore(timer);
  here.reporter = createReporter();
  here.rates = createRates();
  here.dirty = [];
  here.dirtyKeeps = [];
  here.intents = [];
  here.logged = 0;
  here.tickers = 0;
  here.lookers = 0;
  here.biggest = 0;
  here.stirred = true;
}
