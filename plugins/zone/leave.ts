import { defineMethod, z } from 'roost/plugin';

/**
 * Takes your character out of its zone; a guest's character is gone for good.
 * @returns `{ zone }`, the zone left or null
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  params: z.object({}),
  async handle({ caller }) {
    const zone = caller.zone?.id ?? null;
    await caller.leave();
    return { zone };
  },
});
