/** Books what every entry into the isolate costs, and what its objects do beside using CPU. */
import type { Entered, LoadOut, TickIn, TickOut } from '../contract/driver.ts';
import type { ObjectId } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import { type Spent, sampleAt, toCosts, type ZoneCosts, zoneKind } from './costs.ts';
import type { Stop } from './isolate.ts';
import type { Objects } from './objects.ts';

export interface Booking {
  /** A tick begins: nothing is spent in it yet. */
  begin(): void;
  /** Every entry has its costs; of a stopped one the handler that ran has its share. */
  entry(entered: Entered<LoadOut | TickOut>, wallMs: number, stop: Stop | null): void;
  /** By the object; null: by the zone's own script. */
  count(id: ObjectId | null, what: 'messages' | 'spawns' | 'says'): void;
  /** What the last entry of this tick cost; null when no script ran. */
  spent(): Spent | null;
  /** Whether each handler is measured, while programs prove themselves. */
  measure(handlers: boolean): void;
  /** What the isolate is to measure in a tick. */
  measured(tick: number): TickIn['measure'];
}

export function createBooking(costs: ZoneCosts, objects: Objects, clock: Clock): Booking {
  let spent: Spent | null = null;
  let measuresHandlers = false;

  return {
    begin() {
      spent = null;
    },
    entry(entered, wallMs, stop) {
      const claims = entered.kind === 'ok' && 'costs' in entered.out ? toCosts(entered.out.costs) : null;
      const thing = stop && objects.all().find(({ slot }) => slot === stop.slot);
      const blamed = stop && stop.number >= 0 ? { kind: thing?.kind ?? zoneKind, ms: stop.handlerMs } : null;
      const entry = { cpuMs: entered.cpuMs, wallMs, claims, of: sampleAt(0, objects.size).of };
      spent = costs.book(clock.monotonicMs(), blamed ? { ...entry, stopped: blamed } : entry);
    },
    count(id, what) {
      const kind = id ? objects.find(id)?.kind : zoneKind;
      if (kind !== undefined) costs.count(clock.monotonicMs(), kind, what);
    },
    spent: () => spent,
    measure(handlers) {
      measuresHandlers = handlers;
    },
    measured: (tick) => ({ handlers: measuresHandlers, ...sampleAt(tick, objects.size) }),
  };
}
