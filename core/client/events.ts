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
  /** As they came, once the mirror has them. */
  snapshot: [Snapshot];
  delta: [Delta];
  /** The zone runs, recovers, is another one, or is closed. */
  zone: [ZoneMessage];
  /** Why the server is about to end the connection, or something that one should know. */
  notice: [Notice];
  /** Rooms, whispers, texts of the server; what is said near by is `say`. */
  chat: [ChatMessage];
  /** In development, after `host.watch`. */
  watch: [WatchMessage];
  /** Of a delta, one by one: docs/protocol.md, "Events". */
  say: [EventOf<'say'>];
  tell: [EventOf<'tell'>];
  ask: [EventOf<'ask'>];
  effect: [EventOf<'effect'>];
  emit: [EventOf<'emit'>];
  /** It is somewhere else at once. */
  jump: [MirrorObject];
  /** It came into view. */
  appear: [MirrorObject];
  /** It left the view, or the world. */
  vanish: [MirrorObject];
  /** Some of its properties are others; `place` is `x`, `y` and `angle`. */
  change: [MirrorObject, readonly ChangedKey[]];
};
