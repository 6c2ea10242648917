import { defineMethod, z } from 'roost/plugin';
import { listRegistered } from './_registered.ts';

/**
 * Lists the zones that builders have added, with the one that each is like.
 * @returns `{ zones: [{ zone, like, capacity, title }] }`
 */
export default defineMethod({
  params: z.object({}),
  async handle({ host }) {
    const zones = (await listRegistered(host)).map(({ zone, like, capacity, title }) => {
      return { zone, like: `${zone.slice(0, zone.indexOf('/'))}/${like}`, capacity, title };
    });
    return { zones };
  },
});
