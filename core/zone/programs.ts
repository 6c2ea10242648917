/**
 * The programs a zone runs, and the isolate they run in: loaded first, swapped for others and back, built anew from the
 * truth outside. When that is to happen guard.ts says; how an isolate is made and dropped is in isolate.ts.
 */
import type { Program } from '../contract/content.ts';
import type { LoadIn, LoadOut, TickOut } from '../contract/driver.ts';
import type { KindInfo, ScriptReport } from '../contract/link.ts';
import type { Checkpoint } from './checkpoint.ts';
import { culpritOf } from './culprit.ts';
import { createHearing, type Hearing } from './hearing.ts';
import type { Isolate, Stop, Swapped } from './isolate.ts';
import { toKinds } from './kinds.ts';
import type { Parts } from './parts.ts';
import { toReport } from './reports.ts';

export interface Programs {
  readonly list: readonly Program[];
  readonly kinds: ReadonlyMap<string, KindInfo>;
  /** What the scripts that run hear of. */
  readonly hearing: Hearing;
  readonly isolate: Isolate;
  /** What they change in stored state can be taken back. */
  proving(): boolean;
  /** They have proved themselves: the isolate is told in the next tick that runs. */
  settle(): void;
  /** Whether the isolate has yet to hear that. */
  settling(): boolean;
  /** The handlers of a fresh isolate (`create`, `load`) have run. */
  begun(): boolean;
  /** Scripts want the next tick as well. */
  restless(): boolean;
  /** Somebody inside wants to know who is near. */
  looks(): boolean;
  /** A tick went well. */
  ran(out: Pick<TickOut, 'restless' | 'looks'>): void;
  /** The first ones. Whose file or migration stops the load is left out, and told: the others shall not wait for it. */
  start(reason: LoadIn['reason']): string | null;
  /** Others, by an isolate beside the one that runs. */
  swap(next: readonly Program[], proving: boolean): { readonly ok: boolean; readonly reports: readonly ScriptReport[] };
  /** The same with some that rest, in an isolate from the truth outside. Gives what stopped its load, if so. */
  rebuild(next: readonly Program[]): Stop | null;
  /** The same in a new isolate. False when it could not be made. */
  recycle(): boolean;
  /** The same on changed content. */
  reload(): void;
  /** After a pause for stops that nobody was to blame for. */
  revive(): void;
  /** What stopped an entry, told of whose code it was. */
  reportOn(stop: Stop, tried?: readonly Program[]): ScriptReport;
  /** Those that stopped the first load and were left out, since the last call. */
  convicted(): readonly ScriptReport[];
  /** Why programs could not be used in the first load, since the last call. */
  leftOut(): readonly ScriptReport[];
  save(): SavedPrograms;
  /** Goes on from there, instead of `start`. Answers why it cannot, or null. */
  restore(saved: SavedPrograms & Pick<Checkpoint, 'mind' | 'stops'>): string | null;
}

type SavedPrograms = Pick<Checkpoint, 'proving' | 'restless' | 'looks'>;

/** Reports of one load that are told. */
const mostReports = 200;

export function createPrograms(parts: Omit<Parts, 'programs'>, isolate: Isolate): Programs {
  const { load, objects, space, throttles, costs, postponed, reports, report, makeReport, news, steering } = parts;
  let list = load.programs;
  let kinds: ReadonlyMap<string, KindInfo> = new Map();
  let proving = load.former.length > 0;
  let hearing = createHearing([], space.content.character);
  let toSettle = false;
  let begun = false;
  let restless = false;
  let looks = false;
  const convicted: ScriptReport[] = [];
  const leftOut: ScriptReport[] = [];

  /** A new isolate has everything from the rows: nothing is news to it, and its first tick runs `create` and `load`. */
  function renewed(): void {
    news.clear();
    steering.renewed();
    begun = false;
    throttles.renewed();
  }

  /** Other programs run: limits on former builds are lifted. */
  function take(next: readonly Program[], out: LoadOut): void {
    hear(out);
    const builds = new Map([...kinds.values()].map(({ kind, build }) => [kind, build]));
    list = next;
    learn(out.kinds);
    throttles.lift((kind) => kinds.get(kind)?.build !== builds.get(kind));
    renewed();
  }

  function hear({ scripts }: LoadOut): void {
    hearing = createHearing(scripts, space.content.character);
  }

  /** Kinds as the new isolate has them: bodies and looks of living objects follow. */
  function learn(infos: readonly KindInfo[]): void {
    const next = byName(infos);
    for (const thing of objects.all()) {
      const was = JSON.stringify(kinds.get(thing.kind)?.look ?? null);
      const is = JSON.stringify(next.get(thing.kind)?.look ?? null);
      if (was === is) continue;
      if (JSON.stringify(thing.look) === was) objects.set(thing, { look: null });
      if (thing.look === null) objects.mark(thing, 'look');
    }
    kinds = next;
    for (const thing of space.scene.bodies.kinds(next))
      report(thing.id, 'refused', 'body', 'physics has no room for its body');
  }

  function loadFirst(reason: LoadIn['reason']): Swapped {
    for (;;) {
      const loaded = isolate.load(list, reason, parts.now.tick);
      const culprit = loaded.stop && culpritOf(loaded.stop, list, objects);
      if (!loaded.stop || !culprit || load.caution === 'trial') {
        if (loaded.stop) reports.add(reportOn(loaded.stop));
        return loaded;
      }
      convicted.push(reportOn(loaded.stop));
      list = list.filter((program) => program !== culprit.program);
    }
  }

  function reportOn(stop: Stop, tried: readonly Program[] = list): ScriptReport {
    const culprit = culpritOf(stop, tried, objects);
    const { message } = stop.fault;
    if (!culprit) return makeReport(null, 'stopped', stop.by?.handler ?? 'tick', message, stop.by ?? undefined);
    const { program, handler, thing } = culprit;
    const place = program.handlers.find(({ name }) => name === handler);
    const by = { script: program.name, build: program.build };
    const made = makeReport(thing?.id ?? null, 'stopped', handler, message, by);
    return { ...made, file: place?.file ?? program.path, line: place?.line ?? 0, column: place?.column ?? 0 };
  }

  return {
    get list() {
      return list;
    },
    get kinds() {
      return kinds;
    },
    get hearing() {
      return hearing;
    },
    isolate,
    proving: () => proving,
    settle() {
      toSettle = true;
      proving = false;
    },
    settling: () => toSettle,
    begun: () => begun,
    restless: () => restless,
    looks: () => looks,
    ran(out) {
      begun = true;
      toSettle = false;
      restless = out.restless === true;
      looks = out.looks === true;
    },
    start(reason) {
      const { out: loaded } = loadFirst(reason);
      if (loaded.kind === 'fault') return loaded.fault.message;
      hear(loaded.out);
      learn(loaded.out.kinds);
      if (proving) postponed.hold(loaded.out.migrated);
      for (const each of loaded.out.reports) {
        const told = { ...each, zone: load.zone, tick: parts.now.tick };
        reports.add(told);
        leftOut.push(told);
      }
      return null;
    },
    swap(next, isProving) {
      const was = proving;
      proving = isProving;
      const { taken, out, stop } = isolate.swap(next, parts.now.tick);
      const found = out.kind === 'ok' ? out.out.reports.slice(0, mostReports).map(toReport) : [];
      if (!taken || out.kind === 'fault') {
        proving = was;
        return { ok: false, reports: stop ? [{ ...reportOn(stop, next), what: 'load' }] : found };
      }
      if (isProving) postponed.hold(out.out.migrated);
      else postponed.release();
      take(next, out.out);
      costs.restart();
      return { ok: true, reports: found };
    },
    rebuild(next) {
      const { out, stop } = isolate.rebuild(next, parts.now.tick);
      if (out.kind === 'ok') take(next, out.out);
      return stop;
    },
    recycle() {
      if (!isolate.running()) return false;
      const { taken, out } = isolate.swap(list, parts.now.tick);
      if (taken && out.kind === 'ok') take(list, out.out);
      return taken;
    },
    reload() {
      const { out: loaded } = isolate.load(list, 'reload', parts.now.tick);
      if (loaded.kind === 'ok') {
        renewed();
        hear(loaded.out);
        learn(loaded.out.kinds);
      } else {
        learn([...kinds.values()]);
        report(null, 'load', 'load', loaded.fault.message);
      }
    },
    revive() {
      if (isolate.revive(parts.now.tick, parts.now.time)) renewed();
    },
    reportOn,
    convicted: () => convicted.splice(0),
    leftOut: () => leftOut.splice(0),
    save: () => ({ proving, restless, looks }),
    restore(saved) {
      ({ proving, restless, looks } = saved);
      const { out } = isolate.goOn(list, parts.now.tick, saved.mind, saved.stops);
      if (out.kind === 'fault') return out.fault.message;
      kinds = byName(out.out.kinds);
      hear(out.out);
      begun = true;
      return null;
    },
  };
}

function byName(infos: readonly KindInfo[]): ReadonlyMap<string, KindInfo> {
  return new Map(toKinds(infos).map((info) => [info.kind, info]));
}
