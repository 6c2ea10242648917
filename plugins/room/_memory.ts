/** The rooms that there are. They live as long as somebody is in them; a new build of the plugin takes them over by the table. */
import { perNode } from 'roost/plugin';

/** Who plays a character; the same over reconnects within the grace time. */
export type Member = {
  readonly owner: string;
  readonly name: string;
  /** For its avatar; not for other players. */
  readonly account: string | null;
  /** Of the connection it was seen on last. */
  session: string;
};

export type Room = {
  readonly name: string;
  /** Account, or address of the guest, that made it; null for a bot's. */
  readonly by: string | null;
  /** Not in the list. */
  readonly hidden: boolean;
  /** By owner, in the order in which they came. */
  readonly members: Map<string, Member>;
  bot: RoomBot | null;
};

/** The program that is the room's logic. */
export type RoomBot = { readonly session: string; readonly name: string; readonly account: string | null };

/** By name. */
export type Rooms = Map<string, Room>;

/** Of the node whose host it is: several may live in one process. */
export const roomsOf = perNode<Rooms>(() => new Map());
