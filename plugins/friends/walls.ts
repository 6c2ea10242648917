import { defineMethod, z } from 'roost/plugin';

/** Tells who of these has blocked whom, or was blocked by whom, all by owner. */
export default defineMethod({
  allow: 'server',
  params: z.object({ owners: z.array(z.string().max(64)).min(1).max(200) }),
  async handle({ params: { owners }, host }) {
    const marks = owners.map(() => '?').join(', ');
    const rows = await host.db.read(
      `select owner, other from blocks where owner in (${marks}) or other in (${marks})`,
      [...owners, ...owners],
    );
    return { walls: rows.map(({ owner, other }) => [String(owner), String(other)]) };
  },
});
