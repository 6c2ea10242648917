import { defineMethod, HostError, toSkeleton, z } from 'roost/plugin';
import { selfOf } from './_self.ts';

const characters = z.array(z.looseObject({ name: z.string(), game: z.string() }));

/**
 * Puts a character of your own into a zone, which is made the first time; from then on you are a player like others.
 * @returns as `zone.enter` does
 */
export default defineMethod({
  allow: 'bot',
  rate: { perSecond: 1, burst: 5 },
  deadlineMs: 30_000,
  params: z.object({ name: z.string().min(1).max(64), zone: z.string().min(3).max(100) }),
  async handle({ caller, params: { name, zone }, host }) {
    const account = selfOf(caller).id;
    const game = zone.split('/')[0] ?? '';
    if (!host.zones.game(game)) throw new HostError('zone.unknown', `No game is called "${game}"`);
    const own = characters.parse(await host.call('character.of', { account }, { as: 'server' }));
    if (!own.some((one) => toSkeleton(one.name) === toSkeleton(name)))
      await host.call('character.make', { account, name, game }, { as: 'server' });
    return await host.call('zone.enter', { zone, name });
  },
});
