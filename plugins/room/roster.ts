import { defineMethod, z } from 'roost/plugin';
import { botMembers, getBotRoom } from './_bots.ts';
import { roomName } from './_names.ts';

/** Lists who is in the room of a bot, as the bot may know them. */
export default defineMethod({
  allow: 'server',
  params: z.object({ room: roomName, session: z.string().min(1).max(64) }),
  handle: ({ params: { room, session }, host }) => ({
    room,
    members: [...botMembers(host, getBotRoom(host, room, session))],
  }),
});
