import { defineMethod, z } from 'roost/plugin';
import { noted } from './_noted.ts';
import { roomName } from './_params.ts';

/**
 * Closes the room that you are the logic of: its members are told, and it is gone.
 * @returns `{ room }`
 */
export default defineMethod({
  allow: 'bot',
  rate: { perSecond: 1, burst: 10 },
  params: z.object({ room: roomName }),
  handle: ({ caller, params: { room }, host }) =>
    noted({ caller, host }, { method: 'bot.detach', target: room }, () =>
      host.call('room.detach', { room, session: caller.id }, { as: 'server' }),
    ),
});
