/**
 * What the plugin `bot` needs of rooms. A bot is the logic of a room: it hears what is said there, and may say something to all or
 * to one. These methods are for the server alone (`host.call(method, params, { as: 'server' })`); who may be a bot is decided
 * before they are called.
 *
 * | method | params | result |
 * | --- | --- | --- |
 * | `room.attach` | `{ room, session, name }` | `{ room, members }`; makes the room when there is none; members get `room-bot { room, bot }`. `room.taken` by another bot, or when it is hidden; `room.too-many` |
 * | `room.detach` | `{ room, session }` | `{ room }`; as if the bot's connection had ended. `room.unknown` when it is not its room |
 * | `room.relay` | `{ room, session, event, data, to? }` | `{ sent }`, to how many; `to` is the `session` of a member, else `room.not-member` |
 * | `room.roster` | `{ room, session }` | `{ room, members }` |
 *
 * A member is `{ session, name, owner }`: `session` is another one after a reconnect, `owner` stays.
 *
 * The bot's session gets
 * - `room-message { room, text, from: member }` for each `room.say` (the members get it as `chat`),
 *   `room-message { room, data, from: member }` for each `room.tell`,
 * - `room-joined { room, name, avatar, member }` and `room-left { room, name, avatar, member }`,
 * - `room-closed { room }` when the room was taken over by another connection of the same bot.
 *
 * When its session closes, or at `room.detach`, members get `room-closed { room }`, are in the room no more, and it is gone.
 */
import { type Host, HostError } from 'roost/plugin';
import { type Member, type Room, roomsOf } from './_memory.ts';
import { createFinder } from './_present.ts';

/** A member as a bot knows him. */
export type BotMember = { readonly session: string; readonly name: string; readonly owner: string };

export function toBotMember(host: Host, member: Member): BotMember {
  const session = createFinder(host)(member) ?? member.session;
  return { session, name: member.name, owner: member.owner };
}

export function botMembers(host: Host, room: Room): readonly BotMember[] {
  const find = createFinder(host);
  return [...room.members.values()].map((member) => ({
    session: find(member) ?? member.session,
    name: member.name,
    owner: member.owner,
  }));
}

/** The room whose bot that session is. @throws HostError room.unknown */
export function getBotRoom(host: Host, name: string, session: string): Room {
  const room = roomsOf(host).get(name);
  if (room?.bot?.session !== session) throw new HostError('room.unknown');
  return room;
}
