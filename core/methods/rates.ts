/**
 * How often a session may call a method: a token bucket each, and the faults its own calls have caused.
 *
 * A reconnect renews nothing: what a closed session had used up waits at its address for the next session from there.
 * Calls over HTTP share one budget per address.
 */
import type { Rate } from '../contract/plugin.ts';
import type { Clock, Session } from '../contract/ports.ts';

type Use = {
  tokens: number;
  /** Monotonic milliseconds of the last refill. */
  at: number;
  rate: Rate;
  /** Monotonic milliseconds of recent faults. */
  faults: number[];
  blockedUntil: number;
};
type Budget = Map<string, Use>;

/** After so many faults within the time, the session may not call the method for the time. */
const faultsMost = 5;
const faultTimeMs = 60_000;
const sweepEveryMs = 60_000;
/** Budgets that wait at one address. */
const leftMost = 64;

export interface Rates {
  /** False when the session is over the rate, or blocked on this method. */
  take(session: Session, method: string, rate: Rate): boolean;
  /** Counts a fault that a call of this session caused. */
  charge(session: Session, method: string): void;
  /** The session is gone. */
  close(session: Session): void;
}

export function createRates(clock: Clock): Rates {
  const budgets = new Map<string, Budget>();
  const left = new Map<string, Budget[]>();
  let sweptAt = clock.monotonicMs();

  function budgetOf(session: Session): Budget {
    const key = keyOf(session);
    let budget = budgets.get(key);
    if (!budget) {
      sweep();
      budget = left.get(session.address)?.shift() ?? new Map();
      budgets.set(key, budget);
    }
    return budget;
  }

  /** Forgets what has recovered. Budgets of sessions that are still open are made again when they are needed. */
  function sweep(): void {
    const now = clock.monotonicMs();
    if (now - sweptAt < sweepEveryMs) return;
    sweptAt = now;
    for (const [key, budget] of budgets) if (isWhole(budget, now)) budgets.delete(key);
    for (const [address, waiting] of left) {
      const spent = waiting.filter((budget) => !isWhole(budget, now));
      if (spent.length === 0) left.delete(address);
      else left.set(address, spent);
    }
  }

  return {
    take(session, method, rate) {
      const use = useOf(budgetOf(session), method, rate, clock.monotonicMs());
      if (use.blockedUntil > use.at || use.tokens < 1) return false;
      use.tokens -= 1;
      return true;
    },
    charge(session, method) {
      const now = clock.monotonicMs();
      const use = budgetOf(session).get(method);
      if (!use) return;
      use.faults = [...use.faults.filter((at) => now - at < faultTimeMs), now];
      if (use.faults.length < faultsMost) return;
      use.faults = [];
      use.blockedUntil = now + faultTimeMs;
    },
    close(session) {
      if (session.via === 'http') return;
      const budget = budgets.get(session.id);
      budgets.delete(session.id);
      if (!budget || isWhole(budget, clock.monotonicMs())) return;
      const waiting = left.get(session.address) ?? [];
      if (waiting.length < leftMost) left.set(session.address, [...waiting, budget]);
    },
  };
}

function keyOf(session: Session): string {
  return session.via === 'http' ? `http ${session.address}` : session.id;
}

function useOf(budget: Budget, method: string, rate: Rate, now: number): Use {
  let use = budget.get(method);
  if (!use) {
    use = { tokens: rate.burst, at: now, rate, faults: [], blockedUntil: 0 };
    budget.set(method, use);
  }
  use.tokens = refilled(use, rate, now);
  use.at = now;
  use.rate = rate;
  return use;
}

function refilled(use: Use, rate: Rate, now: number): number {
  return Math.min(rate.burst, use.tokens + ((now - use.at) / 1000) * rate.perSecond);
}

function isWhole(budget: Budget, now: number): boolean {
  for (const use of budget.values()) {
    const faulty = use.blockedUntil > now || use.faults.some((at) => now - at < faultTimeMs);
    if (faulty || refilled(use, use.rate, now) < use.rate.burst) return false;
  }
  return true;
}
