import { defineMethod, line, z } from 'roost/plugin';
import { toBotMember } from './_bots.ts';
import { tellMembers } from './_members.ts';
import { getMine } from './_mine.ts';
import { roomName } from './_names.ts';

/**
 * Says a line in a room that you are in, wherever its members are; without a room in your only one. Tells how many others got it,
 * and whom it did not reach.
 * @returns `{ delivered, missed }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 2, burst: 5 },
  params: z.object({ room: roomName.optional(), text: line(500) }),
  async handle({ caller, params, host }) {
    const { name: from, owner, id } = caller;
    await host.call('chat.voice', { session: id }, { as: 'server' });
    const room = getMine(host, caller, params.room);
    const member = room.members.get(owner);
    const said = { from, text: params.text, at: host.clock.now(), room: room.name };
    const { delivered, missed } = tellMembers(host, room, 'chat', said, owner);
    caller.send('chat', said);
    if (room.bot && member)
      host.send({ session: room.bot.session }, 'room-message', {
        room: room.name,
        text: params.text,
        from: toBotMember(host, member),
      });
    return { delivered, missed: [...missed] };
  },
});
