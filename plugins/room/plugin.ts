import { definePlugin } from 'roost/plugin';
import { keepRooms, takeOver } from './_kept.ts';
import { dropAbsent, dropSession } from './_members.ts';

/** Between two looks at who is gone, in seconds. */
const sweepS = 2;

export default definePlugin({
  version: '1.0.0',
  needs: ['auth', 'chat'],
  migrations: [
    { name: '001-kept', up: (trx) => trx.run('create table room_kept (name text primary key, room text not null)') },
  ],
  async start({ host }) {
    await takeOver(host);
    host.every(sweepS, () => dropAbsent(host));
  },
  stop: ({ host }) => keepRooms(host),
  on: { closed: ({ caller, host }) => dropSession(host, caller) },
});
