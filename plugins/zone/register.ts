import { defineMethod, HostError, line, z } from 'roost/plugin';
import { checkNew, note, registeredMost } from './_registered.ts';

/**
 * Adds a zone to a game while it runs: like one that the game declares, under a name of its own, also after a restart.
 * @returns `{ zone, like, capacity, title }`
 */
export default defineMethod({
  allow: 'build',
  params: z.object({
    zone: z.string().min(1).max(100),
    /** `castle/court`, of the same game. */
    like: z.string().min(1).max(100),
    capacity: z.int().min(1).max(5000).optional(),
    title: line(80).optional(),
  }),
  async handle({ caller, params: { zone, like, capacity = null, title = null }, host }) {
    const found = await checkNew(host, zone, like);
    await host.db.transaction(async (trx) => {
      const [row] = await trx.run('select count(*) as number from registered_zones');
      if (Number(row?.number) >= registeredMost)
        throw new HostError('zone.too-many', `At most ${registeredMost} zones can be registered`);
      const [same] = await trx.run('select zone from registered_zones where zone = ?', [zone]);
      if (same) throw new HostError('zone.taken');
      await trx.run(
        'insert into registered_zones (zone, pattern, capacity, title, account, made) values (?, ?, ?, ?, ?, ?)',
        [zone, found.like, capacity, title, caller.account?.id ?? null, host.clock.now()],
      );
    });
    host.zones.register(zone, { like: found.like, capacity });
    await note(host, caller.id, 'zone.register', `${zone} like ${like}`);
    return { zone, like, capacity, title };
  },
});
