import { defineMethod, HostError, z } from 'roost/plugin';
import { toBotMember } from './_bots.ts';
import { getMine } from './_mine.ts';
import { roomName } from './_names.ts';

/** Of the JSON text. */
const charactersMost = 4_000;

const move = z
  .record(z.string().max(64), z.json())
  .refine((data) => JSON.stringify(data).length <= charactersMost, `is longer than ${charactersMost} characters`);

/**
 * Tells the bot of a room that you are in something that nobody else hears: a move, a choice, a button that was pressed.
 * @returns `{ room }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 5, burst: 20 },
  params: z.object({ room: roomName.optional(), data: move }),
  handle({ caller, params: { room: name, data }, host }) {
    const { name: room, bot, members } = getMine(host, caller, name);
    const member = members.get(caller.owner);
    if (bot === null || member === undefined) throw new HostError('room.no-bot', `The room "${room}" has no bot`);
    host.send({ session: bot.session }, 'room-message', { room, data, from: toBotMember(host, member) });
    return { room };
  },
});
