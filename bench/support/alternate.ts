/** Parts of a comparison, each in a process of its own, taking turns: what the machine does meanwhile hits both. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Spent } from './side.ts';

export type Plan<Name extends string> = {
  /** Module of bench/parts. */
  readonly module: URL;
  readonly sides: readonly Name[];
  /** Units of work that are done before the clock is looked at. */
  readonly units: number;
  readonly rounds: number;
  readonly roundMs: number;
  /** Before the first round: code is compiled, files are warm. */
  readonly warmMs: number;
  /** Flags of Node for the processes. */
  readonly execArgv?: readonly string[];
  /** Folder for a CPU profile of each side. */
  readonly profile?: string | undefined;
};

const main = fileURLToPath(new URL('./side-process.ts', import.meta.url));
const hooks = new URL('../../bin/hooks.js', import.meta.url).href;

/** What each side spent in each round. */
export async function alternate<Name extends string>(plan: Plan<Name>): Promise<Record<Name, readonly Spent[]>> {
  const { module, sides, units, rounds, roundMs, warmMs, profile } = plan;
  const profiled = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const execArgv = [...(plan.execArgv ?? []), ...profiled, '--disable-warning=ExperimentalWarning', '--import', hooks];
  const spent = Object.fromEntries(sides.map((side) => [side, [] as Spent[]])) as Record<Name, Spent[]>;
  await using open = new AsyncDisposableStack();
  const processes: [Name, ChildProcess][] = [];
  for (const side of sides) {
    const child = fork(main, [module.href, side], {
      execArgv: [...execArgv, '--import', hooks],
      serialization: 'json',
    });
    open.defer(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    });
    await next(child);
    processes.push([side, child]);
  }
  for (const [, child] of processes) await ask(child, units, warmMs);
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes: nobody is always the one after the other.
    const order = round % 2 === 0 ? processes : processes.toReversed();
    for (const [side, child] of order) spent[side].push(await ask(child, units, roundMs));
  }
  return spent;
}

async function ask(child: ChildProcess, units: number, leastMs: number): Promise<Spent> {
  const answer = next(child);
  child.send({ units, leastMs });
  return (await answer) as Spent;
}

/** The next message. @throws Error when the process ends without one */
async function next(child: ChildProcess): Promise<unknown> {
  const heard = Promise.withResolvers<unknown>();
  const ended = (code: number | null) => heard.reject(new Error(`a side ended (${code}): its words are above`));
  child.once('message', heard.resolve);
  child.once('exit', ended);
  return await heard.promise.finally(() => {
    child.off('message', heard.resolve);
    child.off('exit', ended);
  });
}

/** Milliseconds of CPU of all threads for one unit of work, round by round. */
export function cpuEach(rounds: readonly Spent[]): readonly number[] {
  return rounds.map(({ cpuMs, work }) => cpuMs / work);
}
