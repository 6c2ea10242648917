import { definePlugin } from 'roost/plugin';
import { sweep } from './_forget.ts';
import { countMails } from './_mails.ts';
import { migrations } from './_migrations.ts';

const sweepS = 3_600;

export default definePlugin({
  version: '1.0.0',
  api: '1.3',
  needs: ['auth', 'character', 'chat', 'friends'],
  migrations,
  async start({ host }) {
    await sweep(host);
    host.every(sweepS, () => sweep(host));
  },
  on: {
    async loggedIn({ caller, host }) {
      if (!caller.account) return;
      const { unread } = await countMails(host.db.read, caller.account.id);
      if (unread > 0) caller.send('mail', { unread });
    },
  },
});
