import { defineMethod, z } from 'roost/plugin';

/** Gives back what it is given. */
export default defineMethod({
  rate: { perSecond: 100_000, burst: 100_000 },
  params: z.object({ number: z.int(), text: z.string().max(100) }),
  handle: ({ params }) => params,
});
