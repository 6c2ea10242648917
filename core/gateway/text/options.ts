/** What the text port needs of the gateway. */
import type { ErrorCode } from '../../contract/errors.ts';
import type { Clock, Log } from '../../contract/ports.ts';
import type { Plan } from '../../shell/door.ts';
import type { Addresses } from '../addresses.ts';
import type { Allowance, Allowances } from '../allowances.ts';
import type { GatewayConfig } from '../limits.ts';
import type { Peer, Peers } from '../peers.ts';
import type { Door, LiveSession } from '../session.ts';

export type TextOptions = {
  readonly limits: Pick<
    GatewayConfig,
    'textMost' | 'textPerAddress' | 'textIdleMs' | 'textPeopleIdleMs' | 'sessions' | 'slowBytes'
  >;
  readonly peers: Peers;
  readonly addresses: Addresses;
  readonly allowances: Allowances;
  readonly clock: Clock;
  readonly log: Log;
  /** Version of Roost. */
  readonly version: string;
  /** Sessions that are open over other connections. */
  readonly others: () => number;
  /** What everybody may know of a zone's map. */
  readonly plan: (zone: string) => Plan | undefined;
  /** Frame units of a metre there. */
  readonly metre: (zone: string) => number;
  /** Somebody has said what he is, and perhaps whose token he has. */
  readonly open: (opening: TextOpening) => LiveSession;
  /** A session presents a token; its calls wait until it is known whose that is. */
  readonly present: (session: LiveSession, token: string) => void;
  /** Takes the character out of the game at once. */
  readonly leave: (session: LiveSession) => Promise<void>;
  readonly closed: (session: LiveSession, reason: string) => void;
  readonly wrote: (bytes: number) => void;
  readonly read: (bytes: number) => void;
  /** A line was answered unread. */
  readonly refused: (code: ErrorCode) => void;
};

/** A connection that becomes a session. */
export type TextOpening = {
  readonly door: Door;
  readonly peer: Peer;
  readonly allowance: Allowance;
  readonly token: string | undefined;
};
