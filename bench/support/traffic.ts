/** One round of a comparison over the wire: a server, a load, and what the server spent while it lasted. */
import type { LoadOptions, LoadReport, ViewCheck } from '../load/client.ts';
import type { Context } from '../row.ts';
import { readCpu } from './cpu.ts';
import { type Load, startLoad } from './load.ts';
import { startProfiles } from './profiling.ts';

export type Traffic = {
  readonly load: LoadOptions;
  /** Process of the server; its children count too. */
  readonly pid: number;
  /** Metres within which everybody must be seen; checked before the measurement. Undefined: not checked. */
  readonly mustSee?: number;
};

export type Spent = {
  /** Microseconds of server CPU for one client in one tick. */
  readonly cpu: number;
  /** Of it in the first process, which has the sockets; the rest is in those below it. */
  readonly cpuFirst: number;
  /** Of it in the kernel. */
  readonly cpuKernel: number;
  /** Bytes sent to one client in one tick. */
  readonly bytes: number;
  /** Cores that the server used. */
  readonly cores: number;
  readonly report: LoadReport;
  readonly check: ViewCheck | undefined;
};

/** Nobody is seen further away from where it is: two ticks of a walk and the way of the messages, in metres. */
const mostOff = 1.5;

export type Rates = { readonly ticksPerSecond: number; readonly inputsPerSecond: number };

/** As a part of the rate. */
const mostOffRate = 0.05;
/** Moments in which views are compared, at most. */
const mostMoments = 8;

/** Starts the load, lets everything get warm, and measures. */
export async function measureTraffic(context: Context, { load: options, pid, mustSee }: Traffic): Promise<Spent> {
  const load = await startLoad(context, options);
  await pause(context.quick ? 2 : 4);
  const check = mustSee === undefined ? undefined : await checkViews(load, mustSee);
  const spent = await measure(context, load, pid, context.quick ? 3 : 6);
  await load.stop();
  return { ...spent, check };
}

/** What the server spends from now on. */
export async function measure(
  { profile }: Context,
  load: Load,
  pid: number,
  seconds: number,
): Promise<Omit<Spent, 'check'>> {
  const endProfiles = profile === undefined ? undefined : startProfiles(profile, pid);
  await load.begin();
  const before = readCpu(pid);
  await pause(seconds);
  const after = readCpu(pid);
  const report = await load.end();
  await endProfiles?.();
  if (report.ticks === 0) throw new Error('no tick was heard of');
  const clientTicks = report.clients * report.ticks;
  const cpuMs = after.ms - before.ms;
  return {
    cpu: (cpuMs * 1000) / clientTicks,
    cpuFirst: ((after.firstMs - before.firstMs) * 1000) / clientTicks,
    cpuKernel: ((after.systemMs - before.systemMs) * 1000) / clientTicks,
    bytes: report.bytes / clientTicks,
    cores: cpuMs / 1000 / report.seconds,
    report,
  };
}

/**
 * Compares what clients see with where everybody is. Messages of one tick arrive one after the other, so that a moment
 * may fall between them: another one is tried.
 * @throws when no moment is right.
 */
export async function checkViews(load: Load, radius: number): Promise<ViewCheck> {
  let check = await load.check(radius);
  for (let more = 1; more < mostMoments && faultOf(check) !== undefined; more++) {
    await pause(0.31);
    check = await load.check(radius);
  }
  const fault = faultOf(check);
  if (fault !== undefined) throw new Error(fault);
  return check;
}

function faultOf({ worst, missing, near, pairs, clients }: ViewCheck): string | undefined {
  if (pairs <= clients) return 'nobody sees anybody';
  if (worst > mostOff) return `somebody is seen ${worst.toFixed(2)} m from where it is`;
  if (missing > 0) return `${missing} of ${near} that are near are not seen`;
  return undefined;
}

/** The rates of a round were not what they had to be. */
class OffRate extends Error {}

/**
 * A server or a load that does not keep its rates does something else than what was to be compared.
 * @throws OffRate when ticks, messages or inputs are off by more than a twentieth; told only when quick.
 */
export function requireRates(context: Context, { report }: Pick<Spent, 'report'>, wanted: Rates): void {
  const ticks = report.ticks / report.seconds;
  const inputs = report.inputs / report.clients / report.seconds;
  // Everybody moves: a tick without a message was put together with another one.
  const messages = report.messages / report.clients / report.seconds;
  const parts = [ticks / wanted.ticksPerSecond, messages / wanted.ticksPerSecond, inputs / wanted.inputsPerSecond];
  if (parts.every((part) => Math.abs(part - 1) <= mostOffRate)) return;
  const why =
    `${ticks.toFixed(1)} of ${wanted.ticksPerSecond} ticks/s, ${messages.toFixed(1)} of them sent, ` +
    `${inputs.toFixed(1)} of ${wanted.inputsPerSecond} inputs/s: the machine has too much else to do, or a side does not keep up`;
  if (!context.quick) throw new OffRate(why);
  context.say(`WORTH NOTHING: ${why}`);
}

/** A round that was off its rates is made again, twice at most: something else may have had the machine. */
export async function repeatOffRate<T>(context: Context, round: () => Promise<T>): Promise<T> {
  for (let left = 2; ; left--) {
    try {
      return await round();
    } catch (error) {
      if (!(error instanceof OffRate) || left === 0) throw error;
      context.say(`again, since ${error.message}`);
    }
  }
}

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** What a reader wants to know of a round. */
export function tell(name: string, { cpu, cpuFirst, cpuKernel, bytes, cores, report, check }: Spent): string {
  const seen =
    report.inView === 0 ? '' : `, ${report.inView.toFixed(1)} in view, walking ${report.walked.toFixed(1)} m/s`;
  const right =
    check === undefined ? '' : `, ${check.pairs} sightings at most ${check.worst.toFixed(2)} m off, none missing`;
  return (
    `${name}: ${cpu.toFixed(1)} µs (${cpuFirst.toFixed(1)} where the sockets are, ${cpuKernel.toFixed(1)} in the kernel), ${bytes.toFixed(0)} bytes, ${cores.toFixed(2)} cores` +
    ` (${report.clients} clients, ${(report.ticks / report.seconds).toFixed(1)} ticks/s,` +
    ` ${(report.inputs / report.clients / report.seconds).toFixed(1)} inputs/s${seen}${right};` +
    ` the load used ${report.ownCpu.toFixed(2)} cores and was ${report.lateMs.toFixed(0)} ms late at most)`
  );
}
