/**
 * The runtime: runs first inside the isolate, locks it down, and is the only thing scripts stand on. `boot` is called
 * once by core/script/sandbox.ts; from then on strings go in and out.
 */

import type { Json, JsonObject, Program } from '../../contract/content.ts';
import type { Crossing, LoadIn, LoadOut, TickIn } from '../../contract/driver.ts';
import type { ScriptReport } from '../../contract/link.ts';
import * as roost from '../../contract/object.ts';
import { type Host, type Kept, keepCosts } from './costs.ts';
import { createGrid } from './grid.ts';
import { dropDrafts, fieldsPrototype, setField, settleGroups } from './group.ts';
import { prototypes, self, view } from './handles.ts';
import { here, type Obj, zoneItself } from './here.ts';
import { createIds } from './ids.ts';
import { anyVersion, dropFormer, type Former, raise } from './keep.ts';
import { type Locked, lockdown } from './lockdown.ts';
import { showMarks, slowDown } from './marks.ts';
import { type Mind, restoreDoings, restoreMind, saveMind } from './mind.ts';
import { add, createObject, refresh } from './objects.ts';
import { dataLimits, deepFreeze, plain } from './plain.ts';
import { createRandom } from './random.ts';
import { createRates } from './rates.ts';
import { createReporter, failureOf, sourceName } from './reports.ts';
import { type MakeEvent, useRunner } from './run.ts';
import { type Handler, mostHandlers, readScript, type Script } from './script.ts';
import { createSorts, type Sorts } from './sorts.ts';
import { type Newcomer, type Places, type Ticking, tick } from './tick.ts';
import { createTimers } from './timers.ts';
import { createWorld, createZoneHandle } from './world.ts';

export type Entrance = (what: 'load' | 'tick' | 'mind', input: string) => string;

const zoneKind = '@zone';

/** Handler numbers in the blame words that are none: nothing of a script runs; the file of the first program does. */
const noWord = -1;
const fileWord = -2;

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

type Parts = {
  readonly locked: Locked;
  readonly names: object;
  readonly run: (code: string) => unknown;
  readonly kept: Kept;
};

function createZone(load: LoadIn, { locked, names, run, kept }: Parts) {
  prepare(load);
  const { programs } = load;
  const handlers: LoadOut['handlers'][number][] = [];
  const number = ({ script, name }: Omit<Handler, 'number'>) => {
    if (handlers.length >= mostHandlers.zone)
      throw new RangeError(`the zone has ${mostHandlers.zone} handlers already`);
    return handlers.push({ script: script.name, build: script.build, handler: name }) - 1;
  };
  const faults: ScriptReport[] = [];
  const scripts = new Map<string, Script>();
  let zoneScript: Script | null = null;
  const migrated = new Set<Obj>();
  const migratedScripts = new Set<string>();
  const newcomers: Newcomer[] = [];

  const failure = (thrown: unknown, path: string) => failureOf(thrown, programs, { path }, locked.peek);
  const fault = (
    program: Pick<Program, 'name' | 'path' | 'build'>,
    handler: string,
    thrown: unknown,
    of: Obj | null = null,
  ) => {
    const { name: script, build, path } = program;
    const where = { zone: load.zone, tick: 0, object: of?.id ?? null, kind: of?.kind ?? null, script, build, handler };
    faults.push({ ...where, ...failure(thrown, path), what: 'load', count: 1 });
  };

  programs.forEach((program, index) => {
    try {
      kept.mark(-1, fileWord - index);
      const entry = run(`${program.code}\n//# sourceURL=${sourceName(index)}`) as (
        roost: object,
        line: Kept['line'],
      ) => { default: unknown };
      const script = readScript(program, entry(names, kept.line).default, load.character, number);
      if (program.role === 'zone') zoneScript = script;
      else scripts.set(program.name, script);
    } catch (thrown) {
      fault(program, 'file', thrown);
    }
  });
  const usable = (script: Script) =>
    script.role === 'zone' ? zoneScript === script : scripts.get(script.name) === script;
  kept.mark(-1, noWord);
  let begun = false;
  const discard = (script: Script, handler: string, thrown: unknown, of: Obj | null = null) => {
    // A newcomer that does not fit is told; the others keep their script.
    if (begun) return here.reporter.report('throw', script, of, handler, failure(thrown, script.path));
    if (!usable(script)) return;
    fault(script, handler, thrown, of);
    if (script.role === 'zone') zoneScript = null;
    else scripts.delete(script.name);
  };

  let sorts: Sorts = createSorts(scripts, () => {});
  let world: object = {};
  const build = () => {
    sorts = createSorts(scripts, (script, message) => discard(script, 'state', new TypeError(message)));
    migrated.clear();
    migratedScripts.clear();
    newcomers.length = 0;
    prepare(load);
    const itself = makeItself(zoneScript, load);
    if (
      zoneScript &&
      !upgrade(itself, zoneScript, itself.keep.versions.size === 0, { state: load.state, own: {}, keep: load.keep })
    )
      return;
    here.itself = itself;
    world = createWorld(itself.state);
    forgive(itself);
    const isNew = itself.keep.versions.size === 0;
    if (zoneScript) newcomers.push({ object: itself, fresh: isNew, reason: load.reason });
    if (zoneScript && isNew && (zoneScript as Script).resting === null) raise(itself.keep, zoneScript);
    newcomers.push(...receive(load.objects.map((object) => ({ ...object, reason: load.reason }))));
  };

  /** Brings what a script stored up to its version. False when it cannot: the script was discarded. */
  function upgrade(object: Obj, script: Script, fresh: boolean, stored: Stored): boolean {
    if (script.resting !== null) return true;
    const { versions, before } = object.keep;
    let from = fresh ? script.version : (versions.get(script.name) ?? 1);
    let old = stored;
    const former = before.get(script.name);
    if (former && from > script.version && former.version <= script.version) {
      old = takeBack(object, script, former, stored);
      from = former.version === anyVersion ? script.version : former.version;
      before.delete(script.name);
      migrated.add(object);
      migratedScripts.add(script.name);
    } else if (from > script.version) {
      discard(
        script,
        'version',
        new RangeError(
          `version ${script.version} is lower than the ${from} of stored objects: give it ${from} or more`,
        ),
        object,
      );
      return false;
    }
    if (from === script.version && versions.get(script.name) === from) return true;
    if (from < script.version && script.migrate) {
      kept.mark(object.slot, script.migrate.number);
      try {
        migrate(object, script, old, from);
      } catch (thrown) {
        dropDrafts(0);
        discard(script, 'migrate', thrown, object);
        return false;
      }
      const oldest = before.get(script.name);
      if (here.proving && !oldest?.state) {
        const version = oldest ? anyVersion : from;
        before.set(script.name, { version, state: old.state, own: old.own, secret: secretOf(old, script) });
      }
      migrated.add(object);
      migratedScripts.add(script.name);
    }
    // Whether the zone's own script is new is seen by its having no version.
    if (object.id === zoneItself && fresh) return true;
    raise(object.keep, script);
    return true;
  }

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
      for (const script of object.sort.scripts) upgrade(object, script, fresh, row ?? nothingStored);
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
  for (let known = -1; known !== faults.length; ) {
    known = faults.length;
    build();
  }
  begun = true;

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
  useRunner({ kept, self, zone, failureOf: (thrown, script) => failure(thrown, script.path) });
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
    ...{ kinds: sorts.kinds(), scripts: hears, reports: faults, handlers, migrated: [...migratedScripts] },
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

/** What a script is given of an object that an older version of it left. */
type Stored = { readonly state: JsonObject; readonly own: JsonObject; readonly keep: JsonObject };

const nothingStored: Stored = { state: {}, own: {}, keep: {} };

function migrate(object: Obj, script: Script, stored: Stored, from: number): void {
  const secrets = object.keep.secrets.get(script);
  const old = copyOf({ state: stored.state, own: stored.own, secret: secretOf(stored, script) });
  const result = script.migrate?.run(old, from);
  const now = plain(result ?? old, 'what migrate gave back', 64 * 1024) as {
    state?: JsonObject;
    own?: JsonObject;
    secret?: JsonObject;
  };
  const groups = [
    [object.state, now.state],
    [object.own, now.own],
    [secrets, now.secret],
  ] as const;
  for (const [group, values] of groups) {
    group?.layout.names.forEach((name, i) => {
      if (values && Object.hasOwn(values, name)) setField(group, i, plain(values[name], name, dataLimits.state));
    });
  }
  settleGroups(0);
  here.logged = 0;
}

/** A script's part of what was stored. */
function secretOf({ keep }: Stored, { name }: Script): JsonObject {
  const all = (keep.secrets ?? {}) as { readonly [script: string]: JsonObject };
  return (Object.hasOwn(all, name) ? all[name] : undefined) ?? {};
}

/** Gives an object's script the fields it had before `migrate`; those of the object's other scripts stay as they are. */
function takeBack(object: Obj, script: Script, { state, own, secret }: Former, stored: Stored): Stored {
  if (!state || !own || !secret) return stored;
  const groups = [
    [object.state, state, script.state],
    [object.own, own, script.own],
    [object.keep.secrets.get(script), secret, null],
  ] as const;
  for (const [group, values, declared] of groups) {
    group?.layout.names.forEach((name, i) => {
      if (declared && !declared.has(name)) return;
      setField(group, i, deepFreeze((Object.hasOwn(values, name) ? values[name] : group.layout.defaults[i]) as Json));
    });
  }
  settleGroups(0);
  here.logged = 0;
  const all = (stored.keep.secrets ?? {}) as JsonObject;
  return {
    state: { ...stored.state, ...state },
    own: { ...stored.own, ...own },
    keep: { ...stored.keep, secrets: { ...all, [script.name]: secret } },
  };
}

function copyOf(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
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
