import { defineMethod, HostError, z } from 'roost/plugin';
import { noted } from './_noted.ts';
import { roomName } from './_params.ts';
import { selfOf } from './_self.ts';

/**
 * Makes you the logic of a room, which is made when there is none: you get what is said there.
 * @returns `{ room, members }`
 */
export default defineMethod({
  allow: 'bot',
  rate: { perSecond: 1, burst: 10 },
  params: z.object({ room: roomName }),
  handle({ caller, params: { room }, host }) {
    const { name } = selfOf(caller);
    return noted({ caller, host }, { method: 'bot.attach', target: room }, async () => {
      if (caller.via === 'http')
        throw new HostError('bot.no-socket', 'A room hears of its bot over a connection alone');
      return await host.call('room.attach', { room, session: caller.id, name }, { as: 'server' });
    });
  },
});
