import { defineMethod, z } from 'roost/plugin';
import { listPresent, withoutOwner } from './_who.ts';

/**
 * Lists who is online, by name: all, or those in a zone. Give the last name you got as `after` for those that follow.
 * @returns `{ online, people: [{ name, zone, guest }], more }`
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({
    zone: z.string().min(1).max(100).optional(),
    after: z.string().max(64).optional(),
    limit: z.int().min(1).max(200).default(200),
  }),
  handle({ params: { zone, after, limit }, host }) {
    const wanted = zone === undefined ? undefined : withoutOwner(zone);
    const all = listPresent(host).filter((one) => wanted === undefined || one.zone === wanted);
    const rest = after === undefined ? all : all.filter(({ name }) => name > after);
    return { online: all.length, people: rest.slice(0, limit), more: rest.length > limit };
  },
});
