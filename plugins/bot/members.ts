import { defineMethod, z } from 'roost/plugin';
import { roomName } from './_params.ts';

/**
 * Lists who is in the room that you are the logic of.
 * @returns `{ room, members: [{ session, name, owner }] }`
 */
export default defineMethod({
  allow: 'bot',
  params: z.object({ room: roomName }),
  handle: ({ caller, params: { room }, host }) =>
    host.call('room.roster', { room, session: caller.id }, { as: 'server' }),
});
