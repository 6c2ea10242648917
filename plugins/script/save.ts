import { defineMethod, HostError, z } from 'roost/plugin';
import { noteAct } from './_noted.ts';
import { path } from './_path.ts';

const place = z.number().int().min(0).max(262_144);

/**
 * Saves a script, if it still is what `hash` says. `text` is all of it, or takes the place of the characters in `range`:
 * a long script is saved by what changed, within the longest message.
 * @returns `{ path, hash }`
 */
export default defineMethod({
  allow: 'build',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({
    path,
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'wanted the hash that script.open gave'),
    text: z.string().max(262_144),
    range: z.tuple([place, place]).optional(),
  }),
  async handle({ caller, params, host }) {
    const { range } = params;
    if (range !== undefined && range[0] > range[1]) {
      throw new HostError('call.bad-params', '`range` begins behind its end');
    }
    const saved = host.node.scripts.save({ ...params, by: caller.name ?? caller.owner });
    await noteAct(host, caller, 'script.save', saved.path);
    return saved;
  },
});
