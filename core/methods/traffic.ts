/**
 * A line in the log for each connection and each call, while somebody wants to see them. What was in a call and in its answer is
 * nobody's to read there.
 */
import type { Log, Session } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';

export interface Traffic {
  /** Asked at every call, so that nothing is made while nobody looks. */
  on: boolean;
  opened(session: Session): void;
  closed(session: Session, reason: string): void;
  call(session: Session, method: string, answer: Answer, tookMs: number): void;
}

export function createTraffic(log: Log): Traffic {
  const traffic: Traffic = {
    on: false,
    opened(session) {
      if (traffic.on) log.info(of(session), 'session opened');
    },
    closed(session, reason) {
      if (traffic.on) log.info({ ...of(session), reason }, 'session closed');
    },
    call(session, method, answer, tookMs) {
      const outcome = answer.ok ? 'ok' : answer.error.code;
      log.info({ ...of(session), method, outcome, ms: Math.round(tookMs * 10) / 10 }, 'call');
    },
  };
  return traffic;
}

function of({ id, via, address, account, owner, zone }: Session) {
  return { session: id, via, address, account: account?.name ?? null, owner, zone };
}
