/** What a run has counted: times, errors, texts. Every player writes into the one book of its run. */
import { Latencies } from './latency.ts';
import { type TextCounts, Thread } from './thread.ts';
import { Timeline } from './timeline.ts';

/** One sort of request, such as a method. */
export type Operation = {
  /** Within the measured time. */
  readonly measured: Latencies;
  /** While clients came. */
  readonly before: Latencies;
  /** Of the whole run. */
  errors: number;
};

/** One code of error. */
export type Failure = {
  count: number;
  /** Numbers of the players that saw it. */
  readonly players: Set<number>;
  /** What was said the first time. */
  readonly message: string;
};

/** Sorts, codes and counts that are told apart: names may hold what a server sent. More count as `(others)`. */
const namesMost = 100;
const others = '(others)';

export class Book {
  readonly operations = new Map<string, Operation>();
  readonly all = new Latencies();
  /** How long requests took that failed: apart from the others, since a refusal is quick. */
  readonly failed = new Latencies();
  /** What the server says that it took, and the rest of the same requests. */
  readonly server = new Latencies();
  readonly network = new Latencies();
  readonly failures = new Map<string, Failure>();
  readonly counts = new Map<string, number>();
  readonly texts: TextCounts = { sent: 0, received: 0, lost: 0, repeated: 0, reordered: 0, changed: 0, cutOff: 0 };
  readonly timeline: Timeline;
  /** Requests that were answered well within the measured time, and errors of the whole run. */
  requests = 0;
  errors = 0;
  /** Steps that were due and not made: the player still waited for an answer. */
  stepsMissed = 0;
  /** Times count: everybody has come. Errors and texts count always. */
  isMeasuring = false;
  readonly #threads = new Set<Thread>();

  constructor(nowMs: () => number) {
    this.timeline = new Timeline(nowMs);
  }

  /** A request was answered well after so long. */
  answered(name: string, ms: number): void {
    this.timeline.answered(ms);
    this.took(name, ms);
    if (!this.isMeasuring) return;
    this.requests += 1;
    this.all.add(ms);
  }

  /** Something took so long that is no request. */
  took(name: string, ms: number): void {
    const { measured, before } = this.#operation(name);
    (this.isMeasuring ? measured : before).add(ms);
  }

  /** A request failed after so long; which error it was is counted by `error`. */
  failedAfter(ms: number): void {
    if (this.isMeasuring) this.failed.add(ms);
  }

  error(given: string, message: string, player: number, name?: string): void {
    const code = toLine(given, 60);
    const known = this.failures.size < namesMost || this.failures.has(code) ? code : others;
    const failure = this.failures.get(known) ?? { count: 0, players: new Set<number>(), message: toLine(message, 200) };
    this.failures.set(known, failure);
    failure.count += 1;
    failure.players.add(player);
    this.errors += 1;
    this.timeline.failed(known);
    if (name !== undefined) this.#operation(name).errors += 1;
  }

  count(name: string, by = 1): void {
    const known = this.counts.size < namesMost || this.counts.has(name) ? name : others;
    this.counts.set(known, (this.counts.get(known) ?? 0) + by);
  }

  /** @param ofMs  How long the whole of it took. */
  serverTook(ms: number, ofMs: number): void {
    if (!this.isMeasuring) return;
    this.server.add(ms);
    this.network.add(Math.max(0, ofMs - ms));
  }

  /** Texts from one player to another. */
  thread(): Thread {
    const thread = new Thread(this.texts);
    this.#threads.add(thread);
    return thread;
  }

  /** The run is over: what has not arrived is lost, or cut off where nobody waited for it. */
  close(isCut = false): void {
    for (const thread of this.#threads) isCut ? thread.cut() : thread.close();
    this.timeline.close();
  }

  #operation(name: string): Operation {
    const known = this.operations.size < namesMost || this.operations.has(name) ? name : others;
    const operation = this.operations.get(known) ?? { measured: new Latencies(), before: new Latencies(), errors: 0 };
    this.operations.set(known, operation);
    return operation;
  }
}

/** What a server said, in one line that does no harm to a terminal. */
function toLine(text: string, most: number): string {
  const line = text.replace(/\p{C}+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
