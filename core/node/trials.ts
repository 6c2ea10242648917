/**
 * New builds before anybody plays with them: the worker that stands by loads a copy of a zone with them and runs 20
 * ticks. What fails there is refused, and the zones go on as if nothing had been saved.
 */
import { randomInt } from 'node:crypto';
import type { Program } from '../contract/content.ts';
import type { IdBlock, ScriptReport, ToNode, ToWorker, ZoneId } from '../contract/link.ts';
import type { Clock, Log } from '../contract/ports.ts';
import type { Store } from '../store/store.ts';
import { type Blamed, type Death, nameDeath, nothingNamed } from './blame.ts';
import type { Builds } from './builds.ts';
import type { Judge } from './judge.ts';
import type { LoadedContent } from './run.ts';
import type { Borrowed, Workers } from './workers.ts';
import { parseZoneId } from './zone-id.ts';

/** A loaded zone that may be copied, with what it has of each kind. */
export type Copyable = { readonly zone: ZoneId; readonly kinds: Readonly<Record<string, number>> };

export interface Trials {
  /** Tries what is new for these zones. Afterwards the builds that may run are admitted, the others refused. */
  run(zones: readonly Copyable[]): Promise<void>;
  /** True when the message was of a copy. */
  receive(worker: object, message: Message): boolean;
}

type Message = Exclude<ToNode, { type: 'ready' | 'stats' }>;

export type TrialsOptions = {
  readonly workers: Pick<Workers, 'borrow'>;
  readonly store: Pick<Store, 'peekZone'>;
  readonly builds: Builds;
  readonly judge: Judge;
  readonly clock: Clock;
  readonly log: Log;
  /** What a zone is made from, with the newest build of every file. */
  readonly load: (zone: ZoneId) => Promise<LoadedContent>;
};

/** How a trial ended. */
type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'fault'; readonly report: ScriptReport }
  | { readonly kind: 'died'; readonly death: Death }
  /** Nothing can be said: there was no worker or no copy. */
  | { readonly kind: 'none'; readonly why: string };

type Running = {
  readonly worker: object;
  readonly zone: ZoneId;
  readonly handlers: { names: Death['handlers'] };
  readonly slots: Map<number, string>;
  readonly done: (outcome: Outcome) => void;
};

/** Lower than any epoch that a zone was ever given under. */
const trialEpoch = 0;
/** A copy that is not through by then has failed. */
const trialMs = 5_000;
/** The worker that stands by may just have been started. */
const borrowMs = 5_000;
/** Ids that a copy gives are nobody's: no node has this partition before 65,535 others are taken. */
const copyIds: readonly IdBlock[] = [{ first: 'ffff000000000001', count: 1_048_576 }];

export function createTrials(options: TrialsOptions): Trials {
  const { workers, store, builds, judge, clock, log } = options;
  let running: Running | null = null;
  /** One after another: only one worker stands by. */
  let last: Promise<void> = Promise.resolve();

  /** New builds of all these zones, and where each might run. */
  async function findNew(zones: readonly Copyable[]): Promise<Map<Program, Copyable[]>> {
    const found = new Map<Program, Copyable[]>();
    for (const zone of zones) {
      const { programs } = await options.load(zone.zone);
      for (const program of programs) judge.again(program);
      for (const program of builds.untried(programs)) found.set(program, [...(found.get(program) ?? []), zone]);
    }
    return found;
  }

  /** The zone that has objects of most of the kinds; builds that have none anywhere are tried along with the others. */
  function pick(wanted: ReadonlyMap<Program, readonly Copyable[]>): { zone: Copyable; programs: readonly Program[] } {
    const covers = (zone: Copyable) =>
      [...wanted].filter(([program, zones]) => zones.includes(zone) && isThere(program, zone)).map(([one]) => one);
    const zones = [...new Set([...wanted.values()].flat())];
    const counts = new Map(zones.map((zone) => [zone, covers(zone).length]));
    const [zone] = zones.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)) as [Copyable];
    const elsewhere = (program: Program) => zones.some((other) => other !== zone && isThere(program, other));
    const programs = [...wanted]
      .filter(([program, of]) => of.includes(zone) && (isThere(program, zone) || !elsewhere(program)))
      .map(([program]) => program);
    return { zone, programs };
  }

  async function run(zones: readonly Copyable[]): Promise<void> {
    const wanted = await findNew(zones);
    const held = [...wanted.keys()].filter(({ path }) => builds.held(path) !== undefined);
    for (const program of held) {
      wanted.delete(program);
      judge.held(program);
    }
    builds.hold([...wanted.keys()]);
    while (wanted.size > 0) {
      const { zone, programs } = pick(wanted);
      const refused = await tryAll(zone, programs).catch((error): readonly Program[] => {
        log.error({ zone: zone.zone, error }, 'builds were not tried');
        return [];
      });
      const admitted = programs.filter((program) => !refused.includes(program));
      builds.admit(admitted);
      for (const program of programs) wanted.delete(program);
    }
  }

  /** @returns Those that were refused. */
  async function tryAll(zone: Copyable, programs: readonly Program[]): Promise<readonly Program[]> {
    const refused: Program[] = [];
    let left = programs;
    while (left.length > 0) {
      const outcome = await tryOnce(zone.zone, left);
      if (outcome.kind === 'passed') break;
      if (outcome.kind === 'none') {
        log.warn({ zone: zone.zone, why: outcome.why, paths: left.map(({ path }) => path) }, 'builds were not tried');
        break;
      }
      const died = outcome.kind === 'died';
      const blamed = died ? nameDeath(outcome.death, left) : ofReport(outcome.report, left);
      // What another script of the zone does wrong says nothing of these: their probation will.
      if (outcome.kind === 'fault' && !blamed && outcome.report.script !== '') {
        const { script, message: why } = outcome.report;
        log.warn({ zone: zone.zone, script, why, paths: left.map(({ path }) => path) }, 'builds were not tried');
        break;
      }
      // What fails together without a name is tried one by one.
      if (!blamed && left.length > 1) {
        for (const program of left) refused.push(...(await tryAll(zone, [program])));
        break;
      }
      const guilty = blamed ?? nothingNamed(zone.zone, left[0] as Program, died ? outcome.death.why : inWords(outcome));
      refused.push(guilty.program);
      await judge.refused(guilty, died);
      left = left.filter((program) => program !== guilty.program);
    }
    return refused;
  }

  async function tryOnce(zone: ZoneId, fresh: readonly Program[]): Promise<Outcome> {
    const { content, programs: newest } = await options.load(zone);
    const saved = await store.peekZone(zone);
    if (!saved) return { kind: 'none', why: 'nothing of the zone is saved yet' };
    const { programs } = builds.choose(zone, newest, fresh);
    const borrowed = await workers.borrow(borrowMs);
    if (!borrowed) return { kind: 'none', why: 'no worker stands by' };
    const beganMs = clock.monotonicMs();
    // What runs now: what it does wrong is nobody's failure here, and what it costs is what the new is measured by.
    const former = builds.choose(zone, newest).programs.filter(({ resting }) => resting === undefined);
    const load = { content, programs, saved, ids: copyIds, former, seed: randomInt(2 ** 31) };
    const outcome = await runCopy(zone, load, borrowed);
    borrowed.giveBack();
    const ms = Math.round(clock.monotonicMs() - beganMs);
    log.info({ zone, builds: fresh.map(({ path, build }) => `${path} ${build}`), outcome: outcome.kind, ms }, 'tried');
    return outcome;
  }

  async function runCopy(zone: ZoneId, load: CopyLoad, { worker, gone }: Borrowed): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const handlers: Running['handlers'] = { names: [] };
    const slots = new Map<number, string>();
    running = { worker, zone, handlers, slots, done: resolve };
    const epoch = trialEpoch;
    if (!worker.given.has(zone)) worker.given.set(zone, epoch);
    const timer = setTimeout(() => worker.kill(`its trial took longer than ${trialMs / 1_000} s`), trialMs);
    void gone.then(({ why, blame }) => {
      const rows = new Map(load.saved.objects.map(({ id, kind }) => [id, kind]));
      const objectAt = (slot: number) => slots.get(slot) ?? null;
      const kindOf = (id: string) => rows.get(id) ?? null;
      resolve({ kind: 'died', death: { zone, why, blame, handlers: handlers.names, objectAt, kindOf, tick: 0 } });
    });
    const sent = worker.send({ type: 'load', zone, epoch, reason: 'recover', caution: 'trial', ...load });
    if (sent !== 'sent') resolve({ kind: 'none', why: `the copy was not taken: ${sent}` });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      running = null;
    }
  }

  return {
    run(zones) {
      const turn = last.then(() => run(zones));
      last = turn.catch(() => {});
      return turn;
    },
    receive(worker, message) {
      const zone = message.type === 'frame' ? message.pub.zone : message.zone;
      if (running?.worker !== worker || running.zone !== zone) return false;
      if (message.type === 'loaded') running.handlers.names = message.handlers ?? [];
      if (message.type === 'frame') for (const { slot, id } of message.pub.in) running.slots.set(slot, id);
      const fault = message.type === 'load-failed' ? message.reports[0] : message.type === 'tried' && message.fault;
      if (fault) running.done({ kind: 'fault', report: fault });
      else if (message.type === 'tried') running.done({ kind: 'passed' });
      else if (message.type === 'load-failed') running.done({ kind: 'none', why: message.message });
      return true;
    },
  };
}

type CopyLoad = Pick<Extract<ToWorker, { type: 'load' }>, 'content' | 'programs' | 'saved' | 'ids' | 'former' | 'seed'>;

function isThere({ role, name }: Program, { zone, kinds }: Copyable): boolean {
  return role === 'zone' ? parseZoneId(zone).zone === name : (kinds[name] ?? 0) > 0;
}

/** A report of a copy is believed when it is of one of the builds that were tried. */
function ofReport(report: ScriptReport, fresh: readonly Program[]): Blamed | null {
  const program = fresh.find(({ name, build }) => name === report.script && build === report.build);
  return program ? { program, report } : null;
}

function inWords(outcome: Outcome): string {
  return outcome.kind === 'fault' ? outcome.report.message : 'it failed';
}
