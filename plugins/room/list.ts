import { defineMethod, z } from 'roost/plugin';
import { roomsOf } from './_memory.ts';

/**
 * Lists the rooms that there are, by name, without the hidden ones. Give the last name you got as `after` for those that follow.
 * @returns `{ rooms: [{ room, members, bot }], more }`
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({ after: z.string().max(64).optional(), limit: z.int().min(1).max(200).default(200) }),
  handle({ params: { after = '', limit }, host }) {
    const rest = [...roomsOf(host).values()]
      .filter(({ name, hidden }) => !hidden && name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const rooms = rest
      .slice(0, limit)
      .map(({ name, members, bot }) => ({ room: name, members: members.size, bot: bot?.name ?? null }));
    return { rooms, more: rest.length > limit };
  },
});
