/** What the load generator needs of a client, whichever server it speaks to. */

/** A thing in view, in metres. */
export type Seen = { readonly id: string; readonly x: number; readonly y: number };

export type Counts = {
  /** State messages: deltas, patches. */
  messages: number;
  /** Bytes of the WebSocket messages that carried them. */
  bytes: number;
  /** Bytes of the newest of them. */
  last: number;
  /** Number of the last tick that was heard of; messages where the server does not number its ticks. */
  tick: number;
};

export interface LoadClient {
  /** How others see its character. */
  readonly id: string;
  readonly counts: Counts;
  /** Wants to go there: −1 to 1. */
  input(seq: number, x: number, y: number): void;
  /** Everything in view, its own character too; empty when it does not decode. */
  view(): readonly Seen[];
  /** Leaves, so that the server forgets it. */
  close(): Promise<void>;
}

/** Called when something is wrong that makes the measurement worthless. */
export type Fail = (why: string) => void;

export type LoadOptions = {
  readonly kind: 'roost' | 'colyseus' | 'floor';
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  /** Zone or room to enter. */
  readonly place: string;
  readonly clients: number;
  readonly inputsPerSecond: number;
  /** How far one walks in a second. */
  readonly metresPerSecond: number;
  /** Every so-manieth client decodes what it gets; all others count it. */
  readonly decodeEvery: number;
  /** Clients that are let in at a time. */
  readonly joinAtOnce: number;
};

/** What the load generator counted between `begin` and `end`. */
export type LoadReport = {
  readonly seconds: number;
  readonly clients: number;
  readonly messages: number;
  readonly bytes: number;
  /** Ticks of the server, by the median client. */
  readonly ticks: number;
  /** Inputs sent. */
  readonly inputs: number;
  /** Mean number of things in view, over the decoding clients and all looks. */
  readonly inView: number;
  /** Metres a second that the decoding clients saw themselves walk, in the mean. */
  readonly walked: number;
  /** Milliseconds from the server's stamp to here, where it stamps. */
  readonly latencyMs: { readonly count: number; readonly p50: number; readonly p99: number; readonly most: number };
  /** Sizes of messages as they came, at most 2,000 of them. */
  readonly sizes: readonly number[];
  /** CPU of the load generator, as a part of one core. */
  readonly ownCpu: number;
  /** Longest time that the load generator was late, in milliseconds. */
  readonly lateMs: number;
};

/** What was compared when the views were checked against where everybody is. */
export type ViewCheck = {
  readonly clients: number;
  /** Things seen whose own client says where they are. */
  readonly pairs: number;
  /** Metres between where one is seen and where it is by its own account: the largest, and the mean. */
  readonly worst: number;
  readonly mean: number;
  /** Pairs within the radius. */
  readonly near: number;
  /** Of those, not seen. */
  readonly missing: number;
};

/** Parent → load generator. */
export type LoadAsk =
  | { readonly ask: 'begin' }
  | { readonly ask: 'end' }
  | { readonly ask: 'check'; readonly radius: number }
  | { readonly ask: 'more'; readonly clients: number }
  | { readonly ask: 'stop' };

/** Load generator → parent. */
export type LoadAnswer =
  | { readonly say: 'ready'; readonly clients: number }
  | { readonly say: 'began' }
  | { readonly say: 'report'; readonly report: LoadReport }
  | { readonly say: 'checked'; readonly check: ViewCheck }
  | { readonly say: 'stopped' }
  | { readonly say: 'failed'; readonly why: string };
