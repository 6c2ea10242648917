import { defineMethod, z } from 'roost/plugin';
import { ownAccount } from './_own.ts';

/**
 * Reads your avatar; null when you have set none.
 * @returns `{ avatar }`, text or null
 */
export default defineMethod({
  allow: 'account',
  params: z.object({}),
  async handle({ caller, host }) {
    const [row] = await host.db.read('select text from auth_avatars where account = ?', [ownAccount(caller).id]);
    return { avatar: row?.text ?? null };
  },
});
