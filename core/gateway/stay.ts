/** How long a session may stay. */
import type { ErrorCode } from '../contract/errors.ts';
import { isLetIn } from '../contract/let-in.ts';
import type { Account, Clock } from '../contract/ports.ts';
import type { GatewayConfig } from './limits.ts';
import type { LiveSession } from './session.ts';

export type StayLimits = Pick<GatewayConfig, 'idleSessionS' | 'guestMs' | 'silentMs'>;

/** Why it may not stay any longer; undefined when it may. */
export function whyNotStay(session: LiveSession, limits: StayLimits, clock: Clock): ErrorCode | undefined {
  const { account, zone, player, watching } = session;
  const nowMs = clock.monotonicMs();
  const isUnused = account === null && zone === null && watching === null;
  if (isUnused && nowMs - session.idleSinceMs > limits.idleSessionS * 1000) return 'session.idle';
  if (session.resuming === undefined && lacksPlace(session, account)) return 'session.full';
  if (account?.until != null && account.until < clock.now()) return 'session.logged-out';
  if (limits.guestMs > 0 && account === null && zone !== null && nowMs - player.bornMs > limits.guestMs)
    return 'session.time-over';
  return limits.silentMs > 0 && nowMs - session.lastMs > limits.silentMs ? 'session.silent' : undefined;
}

/** It came when the node was full, and nothing lets it in all the same. */
export function lacksPlace({ crowded }: LiveSession, account: Account | null): boolean {
  return crowded && !isLetIn(account, 'priority');
}
