/** What a zone is given by the node around it. */
import type { Frame, ObjectRow, TimerRow, ZoneId } from '../contract/link.ts';
import type { Clock, Log, Reports, ZoneState } from '../contract/ports.ts';
import type { SavedMove, Store } from '../store/store.ts';
import type { Gate } from './gate.ts';
import type { Keeper } from './keeper.ts';
import type { LoadedContent } from './run.ts';
import type { Worker } from './worker.ts';

export type ZoneLimits = {
  readonly startMs: number;
  readonly sleepAfterMs: number;
  readonly unloadAfterMs: number;
  /** A request not answered by then is a `call.timeout`. */
  readonly askMs: number;
  /** Requests of one owner that wait while the zone does not run, and how long they do. */
  readonly waitingEach: number;
  readonly waitingMs: number;
  readonly objectsMost: number;
};

export type MoveRequest = Extract<Frame['requests'][number], { type: 'goto' }>;

/** A move as the zone it starts from sees it. */
export type MoveOut = {
  /** What is written of it; null when the object was not there any more. */
  saved(objects: readonly ObjectRow[], timers: readonly TimerRow[]): SavedMove | null;
  committed(): void;
  /** Nothing was written: the object is where it was. */
  failed(error: Error): void;
};

export type ZoneHost = {
  readonly log: Log;
  readonly clock: Clock;
  readonly reports: Reports;
  readonly limits: ZoneLimits;
  readonly store: Pick<Store, 'openZone' | 'takeIds'>;
  readonly keeper: Keeper;
  /** Recoveries and starts by timers go through it. */
  readonly gate: Gate;
  /** @throws HostError zone.unknown, zone.failed */
  readonly load: (zone: ZoneId) => Promise<LoadedContent>;
  /** The worker for one more zone. @throws HostError zone.unavailable */
  readonly place: () => Promise<Worker>;
  readonly publishFrame: (frame: Frame['pub']) => void;
  readonly publishState: (state: ZoneState) => void;
  /** When the zone has to be woken or started, in Unix seconds; null takes it back. */
  readonly alarm: (zone: ZoneId, due: number | null) => void;
};
