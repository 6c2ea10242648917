import { defineMethod, z } from 'roost/plugin';

/**
 * Tells what runs here: version, games and zones with their tick rates, methods with their docs, params and `allow`.
 * @returns `{ name, version, protocol, dev, game, games: [{ name, title, start, zones: [{ zone, tickRate, capacity, width, height,
 * view, hearing }] }], methods: [{ name, doc, plugin, allow, rate: { perSecond, burst }, params }] }`; `params` is a JSON Schema, null
 * when everything passes
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 5 },
  params: z.object({}),
  handle: ({ host }) => host.node.info(),
});
