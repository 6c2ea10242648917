import { defineMethod, line, z } from 'roost/plugin';
import { audited } from './_audit.ts';
import { checkRank, findSomebody, whom } from './_who.ts';

/**
 * Ends somebody's connections, or one of them, and takes the character out of the game; nothing keeps them from coming back.
 * @returns `{ name, sessions }`, how many ended
 */
export default defineMethod({
  allow: 'moderate',
  params: z.object({ ...whom, reason: line(200).optional() }),
  async handle({ caller, params, host }) {
    const { name, session, reason } = params;
    return audited({ caller, host }, { method: 'admin.kick', target: name ?? session, params }, async (write) => {
      const somebody = await findSomebody(host, params);
      checkRank(caller, somebody);
      await host.db.transaction(write);
      const message = reason === undefined ? 'You were sent away by a moderator' : `You were sent away: ${reason}`;
      const ended = somebody.sessions.filter(({ id }) =>
        host.sessions.end(id, { code: 'admin.kicked', message, leave: true }),
      );
      return { name: somebody.name, sessions: ended.length };
    });
  },
});
