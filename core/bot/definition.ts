import type { Client } from '../client/client.ts';
import type { Json, JsonObject } from '../contract/content.ts';

/** Somebody in the bot's room, as the server knows him. */
export type Member = {
  /** Id of his session: who `bot.send(…, to)` is meant for. Another one after a reconnect. */
  readonly session: string;
  readonly name: string;
  /** The same over reconnects: `guest:<16 hex>`, or `character:<16 hex>` of an account. Keep scores by it. */
  readonly owner: string;
};

/** What somebody sent. `from` is what the server knows of him, never what his client claims. */
export type Message =
  /** Said in the room that the bot is the logic of; or sent to the bot alone by `room.tell`, as `data` (then `text` is empty). */
  | {
      readonly to: 'room';
      readonly room: string;
      readonly from: Member;
      readonly text: string;
      readonly data: JsonObject | null;
    }
  /** Said within hearing of the character that the bot plays. */
  | { readonly to: 'zone'; readonly room: null; readonly from: Speaker; readonly text: string; readonly data: null }
  /** Whispered to the character that the bot plays. */
  | { readonly to: 'bot'; readonly room: null; readonly from: Speaker; readonly text: string; readonly data: null };

/** Whom the bot's character heard. */
export type Speaker = { readonly name: string };

/** What a bot can do, as its callbacks are given it. */
export interface Bot {
  /** The room it is the logic of, or null. */
  readonly room: string | null;
  /** The connection underneath, to see and act as a character does: docs/protocol.md. */
  readonly client: Client;
  /** Says a line, or sends data, to everybody in the room; with `to` to that member alone. @throws CallError */
  send(what: string | JsonObject, to?: Member): Promise<void>;
  /** Who is in the room. @throws CallError */
  members(): Promise<readonly Member[]>;
  /** Calls any method that a bot may call. @throws CallError */
  call(method: string, params?: JsonObject): Promise<Json>;
}

/** Where a bot works: in a room, in a zone, or in both. */
type Place =
  | { readonly room: string; readonly character?: Character }
  | { readonly room?: undefined; readonly character: Character };

/** The character that a bot plays; it is made when there is none. */
export type Character = {
  /** 2 to 16 letters or digits. */
  readonly name: string;
  /** `farmyard/meadow` */
  readonly zone: string;
};

/**
 * What a bot is and does. Its callbacks run one after another; what they throw is reported and does not end it. A call
 * in them is answered within 30 seconds.
 */
export type BotDefinition = Place & {
  /** Once, before everything else. Where it throws it is tried again. */
  readonly setup?: (bot: Bot) => unknown;
  readonly message?: (bot: Bot, message: Message) => unknown;
  /** Somebody came into its room. */
  readonly joined?: (bot: Bot, member: Member) => unknown;
  /** Somebody left its room, or lost his connection. */
  readonly left?: (bot: Bot, member: Member) => unknown;
  /** Once a second while it is attached, never twice at a time. `quiet` counts heartbeats since the last message. */
  readonly heartbeat?: (bot: Bot, quiet: number) => unknown;
  /** After a lost connection, or a restart of the node, when it is attached again; members may be others now. */
  readonly recovery?: (bot: Bot) => unknown;
};
