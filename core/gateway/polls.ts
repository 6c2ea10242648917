/** Sessions of plain HTTP: a character is kept by asking, until the grace time after the last request. */
import { type ErrorCode, HostError } from '../contract/errors.ts';
import type { Account, Clock, Presented } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Allowance, Allowances } from './allowances.ts';
import { Bucket } from './budget.ts';
import type { GatewayConfig } from './limits.ts';
import { onlyOutcome } from './logins.ts';
import type { Player } from './player.ts';
import type { Presence } from './presence.ts';
import { resumeLength } from './resume-tokens.ts';
import type { Caller } from './rpc-door.ts';
import { type Door, type LiveSession, refusal } from './session.ts';

export type PollsOptions = {
  readonly clock: Clock;
  readonly config: Pick<
    GatewayConfig,
    'graceS' | 'callsPerSecond' | 'callBurst' | 'callsInFlight' | 'connectionsPerAddress' | 'accountSessions'
  >;
  readonly presence: Presence;
  readonly allowances: Allowances;
  /** Whose token it is. @throws HostError that the caller is told */
  readonly authenticate: (presented: Presented) => Promise<Account | null>;
  /** Gives the session the character of a lost connection. @throws HostError when that is over */
  readonly takeBack: (session: LiveSession, player: Player) => Promise<void>;
  readonly open: (
    door: Door,
    from: Pick<Caller, 'address' | 'loopback' | 'page'>,
    player: Player,
    allowance: Allowance,
  ) => LiveSession;
  readonly close: (session: LiveSession, reason: string) => void;
  /** A call was refused before it was looked at. */
  readonly refused: (code: ErrorCode) => void;
};

/** Who asks: a guest by the token of its character, an account, a stranger; or why nobody. */
type Identified = { readonly player?: Player; readonly account?: Account } | { readonly refused: Answer };

type Budget = { readonly calls: Bucket; inFlight: number };

export class Polls {
  readonly #options: PollsOptions;
  readonly #sessions = new Set<LiveSession>();
  readonly #budgets = new Map<string, Budget>();

  constructor(options: PollsOptions) {
    this.#options = options;
  }

  /** The function that carries out the calls of one request. */
  caller(caller: Caller): (method: string, params: unknown) => Promise<Answer> {
    const { clock, config } = this.#options;
    const isStranger = caller.token === undefined && caller.cookie === undefined;
    let known: Identified | undefined;
    // A login may have ended with the call before; a guest's token changes when he enters, and he stays who he was.
    const who = async () => {
      if (known === undefined || 'account' in known) known = await this.#identify(caller);
      return known;
    };
    return async (method, params) => {
      const budget = this.#budgetOf(caller.address);
      if (!budget.calls.take(clock.monotonicMs())) return this.#refuse('call.too-fast');
      if (budget.inFlight >= config.callsInFlight) return this.#refuse('call.too-many');
      budget.inFlight += 1;
      try {
        const found: Identified = isStranger ? {} : await who();
        if ('refused' in found) return found.refused;
        const { account, player } = found;
        const session = account ? await this.#accountSession(caller, account) : this.#guestSession(caller, player);
        try {
          if (method === 'input') return toOutcome(session.input(params));
          let answered = refusal('call.failed');
          const take = (answer: Answer) => {
            answered = answer;
          };
          await session.call(method, params, take, caller.keep);
          return answered;
        } finally {
          this.#keep(session);
        }
      } finally {
        budget.inFlight -= 1;
      }
    };
  }

  /** Whose token it is, or whose cookie. */
  async #identify({ address, page, token, cookie }: Caller): Promise<Identified> {
    const { presence, authenticate } = this.#options;
    const player = token === undefined ? undefined : presence.findByToken(token);
    if (player !== undefined) return { player };
    const given = token ?? cookie;
    if (given === undefined) return {};
    const isCookie = token === undefined;
    try {
      const account = await authenticate({ token: given, via: 'http', address, page, cookie: isCookie });
      if (account !== null) return { account };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { refused: { ok: false, error: { code: error.code, message: error.message } } };
    }
    // An unknown token is an error, not a stranger: the caller would act as somebody else than it thinks. An old cookie
    // was sent by the browser, not by the caller.
    if (isCookie) return {};
    return { refused: refusal(given.length <= resumeLength ? 'session.unknown-resume' : 'session.unknown-token') };
  }

  /** The session that a login goes on with; else a new one. */
  async #accountSession(caller: Caller, account: Account): Promise<LiveSession> {
    const { presence, takeBack, config } = this.#options;
    const [there] = presence.ofAccount(account.id).filter(({ character }) => character !== null);
    // A connection is not spoken for by a request: what ends its login ends it too. With the cookie a login may do less than
    // with its token: what may do more is another session.
    const isSame = (session: LiveSession | undefined) =>
      session?.via === 'http' &&
      !session.closed &&
      isFrom(session, caller) &&
      session.account?.credential === account.credential &&
      session.account.trusted === account.trusted;
    const known = isSame(there?.session) ? there?.session : [...this.#sessions].find(isSame);
    const session = known ?? this.#open(caller, undefined);
    session.account = account;
    if (known !== undefined || there === undefined) return session;
    const isLost = there.session?.listens !== true;
    const isOurs = config.accountSessions === 'replace' || there.account?.credential === account.credential;
    // It is let in again where it stands, or is put away.
    if (isLost && isOurs) await takeBack(session, there).catch(onlyOutcome);
    // What plays over a connection is seen, and left where it is.
    else session.player = there;
    return session;
  }

  /** A guest's connection is spoken for by requests from where it is; from elsewhere they have none of its rights. */
  #guestSession(caller: Caller, player: Player | undefined): LiveSession {
    const there = player?.session;
    if (there !== undefined && isFrom(there, caller)) return there;
    if (there?.listens !== true) return this.#open(caller, player);
    const session = this.#open(caller, undefined);
    session.player = player as Player;
    return session;
  }

  /** @throws HostError session.too-many when its address keeps as many sessions over HTTP as it may */
  checkRoom(session: LiveSession): void {
    if (session.via !== 'http' || this.#sessions.has(session)) return;
    let kept = 0;
    for (const { address } of this.#sessions) if (address === session.address) kept += 1;
    if (kept >= this.#options.config.connectionsPerAddress) throw new HostError('session.too-many');
  }

  #refuse(code: ErrorCode): Answer {
    this.#options.refused(code);
    return refusal(code);
  }

  /** Once a second: ends those that stopped asking. */
  sweep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const session of this.#sessions) {
      if (session.zone !== null && session.player.session !== session) this.#end(session, 'replaced');
      else if (nowMs - session.lastMs > this.#options.config.graceS * 1000) {
        void this.#options.presence.leave(session).finally(() => this.#end(session, 'stopped asking'));
      }
    }
    for (const [address, { calls, inFlight }] of this.#budgets) {
      if (inFlight === 0 && calls.isFull(nowMs)) this.#budgets.delete(address);
    }
  }

  #open(caller: Caller, player: Player | undefined): LiveSession {
    const { open, presence, allowances, clock } = this.#options;
    // Calls over HTTP share one budget per address.
    const allowance = allowances.create(clock.monotonicMs());
    const session = open(silent, caller, player ?? presence.createPlayer(), allowance);
    if (player !== undefined) {
      clearTimeout(player.grace);
      player.session = session;
    }
    return session;
  }

  /** A session that plays somebody waits for the next request; any other ends with this one. */
  #keep(session: LiveSession): void {
    if (session.via !== 'http' || session.closed) return;
    const { player, zone } = session;
    const plays = zone === null ? player.kept : player.session === session;
    if (plays) this.#sessions.add(session);
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

/** Whether a session was opened by who asks now: its address and what it may do are theirs. */
function isFrom(session: LiveSession, { address, loopback, page }: Caller): boolean {
  return session.address === address && session.loopback === loopback && session.page === page;
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
