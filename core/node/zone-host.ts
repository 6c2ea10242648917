/** What a zone is given by the node around it. */
import type { Caution, Frame, ObjectRow, TimerRow, ZoneId } from '../contract/link.ts';
import type { Clock, Log, Reports, Tracing, ZoneState } from '../contract/ports.ts';
import type { SavedMove, Store } from '../store/store.ts';
import type { Builds } from './builds.ts';
import type { Gate } from './gate.ts';
import type { Judge } from './judge.ts';
import type { Keeper } from './keeper.ts';
import type { LoadedContent } from './run.ts';
import type { Swaps } from './swaps.ts';
import type { Worker } from './worker.ts';

export type ZoneLimits = {
  readonly startMs: number;
  /** Resident memory at which a worker ends. */
  readonly workerBytes: number;
  readonly sleepAfterMs: number;
  readonly unloadAfterMs: number;
  /** A request not answered by then is a `call.timeout`. */
  readonly askMs: number;
  /** Requests of one owner that wait while the zone does not run, and how long they do. */
  readonly waitingEach: number;
  readonly waitingMs: number;
  readonly objectsMost: number;
  /** A build whose first so many milliseconds went well is a good one. */
  readonly probationMs: number;
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
  readonly tracing?: Tracing | undefined;
  readonly limits: ZoneLimits;
  readonly store: Pick<Store, 'openZone' | 'takeIds'>;
  readonly keeper: Keeper;
  /** Recoveries and starts by timers go through it. */
  readonly gate: Gate;
  /** @throws HostError zone.unknown, zone.failed */
  readonly load: (zone: ZoneId) => Promise<LoadedContent>;
  readonly builds: Builds;
  readonly judge: Judge;
  readonly swaps: Swaps;
  /** Which builds may run has changed: every zone gets what it is to run now. */
  readonly scriptsChanged: () => void;
  /** The worker for one more zone; one of its own for a zone that is not trusted. @throws HostError zone.unavailable */
  readonly place: (zone: ZoneId, caution: Caution) => Promise<Worker>;
  /** The zone is no longer there: a worker of its own is given up. */
  readonly leave: (worker: Worker) => void;
  readonly publishFrame: (frame: Frame['pub']) => void;
  readonly publishState: (state: ZoneState) => void;
  /** Nothing of a zone has to be kept in memory any more. */
  readonly forget: (zone: ZoneId) => void;
  /** When the zone has to be woken or started, in Unix seconds; null takes it back. */
  readonly alarm: (zone: ZoneId, due: number | null) => void;
  /** Somebody looks at it. */
  readonly attended: (zone: ZoneId) => void;
};
