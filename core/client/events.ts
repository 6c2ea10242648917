import type {
  ChatMessage,
  Delta,
  Entered,
  Notice,
  Snapshot,
  WatchMessage,
  WireEvent,
  ZoneMessage,
} from '../contract/protocol.ts';
import type { ChangedKey, Mirrored } from '../sync/mirror.ts';
import type { Place, Track } from './motion.ts';

/** An object in view, in metres and radians. */
export type MirrorObject = Mirrored & {
  /** Newest known place. */
  x: number;
  y: number;
  angle: number;
  /** Where to show it now; `client.frame()` moves it. */
  readonly drawn: Readonly<Place>;
  /** How `drawn` gets there; the client's own. */
  readonly track: Track;
};

type EventOf<Name extends WireEvent['ev']> = Extract<WireEvent, { ev: Name }>;

/** Everything `client.on` can listen to: name → what the listener is given. */
export type ClientEvents = {
  connect: [];
  /** `again` is false when the client will not connect again by itself. */
  disconnect: [{ readonly reason: string; readonly again: boolean }];
  /** An attempt to connect failed; `again` as above. */
  unreachable: [{ readonly reason: string; readonly again: boolean }];
  /** The character was taken back on a new connection. */
  resumed: [Entered];
  /** The client came into the zone anew by itself: the node was started again, or the grace was over. */
  returned: [Entered];
  snapshot: [Snapshot];
  delta: [Delta];
  zone: [ZoneMessage];
  notice: [Notice];
  chat: [ChatMessage];
  watch: [WatchMessage];
  say: [EventOf<'say'>];
  tell: [EventOf<'tell'>];
  ask: [EventOf<'ask'>];
  effect: [EventOf<'effect'>];
  emit: [EventOf<'emit'>];
  jump: [MirrorObject];
  appear: [MirrorObject];
  vanish: [MirrorObject];
  change: [MirrorObject, readonly ChangedKey[]];
};
