/**
 * Sessions that asked for `watch` messages, in development. They tell paths and lines of code: nothing for strangers, also
 * where a node in development is open to the world.
 */
import { HostError } from '../contract/errors.ts';
import type { Off, Reports, Session } from '../contract/ports.ts';
import type { WatchMessage } from '../contract/protocol.ts';

export type Watchers = {
  /** Twice is once. @throws HostError host.dev-only, call.forbidden for a session that nothing can be sent to */
  readonly add: (session: Session) => void;
  readonly remove: (session: Session) => void;
  readonly start: () => Off;
};

export function createWatchers(reports: Reports, dev: boolean): Watchers {
  const sessions = new Set<Session>();
  return {
    add(session) {
      if (!dev || !(session.loopback || session.has('build'))) throw new HostError('host.dev-only');
      if (session.via !== 'socket' && session.via !== 'text')
        throw new HostError('call.forbidden', 'Only a connection can be sent messages');
      sessions.add(session);
    },
    remove: (session) => void sessions.delete(session),
    start: () =>
      reports.onWatch((message: WatchMessage) => {
        for (const session of sessions) session.send('watch', message);
      }),
  };
}
