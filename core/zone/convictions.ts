/** Scripts that stop ticks: which of them is guilty, and that it rests in this zone until other programs come. */
import type { Program } from '../contract/content.ts';
import type { ScriptReport } from '../contract/link.ts';
import type { GuardOptions } from './guard.ts';
import type { Stop } from './isolate.ts';

export interface Convictions {
  /** Whether a stop convicts the program: by what it cost, or because it is not the first in a while. */
  isGuilty(program: Program, stop: Stop): boolean;
  /** Whether so few players have stopped it by their calls that it is their doing. Counts this one. */
  isTheirs(program: Program, caller: string): boolean;
  /** Has programs rest, and what stops the load of the others as well. The tick is run again without them. */
  rest(isGuilty: (program: Program) => boolean, report: ScriptReport): void;
  /** Other programs run. */
  forget(): void;
}

export type ConvictionsOptions = Pick<GuardOptions, 'zone' | 'tickLimitMs' | 'send'> & {
  /** Another isolate runs. */
  readonly onRebuilt: () => void;
};

/** Within this time a second stop of the same script convicts it (seconds). */
const stopMemory = 60;
/** Part of the tick limit in CPU time that convicts a handler at once. */
export const convictingPart = 0.5;
/** Less than this part, spent by the handler that ran, is no work that could have taken so long. */
const workingPart = 0.1;
/** So many players within so many seconds, and it is the script. */
const mostCallers = 3;
const callerMemory = 600;

export function createConvictions({ zone, tickLimitMs, send, onRebuilt }: ConvictionsOptions): Convictions {
  /** Unix seconds of the last stop. */
  const stops = new Map<string, number>();
  /** By program, Unix seconds of the last one by owner. */
  const stopsOf = new Map<string, Map<string, number>>();

  /** A script rests until other programs come; the tick it was stopped in is run again without it. */
  function rest(isGuilty: (program: Program) => boolean, report: ScriptReport): void {
    let why = report;
    let guilty = isGuilty;
    for (let left = zone.programs.length; left > 0; left--) {
      const resting = `${why.handler} was stopped: ${why.message}`;
      const programs = zone.programs.flatMap((program) => {
        if (!guilty(program)) return program;
        // Its file itself cannot be run: nothing of it is left.
        return why.handler === 'file' || why.handler === 'migrate' ? [] : { ...program, resting };
      });
      const stop = zone.rebuild(programs);
      send({ type: 'convicted', report: why });
      onRebuilt();
      const culprit = stop && zone.culprit(stop);
      if (!stop) return;
      if (!culprit) break;
      why = zone.reportOn(stop);
      guilty = (program) => program === culprit.program;
    }
    zone.unblamed();
  }

  return {
    isTheirs(program, caller) {
      const { time } = zone.now;
      const known = stopsOf.get(keyOf(program)) ?? new Map<string, number>();
      stopsOf.set(keyOf(program), known);
      for (const [owner, at] of known) if (time - at > callerMemory) known.delete(owner);
      known.set(caller, time);
      return known.size < mostCallers;
    },
    isGuilty(program, { handlerMs, spread, cpuMs, fault }) {
      const convicting = tickLimitMs * convictingPart;
      if (fault.kind === 'memory' || (handlerMs > convicting && !spread)) return true;
      // A machine that stalls stops whoever runs just then, and nobody spends anything meanwhile.
      if (cpuMs <= convicting && handlerMs <= tickLimitMs * workingPart) return false;
      const key = keyOf(program);
      const last = stops.get(key) ?? Number.NEGATIVE_INFINITY;
      stops.set(key, zone.now.time);
      return zone.now.time - last <= stopMemory;
    },
    rest,
    forget() {
      stops.clear();
      stopsOf.clear();
    },
  };
}

function keyOf({ path, build }: Program): string {
  return `${path} ${build}`;
}
