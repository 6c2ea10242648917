import { defineMethod, HostError, z } from 'roost/plugin';
import { note } from './_registered.ts';

/**
 * Takes a registered zone back that nobody is in; what stands in it is kept, and is there again when it is registered again.
 * @returns `{ zone }`
 */
export default defineMethod({
  allow: 'build',
  params: z.object({ zone: z.string().min(1).max(100) }),
  async handle({ caller, params: { zone }, host }) {
    const isOne = (id: string) => id === zone || (/^[#@~]/.test(id.slice(zone.length)) && id.startsWith(zone));
    const peopled = host.zones
      .list()
      .find((one) => isOne(one.zone) && (host.zones.find(one.zone)?.who().length ?? 0) > 0);
    if (peopled) throw new HostError('zone.in-use', `Cannot unregister "${zone}": somebody is in ${peopled.zone}`);
    const [gone] = await host.db.transaction((trx) =>
      trx.run('delete from registered_zones where zone = ? returning zone', [zone]),
    );
    if (!gone) throw new HostError('zone.unknown', `Nobody has registered "${zone}"`);
    await host.zones.unregister(zone);
    await note(host, caller.id, 'zone.unregister', zone);
    return { zone };
  },
});
