/** What went through the gateway since the node started, for the metrics. */
import type { ErrorCode } from '../contract/errors.ts';
import type { GatewayFigures } from '../report/figures.ts';
import type { Fanout } from './fanout.ts';
import type { LiveSession } from './session.ts';

export class Counts {
  bytesIn = 0;
  bytesOut = 0;
  packetsOut = 0;
  readonly #refused = new Map<ErrorCode, number>();
  readonly #disconnects = new Map<string, number>();

  /** A call, a packet or a line was refused unread. */
  refused(code: ErrorCode): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  disconnected(reason: string): void {
    this.#disconnects.set(reason, (this.#disconnects.get(reason) ?? 0) + 1);
  }

  /** Sessions that ended, by reason. */
  disconnects(): Record<string, number> {
    return Object.fromEntries(this.#disconnects);
  }

  figures(sessions: Iterable<LiveSession>, fanout: Pick<Fanout, 'resyncs' | 'eventsDropped'>): GatewayFigures {
    const all = [...sessions];
    const over = (via: LiveSession['via']) => all.filter((session) => session.via === via).length;
    const { bytesIn, bytesOut, packetsOut } = this;
    return {
      ...{ sockets: over('socket'), texts: over('text'), https: over('http') },
      ...{ bytesIn, bytesOut, packetsOut, resyncs: fanout.resyncs, eventsDropped: fanout.eventsDropped },
      refused: [...this.#refused],
      disconnects: [...this.#disconnects],
      bytesWaiting: all.reduce((sum, session) => sum + session.waitingBytes(), 0),
      callsInFlight: all.reduce((sum, session) => sum + session.inFlight, 0),
    };
  }
}
