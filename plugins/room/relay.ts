import { defineMethod, HostError, z } from 'roost/plugin';
import { getBotRoom } from './_bots.ts';
import { tellMembers } from './_members.ts';
import { roomName } from './_names.ts';
import { createFinder } from './_present.ts';

/** Sends what a bot says to the members of its room, or to one of them by his session. */
export default defineMethod({
  allow: 'server',
  params: z.object({
    room: roomName,
    session: z.string().min(1).max(64),
    event: z.string().regex(/^[a-z][a-z-]{0,31}$/),
    data: z.record(z.string(), z.json()),
    to: z.string().min(1).max(64).optional(),
  }),
  handle({ params: { room: name, session, event, data, to }, host }) {
    const room = getBotRoom(host, name, session);
    if (to === undefined) return { sent: tellMembers(host, room, event, data).delivered };
    const find = createFinder(host);
    const isMember = [...room.members.values()].some((member) => find(member) === to);
    if (!isMember) throw new HostError('room.not-member', 'Nobody in the room has this session');
    host.send({ session: to }, event, data);
    return { sent: 1 };
  },
});
