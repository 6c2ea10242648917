import { defineMethod, HostError, z } from 'roost/plugin';
import { botMembers } from './_bots.ts';
import { checkNewRoom } from './_limits.ts';
import { tellMembers } from './_members.ts';
import { roomsOf } from './_memory.ts';
import { isChannel, lobby, roomName } from './_names.ts';

/** Makes a session the bot of a room, which is made when there is none. */
export default defineMethod({
  allow: 'server',
  params: z.object({ room: roomName, session: z.string().min(1).max(64), name: z.string().min(1).max(64) }),
  handle({ params: { room: name, session, name: botName }, host }) {
    const bot = host.sessions.find(session);
    if (!bot) throw new HostError('call.forbidden', 'The session is over');
    const rooms = roomsOf(host);
    const former = rooms.get(name);
    const account = bot.account?.id ?? null;
    const isOther =
      former?.bot && former.bot.session !== session && (account === null || former.bot.account !== account);
    if (isOther || name === lobby || isChannel(name))
      throw new HostError('room.taken', `The room "${name}" has another bot`);
    // Players who hide speak among themselves.
    if (former?.hidden) throw new HostError('room.taken', `There is a room "${name}" already`);
    if (former === undefined) checkNewRoom(rooms, null);
    // The bot came back before its former connection was found to be dead.
    if (former?.bot && former.bot.session !== session)
      host.send({ session: former.bot.session }, 'room-closed', { room: name });
    const isNew = !former?.bot;
    const room = former ?? { name, by: null, hidden: false, members: new Map(), bot: null };
    room.bot = { session, name: botName, account };
    rooms.set(name, room);
    // From now on it hears what they say.
    if (isNew) tellMembers(host, room, 'room-bot', { room: name, bot: botName });
    return { room: name, members: [...botMembers(host, room)] };
  },
});
