/** A copy of a zone runs new builds for a second before any live zone gets them; what it does nobody sees. */
import type { Program } from '../contract/content.ts';
import type { ScriptReport } from '../contract/link.ts';
import { convictingPart } from './convictions.ts';
import type { Spent } from './costs.ts';
import type { Stop } from './isolate.ts';
import { concernsIn, createProbation, meansOf } from './probation.ts';
import type { Ticked } from './step.ts';
import type { ZoneOptions } from './turns.ts';
import { createZone, type Zone } from './zone.ts';

/** Ticks in a row. */
const trialTicks = 20;
/** A kind that costs so much (CPU milliseconds a tick) is compared with what it cost before. */
const dearMs = 3;

/** Runs the copy to its end, and tells what went wrong with those programs that are not proven. */
export function runTrial(options: ZoneOptions): void {
  const { load, send, whenSent = (next) => next() } = options;
  const zone = createZone(options);
  const reports: ScriptReport[] = [];
  const isNew = newOf(load.programs, load.former);
  let fault: ScriptReport | null = null;
  const failure = zone.start();
  const told = zone.reports.take(zone.now.time);
  reports.push(...told);
  fault = told.find((report) => report.what === 'load' && isNew(report)) ?? null;
  if (failure !== null) fault ??= told.at(-1) ?? zone.makeReport(null, 'load', 'load', failure);
  tellNumbers(options, zone);
  whenSent(() => {
    fault ??= runTicks(options, zone, isNew);
    reports.push(...zone.reports.take(Number.POSITIVE_INFINITY));
    zone.dispose();
    send({ type: 'tried', zone: load.zone, epoch: load.epoch, fault, reports });
  });
}

/** What went wrong in a new build; null after the last tick. */
function runTicks(options: ZoneOptions, zone: Zone, isNew: (report: ScriptReport) => boolean): ScriptReport | null {
  const spent: Spent[] = [];
  let slow = 0;
  zone.measure(true);
  for (const ticked of ticksOf(options, zone)) {
    if (ticked.stop) {
      // A machine that was slow convicts nobody: once.
      if (isOwn(ticked.stop) || ++slow > 1) return zone.reportOn(ticked.stop);
      zone.unblamed();
      continue;
    }
    const thrown = ticked.reports.find((report) => report.what === 'throw' && !report.callers && isNew(report));
    if (thrown) return thrown;
    if (ticked.spent) spent.push(ticked.spent);
  }
  return slow === 0 ? compareCosts(options, zone, spent) : null;
}

/** What a new build costs beside the one before, when that is worth a second copy. */
function compareCosts(options: ZoneOptions, zone: Zone, spent: readonly Spent[]): ScriptReport | null {
  const { former, programs } = options.load;
  if (![...meansOf(zone).values()].some((ms) => ms > dearMs)) return null;
  // Its handlers have other numbers than the node was told.
  const { onHandler: _line, ...sandbox } = options.sandbox;
  const before = createZone({
    ...options,
    sandbox: { ...sandbox, blame: null },
    load: { ...options.load, programs: former },
  });
  if (before.start() === null) for (const ticked of ticksOf(options, before)) if (ticked.stop) return null;
  const formerMean = meansOf(before);
  before.dispose();
  const { makeReport, handlers } = zone;
  const probation = createProbation({ former, programs, formerMean, makeReport, concerns: concernsIn(zone) });
  for (const one of spent) {
    const why = probation?.look([], one, (number) => handlers[number]);
    if (why) return why;
  }
  return null;
}

/** Ticks of a zone as fast as they go, each when the one before was looked at. */
function* ticksOf({ load, clock }: ZoneOptions, zone: Zone): Generator<Ticked> {
  const dt = 1 / load.content.spec.tickRate;
  const begin = { tick: zone.now.tick, time: Math.max(zone.now.time, clock.now()) };
  for (let n = 1; n <= trialTicks; n++) {
    const ordered = { items: [], ids: [], throttles: [], settled: false };
    yield zone.tick({ ...ordered, tick: begin.tick + n, time: begin.time + n * dt, dt });
  }
}

/** The handler was stopped for what it used itself. */
function isOwn({ handlerMs, limitMs, fault }: Stop): boolean {
  return fault.kind !== 'timeout' || handlerMs > limitMs * convictingPart;
}

/** What handler numbers and slots stand for, so that the node can read the last words of a copy that ends its worker. */
function tellNumbers({ load, send }: ZoneOptions, zone: Zone): void {
  const { zone: id, epoch } = load;
  const { tick, time } = zone.now;
  const kinds = [...zone.kinds.values()];
  send({ type: 'loaded', zone: id, epoch, tick, kinds, handlers: zone.handlers, objects: zone.objects.size });
  const nothing = { keep: null, outcomes: [], requests: [], taken: [], asleep: false, closed: false };
  send({ type: 'frame', pub: zone.frames.take(tick, time), ...nothing });
}

/** Whether a report is about a program on trial: `former` has those that are not, and what runs instead of these. */
function newOf(programs: readonly Program[], former: readonly Program[]): (report: ScriptReport) => boolean {
  const proven = new Set(former.map(({ path, build }) => `${path} ${build}`));
  const onTrial = programs.filter(({ path, build }) => !proven.has(`${path} ${build}`));
  return ({ script, build }) => onTrial.some((program) => program.name === script && program.build === build);
}
