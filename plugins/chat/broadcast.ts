import { defineMethod, line, z } from 'roost/plugin';
import { askIfThere } from './_if-there.ts';
import { titleOf } from './_title.ts';

/**
 * Tells everybody who is connected a line, under your character's name or, without one, the game's.
 * @returns `{ sessions }`
 */
export default defineMethod({
  allow: 'broadcast',
  rate: { perSecond: 1, burst: 5 },
  params: z.object({ text: line(500) }),
  async handle({ caller, params: { text }, host }) {
    const note = { method: 'chat.broadcast', params: { text } };
    await askIfThere(host, 'admin.note', caller.via === 'server' ? note : { ...note, session: caller.id });
    const from = (caller.zone && caller.name) ?? titleOf(host, host.game);
    host.send('everyone', 'chat', { from, text, at: host.clock.now(), broadcast: true });
    return { sessions: host.sessions.list().length };
  },
});
