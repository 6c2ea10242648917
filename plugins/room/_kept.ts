/** A new build of the plugin goes on with the rooms of the one before; after a restart of the node nobody is left in them. */
import { type Host, z } from 'roost/plugin';
import { type Room, roomsOf } from './_memory.ts';
import { createLook } from './_present.ts';

const member = z.object({
  owner: z.string(),
  name: z.string(),
  account: z.string().nullable(),
  session: z.string(),
});
const bot = z.object({ session: z.string(), name: z.string(), account: z.string().nullable() });
const kept = z.object({
  name: z.string(),
  by: z.string().nullable(),
  hidden: z.boolean(),
  members: z.array(member),
  bot: bot.nullable(),
});

export async function keepRooms(host: Host): Promise<void> {
  const rooms = [...roomsOf(host).values()];
  await host.db.transaction(async (trx) => {
    await trx.run('delete from room_kept');
    for (const { members, ...room } of rooms) {
      const text = JSON.stringify({ ...room, members: [...members.values()] });
      await trx.run('insert into room_kept (name, room) values (?, ?)', [room.name, text]);
    }
  });
}

export async function takeOver(host: Host): Promise<void> {
  const isThere = createLook(host);
  const rows = await host.db.read('select room from room_kept');
  for (const row of rows) {
    const { members, ...rest } = kept.parse(JSON.parse(String(row.room)));
    const room: Room = {
      ...rest,
      members: new Map(members.filter(isThere).map((one) => [one.owner, one])),
    };
    if (room.members.size > 0 || room.bot !== null) roomsOf(host).set(room.name, room);
  }
  if (rows.length > 0) await host.db.transaction((trx) => trx.run('delete from room_kept'));
}
