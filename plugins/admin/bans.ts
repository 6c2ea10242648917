import { defineMethod, z } from 'roost/plugin';

/**
 * Lists the bans that hold, the newest first.
 * @returns `{ bans: [{ ban, name, address, until, reason, by, at }] }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({ limit: z.int().min(1).max(500).default(100) }),
  async handle({ params: { limit }, host }) {
    const rows = await host.db.read(
      'select * from bans where until is null or until > ? order by made desc, id limit ?',
      [host.clock.now(), limit],
    );
    const bans = rows.map(({ id, name, address, until, reason, made_by: by, made: at }) => ({
      ...{ ban: id, name, address, until, reason, by, at },
    }));
    return { bans };
  },
});
