import { defineMethod, z } from 'roost/plugin';
import { zoneOf } from './_zone.ts';

/**
 * Lists the characters in your zone by name.
 * @returns `{ zone, characters: [{ id, name, connected, guest }] }` by name
 */
export default defineMethod({
  params: z.object({}),
  handle({ caller }) {
    const zone = zoneOf(caller);
    return {
      zone: zone.id,
      characters: zone.who().map(({ id, name, connected, guest }) => ({ id, name, connected, guest })),
    };
  },
});
