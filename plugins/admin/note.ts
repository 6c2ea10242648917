import { defineMethod, z } from 'roost/plugin';
import { type Actor, actorOf, record } from './_audit.ts';

/**
 * Writes into the audit what another plugin did with a privilege, or who attached as a bot, a watcher or a server.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({
    /** What was done: `bot.attach`, `zone.watch`. */
    method: z.string().min(1).max(64),
    /** Session of who did it; without one it was the server. */
    session: z.string().min(1).max(64).optional(),
    /** Who did it, when the session does not say so. */
    who: z.string().min(1).max(64).optional(),
    target: z.string().max(200).optional(),
    params: z.record(z.string(), z.json()).default({}),
    outcome: z.string().min(1).max(64).default('ok'),
  }),
  async handle({ caller, params: { method, session, who, target, params, outcome }, host }) {
    const by = session === undefined ? caller : host.sessions.find(session);
    // A connection that is gone already is known by its id alone.
    const found: Actor = by ? actorOf(by) : { who: String(session), account: null, address: null };
    const actor: Actor = { ...found, ...(who === undefined ? {} : { who }) };
    await host.db.transaction((trx) => record(trx, host, actor, { method, target, params }, outcome));
    return {};
  },
});
