/** Sessions of plain HTTP: a character is kept by asking, until the grace time after the last request. */
import type { ErrorCode } from '../contract/errors.ts';
import type { Clock } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Allowance, Allowances } from './allowances.ts';
import { Bucket } from './budget.ts';
import type { GatewayConfig } from './limits.ts';
import type { Player } from './player.ts';
import type { Presence } from './presence.ts';
import type { Caller } from './rpc-door.ts';
import { type Door, type LiveSession, refusal } from './session.ts';

export type PollsOptions = {
  readonly clock: Clock;
  readonly config: Pick<
    GatewayConfig,
    'graceS' | 'callsPerSecond' | 'callBurst' | 'callsInFlight' | 'connectionsPerAddress'
  >;
  readonly presence: Presence;
  readonly allowances: Allowances;
  readonly open: (
    door: Door,
    address: string,
    loopback: boolean,
    player: Player,
    allowance: Allowance,
    operator: boolean,
  ) => LiveSession;
  readonly close: (session: LiveSession, reason: string) => void;
  /** A call was refused before it was looked at. */
  readonly refused: (code: ErrorCode) => void;
};

type Budget = { readonly calls: Bucket; inFlight: number };

export class Polls {
  readonly #options: PollsOptions;
  readonly #sessions = new Set<LiveSession>();
  readonly #budgets = new Map<string, Budget>();

  constructor(options: PollsOptions) {
    this.#options = options;
  }

  /** The function that carries out the calls of one request. */
  caller({ address, loopback, page, token }: Caller): (method: string, params: unknown) => Promise<Answer> {
    const { presence, clock, config } = this.#options;
    const player = token === undefined ? undefined : presence.findByToken(token);
    // An unknown token is an error, not a stranger: the caller would act as somebody else than it thinks.
    if (token !== undefined && player === undefined) return async () => refusal('session.unknown-resume');
    return async (method, params) => {
      const budget = this.#budgetOf(address);
      if (!budget.calls.take(clock.monotonicMs())) return this.#refuse('call.too-fast');
      if (budget.inFlight >= config.callsInFlight) return this.#refuse('call.too-many');
      budget.inFlight += 1;
      const session = player?.session ?? this.#open(address, loopback, loopback && !page, player);
      try {
        if (method === 'input') return toOutcome(session.input(params));
        let answered = refusal('call.failed');
        await session.call(method, params, (answer) => {
          answered = answer;
        });
        return answered;
      } finally {
        budget.inFlight -= 1;
        this.#keep(session);
      }
    };
  }

  #refuse(code: ErrorCode): Answer {
    this.#options.refused(code);
    return refusal(code);
  }

  /** Once a second: ends those that stopped asking. */
  sweep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const session of this.#sessions) {
      if (session.player.session !== session) this.#end(session, 'replaced');
      else if (nowMs - session.lastMs > this.#options.config.graceS * 1000) {
        void this.#options.presence.leave(session).finally(() => this.#end(session, 'stopped asking'));
      }
    }
    for (const [address, { calls, inFlight }] of this.#budgets) {
      if (inFlight === 0 && calls.isFull(nowMs)) this.#budgets.delete(address);
    }
  }

  #open(address: string, loopback: boolean, operator: boolean, player: Player | undefined): LiveSession {
    const { open, presence, allowances, clock } = this.#options;
    // Calls over HTTP share one budget per address.
    const allowance = allowances.create(clock.monotonicMs());
    const session = open(silent, address, loopback, player ?? presence.createPlayer(), allowance, operator);
    if (player !== undefined) {
      clearTimeout(player.grace);
      player.session = session;
    }
    return session;
  }

  /** A session that entered a zone waits for the next request; any other ends with this one. */
  #keep(session: LiveSession): void {
    if (session.via !== 'http' || session.closed) return;
    if (session.zone !== null && session.player.session === session) this.#sessions.add(session);
    else this.#end(session, 'request ended');
  }

  #end(session: LiveSession, reason: string): void {
    this.#sessions.delete(session);
    this.#options.close(session, reason);
  }

  #budgetOf(address: string): Budget {
    const { callsPerSecond, callBurst } = this.#options.config;
    const nowMs = this.#options.clock.monotonicMs();
    const budget = this.#budgets.get(address) ?? { calls: new Bucket(callsPerSecond, callBurst, nowMs), inFlight: 0 };
    this.#budgets.set(address, budget);
    return budget;
  }
}

/** Of an input: what was wrong with it, if anything. */
function toOutcome(wrong: ErrorCode | undefined): Answer {
  return wrong === undefined ? { ok: true, result: null } : refusal(wrong);
}

/** Nothing listens: what is sent to such a session is asked for by it, or is lost. */
const silent: Door = {
  via: 'http',
  form: 'plain',
  send() {},
  write: undefined,
  waitingBytes: () => 0,
  close() {},
};
