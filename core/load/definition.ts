/** What a scenario is and what it is given: the page to read for whoever writes one. docs/load.md explains it. */
import type { Client, ConnectOptions } from '../client/client.ts';
import type { Json, JsonObject } from '../contract/content.ts';
import type { HttpReply, HttpRequest } from './http.ts';
import type { Random } from './random.ts';
import type { RequestError } from './request-error.ts';
import type { Thread } from './thread.ts';

/** Options of a scenario, `--with zone=farmyard/barn`, and what they are when nothing is said. */
export type Options = Readonly<Record<string, string | number>>;

/**
 * @typeParam Shared  What `prepare` gives to all players.
 * @typeParam Named   Its options.
 */
export type Scenario<Shared = unknown, Named extends Options = Options> = {
  /** A sentence for the report. */
  readonly doc: string;
  /** Steps a second of each player, when `--rate` says nothing [1]. */
  readonly rate?: number;
  readonly options?: Named;
  /** Once, before anybody comes. What it throws ends the run. */
  readonly prepare?: (run: Run<Named>) => Shared | Promise<Shared>;
  /** A player comes in: connects, enters, registers. When a request of it fails, it is tried again after a second. */
  readonly player: (player: Player<Named>, shared: Shared) => Behaviour | Promise<Behaviour>;
};

/** What a player does once it is in. */
export type Behaviour = {
  /**
   * Once for each beat of the rate; the next one begins when this one has ended. A request that fails ends it and is
   * counted; anything else that it throws is a fault of the scenario and ends the run.
   */
  readonly step: () => unknown;
  /** When the time is over, all players at once: waits for what is under way, takes leave. It has 30 seconds. */
  readonly end?: () => unknown;
};

/** A run, as `prepare` is given it. */
export interface Run<Named extends Options = Options> {
  /** Address of the server, without a slash at the end. */
  readonly url: string;
  readonly players: number;
  /** Steps a second of each player. */
  readonly rate: number;
  readonly options: Named;
  /** The same for the same `--seed`. */
  readonly random: Random;
  /** Ends the run when the server is not what the scenario needs. */
  fail(why: string): never;
  /** Any answer over HTTP, not counted; undefined when nothing answers. */
  look(request: HttpRequest): Promise<HttpReply | undefined>;
  /** Texts from one player to another, in order; what does not arrive until the end is lost, and fails the run. */
  thread(): Thread;
}

/** One player: a client of the server with connections of its own. */
export interface Player<Named extends Options = Options> {
  /** From 0. */
  readonly number: number;
  /** `load` and letters; another one in each run. */
  readonly name: string;
  readonly run: Run<Named>;
  readonly options: Named;
  /** Of this player; the same for the same `--seed`. */
  readonly random: Random;
  /** Aborted when the run gives up waiting. */
  readonly signal: AbortSignal;
  /** When the step at work was due, as `performance.now()` says it. */
  readonly dueMs: number;
  /** Connects over socket.io; counted as `connect`. @throws RequestError */
  connect(options?: Pick<ConnectOptions, 'token' | 'transports'>): Promise<Client>;
  /** Calls a method over that connection; counted under its name. @throws RequestError */
  call(method: string, params?: JsonObject): Promise<Json>;
  /**
   * Asks over HTTP; counted as `POST /rpc`, or as `as`.
   * @param judge  What is wrong with an answer; by default `http.503` for a status from 400 on.
   * @throws RequestError
   */
  request(
    request: HttpRequest & { readonly as?: string; readonly judge?: (reply: HttpReply) => RequestError | undefined },
  ): Promise<HttpReply & { readonly ms: number }>;
  /** Asks over the same connection, and counts nothing; undefined when nothing answers. */
  look(request: HttpRequest): Promise<HttpReply | undefined>;
  /** Counts any other work as a request. @throws RequestError when the work throws one, or a CallError */
  time<T>(as: string, work: () => Promise<T>): Promise<T>;
  /** Counts something that took so long and that nobody waited for, such as the way of a text. */
  took(as: string, ms: number): void;
  /** Counts an error that no request has. */
  error(code: string, message?: string): void;
  /** Counts anything; the report has the sum. */
  count(name: string, by?: number): void;
  /** The server says that it spent `ms` of the `ofMs` that a request took. */
  serverTook(ms: number, ofMs: number): void;
  /** Waits; ends early when the run gives up. */
  pause(ms: number): Promise<void>;
}
