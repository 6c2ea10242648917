/** One round of a comparison over the wire: a server, a load, and what the server spent while it lasted. */
import type { LoadOptions, LoadReport, ViewCheck } from '../load/client.ts';
import type { Context } from '../row.ts';
import { readCpu } from './cpu.ts';
import { type Load, startLoad } from './load.ts';

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
  /** Bytes sent to one client in one tick. */
  readonly bytes: number;
  /** Cores that the server used. */
  readonly cores: number;
  readonly report: LoadReport;
  readonly check: ViewCheck | undefined;
};

/** Nobody is seen further away from where it is: two ticks of a walk and the way of the messages, in metres. */
const mostOff = 1.5;

/** Starts the load, lets everything get warm, and measures. */
export async function measureTraffic(context: Context, { load: options, pid, mustSee }: Traffic): Promise<Spent> {
  const load = await startLoad(context, options);
  await pause(context.quick ? 2 : 4);
  const check = mustSee === undefined ? undefined : sound(await load.check(mustSee));
  const spent = await measure(load, pid, context.quick ? 3 : 6);
  await load.stop();
  return { ...spent, check };
}

/** What the server spends from now on. */
export async function measure(load: Load, pid: number, seconds: number): Promise<Omit<Spent, 'check'>> {
  await load.begin();
  const before = readCpu(pid);
  await pause(seconds);
  const after = readCpu(pid);
  const report = await load.end();
  if (report.ticks === 0) throw new Error('no tick was heard of');
  const clientTicks = report.clients * report.ticks;
  const cpuMs = after.ms - before.ms;
  return {
    cpu: (cpuMs * 1000) / clientTicks,
    bytes: report.bytes / clientTicks,
    cores: cpuMs / 1000 / report.seconds,
    report,
  };
}

/** @throws when what was decoded is not what is. */
export function sound(check: ViewCheck): ViewCheck {
  const { worst, missing, near, pairs, clients } = check;
  if (pairs <= clients) throw new Error('nobody sees anybody');
  if (worst > mostOff) throw new Error(`somebody is seen ${worst.toFixed(2)} m from where it is`);
  if (missing > 0) throw new Error(`${missing} of ${near} that are near are not seen`);
  return check;
}

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** What a reader wants to know of a round. */
export function tell(name: string, { cpu, bytes, cores, report, check }: Spent): string {
  const seen =
    report.inView === 0 ? '' : `, ${report.inView.toFixed(1)} in view, walking ${report.walked.toFixed(1)} m/s`;
  const right =
    check === undefined ? '' : `, ${check.pairs} sightings at most ${check.worst.toFixed(2)} m off, none missing`;
  return (
    `${name}: ${cpu.toFixed(1)} µs, ${bytes.toFixed(0)} bytes, ${cores.toFixed(2)} cores` +
    ` (${report.clients} clients, ${(report.ticks / report.seconds).toFixed(1)} ticks/s,` +
    ` ${(report.inputs / report.clients / report.seconds).toFixed(1)} inputs/s${seen}${right};` +
    ` the load used ${report.ownCpu.toFixed(2)} cores and was ${report.lateMs.toFixed(0)} ms late at most)`
  );
}
