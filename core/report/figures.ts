/** What the metrics are written from: everything about a node as it is at one moment. Counters count from its start. */
import type { Spread } from '../contract/buckets.ts';
import type { LoopFigures } from './loop-delay.ts';

export type Figures = {
  readonly version: string;
  readonly zones: readonly ZoneFigures[];
  readonly heaps: readonly HeapFigures[];
  /** Zones by where they stand: `running`, `asleep`, … */
  readonly states: readonly (readonly [state: string, zones: number])[];
  readonly scripts: readonly ScriptFigures[];
  readonly calls: readonly CallFigures[];
  readonly gateway: GatewayFigures;
  readonly flush: FlushFigures;
  readonly workers: WorkerFigures;
  readonly queues: QueueFigures;
  readonly loop: LoopFigures;
};

/** `zone` is a label: an id, one without its owner (`farmyard/hut@*`), or `other` for all that are not told apart. */
export type ZoneFigures = {
  readonly zone: string;
  readonly took: Spread;
  readonly late: Spread;
  readonly frames: number;
  readonly dropped: number;
};

/** Of the loaded zones of a label, together. */
export type HeapFigures = {
  readonly zone: string;
  readonly bytes: number;
  readonly objects: number;
  readonly players: number;
};

export type ScriptFigures = {
  readonly game: string;
  readonly kind: string;
  readonly build: string;
  readonly seconds: number;
};

export type CallFigures = {
  /** A method that there is, or `unknown`. */
  readonly method: string;
  /** `ok`, a code, or `other`. */
  readonly codes: readonly (readonly [code: string, calls: number])[];
  readonly took: Spread;
};

export type GatewayFigures = {
  readonly sockets: number;
  readonly texts: number;
  readonly https: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly packetsOut: number;
  readonly resyncs: number;
  readonly eventsDropped: number;
  readonly refused: readonly (readonly [code: string, times: number])[];
  readonly disconnects: readonly (readonly [reason: string, times: number])[];
  /** Bytes that clients have not taken yet. */
  readonly bytesWaiting: number;
  readonly callsInFlight: number;
};

export type FlushFigures = {
  /** Seconds of a transaction with its wait for the writer, and from a tick to the commit of what it changed. */
  readonly took: Spread;
  readonly lag: Spread;
  readonly rows: number;
  readonly failed: number;
  /** Zones with changes that are being written or wait for it. */
  readonly waiting: number;
  /** Longest time, of all zones, that nothing could be written. */
  readonly stuckS: number;
};

export type WorkerFigures = {
  readonly processes: readonly {
    readonly worker: number;
    readonly rss: number;
    readonly cpu: number;
    readonly queuedBytes: number;
  }[];
  readonly states: readonly (readonly [state: string, workers: number])[];
  /** Workers that ended without being asked to. */
  readonly ended: number;
};

export type QueueFigures = {
  /** Requests that wait for a zone to run, and those that a worker has. */
  readonly waiting: number;
  readonly handed: number;
  /** Transactions that wait for the one writer, with the one that runs. */
  readonly transactions: number;
};

/** Upper bounds in seconds. */
export const callBounds: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
export const flushBounds: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
