import { defineMethod, type JsonObject, line, z } from 'roost/plugin';
import { roomName } from './_params.ts';
import { selfOf } from './_self.ts';

const where = { room: roomName, to: z.string().min(1).max(64).optional() };

/**
 * Sends a line or data to the room that you are the logic of, or to one member by its session.
 * @returns `{ sent }`, to how many
 */
export default defineMethod({
  allow: 'bot',
  rate: { perSecond: 50, burst: 200 },
  params: z.union([
    z.object({ ...where, text: line(500) }),
    z.object({ ...where, data: z.record(z.string().max(64), z.json()) }),
  ]),
  async handle({ caller, params, host }) {
    const { room } = params;
    if ('text' in params) await host.call('chat.voice', { session: caller.id }, { as: 'server' });
    const message: JsonObject =
      'text' in params
        ? { event: 'chat', data: { from: selfOf(caller).name, text: params.text, at: host.clock.now(), room } }
        : { event: 'room-data', data: { room, data: params.data } };
    const to: JsonObject = params.to === undefined ? {} : { to: params.to };
    return await host.call('room.relay', { room, session: caller.id, ...message, ...to }, { as: 'server' });
  },
});
