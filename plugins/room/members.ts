import { defineMethod, z } from 'roost/plugin';
import { avatarsMost, avatarsOf } from './_avatars.ts';
import { getMine } from './_mine.ts';
import { roomName } from './_names.ts';

/**
 * Lists who is in a room that you are in, by name, each with the avatar or null: 25 at a time. Give the last name you got as
 * `after` for those that follow.
 * @returns `{ room, bot, members: [{ name, avatar }], more }`, 25 at a time
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ room: roomName.optional(), after: z.string().max(64).optional() }),
  async handle({ caller, params: { room: name, after }, host }) {
    const room = getMine(host, caller, name);
    const all = [...room.members.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const rest = after === undefined ? all : all.filter((member) => member.name > after);
    const page = rest.slice(0, avatarsMost);
    const avatars = await avatarsOf(host, page);
    const members = page.map((member) => ({
      name: member.name,
      avatar: (member.account !== null && avatars.get(member.account)) || null,
    }));
    return { room: room.name, bot: room.bot?.name ?? null, members, more: rest.length > page.length };
  },
});
