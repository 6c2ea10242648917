import { definePlugin } from 'roost/plugin';
import { deskOf } from './_desk.ts';
import { table } from './_kept.ts';

export default definePlugin({
  version: '1.0.0',
  api: '1.3',
  migrations: [{ name: '001-matches', up: (trx) => trx.run(table) }],
  start: ({ host, former }) => deskOf(host).start(host, former),
  stop: ({ host }) => deskOf(host).stop(),
  on: {
    entered: ({ caller, zone, host }) => deskOf(host).entered(caller, zone),
    left: ({ caller, zone, host }) => deskOf(host).left(caller, zone),
    loggedIn: ({ caller, host }) => deskOf(host).loggedIn(caller),
    zoneOpened: ({ zone, host }) => deskOf(host).opened(zone),
  },
});
