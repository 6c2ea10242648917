/**
 * How often a password may be wrong. What is counted lives in memory, bounded; names that nobody has count like others, so
 * that being throttled tells nothing.
 *
 * Guessing must not lock the owner out: where he has logged in before, only what was wrong from there counts.
 */
import { HostError } from 'roost/plugin';
import { createWindow } from './_window.ts';

export type Attempt = {
  /** Name without case, as somebody typed it. */
  readonly key: string;
  readonly address: string;
  /** The owner has logged in from this address before. */
  readonly known: boolean;
};

export type Throttle = {
  /** @throws HostError auth.throttled with `retryS` */
  admit(attempt: Attempt): void;
  failed(attempt: Attempt): void;
  succeeded(attempt: Attempt): void;
  /** Counts a new account of an address. @throws HostError auth.throttled with `retryS` */
  admitNew(address: string): void;
};

const tenMinutes = 600;
const keys = 20_000;

/** @param now  Monotonic seconds. */
export function createThrottle(now: () => number): Throttle {
  const pairs = createWindow({ most: 10, seconds: tenMinutes, keys });
  const names = createWindow({ most: 20, seconds: tenMinutes, keys });
  const addresses = createWindow({ most: 30, seconds: tenMinutes, keys });
  const registrations = createWindow({ most: 60, seconds: 3_600, keys });

  return {
    admit(attempt) {
      const at = now();
      const { key, address, known } = attempt;
      refuseFor(
        Math.max(pairs.waitS(toPair(attempt), at), addresses.waitS(address, at), known ? 0 : names.waitS(key, at)),
      );
    },
    failed(attempt) {
      const at = now();
      pairs.add(toPair(attempt), at);
      addresses.add(attempt.address, at);
      if (!attempt.known) names.add(attempt.key, at);
    },
    // What others have guessed from elsewhere still counts, and so does what was guessed from there about others.
    succeeded: (attempt) => pairs.clear(toPair(attempt)),
    admitNew(address) {
      const at = now();
      refuseFor(registrations.waitS(address, at));
      registrations.add(address, at);
    },
  };
}

function toPair({ key, address }: Attempt): string {
  return `${key} ${address}`;
}

function refuseFor(seconds: number): void {
  const retryS = Math.ceil(seconds);
  if (retryS <= 0) return;
  throw new HostError('auth.throttled', `Tried too often: wait ${retryS} seconds`, { retryS });
}
