import { definePlugin } from 'roost/plugin';
import { applyBans, dropExpired, endBanned } from './_bans.ts';
import { migrations } from './_migrations.ts';
import { readMutes } from './_mutes.ts';
import { goOnCounting, keepCountDown } from './_shutdown.ts';

/** Between two looks at what is over, in seconds. */
const sweepS = 30;
/** A login that was under way when its account was banned ends within that time. */
const lateS = 0.5;

export default definePlugin({
  version: '1.0.0',
  api: '1.2',
  needs: ['auth'],
  migrations,
  async start({ host, former }) {
    goOnCounting(host, former);
    await dropExpired(host);
    await Promise.all([applyBans(host), readMutes(host)]);
    host.every(sweepS, async () => {
      if (await dropExpired(host)) await Promise.all([applyBans(host), readMutes(host)]);
    });
    host.every(lateS, () => endBanned(host));
  },
  stop: ({ host }) => keepCountDown(host),
});
