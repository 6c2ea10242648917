import { definePlugin } from 'roost/plugin';

export default definePlugin({
  version: '1.0.0',
  needs: ['auth', 'admin', 'character', 'chat', 'room'],
  migrations: [
    {
      name: '001-bots',
      up: (trx) =>
        trx.run(
          `create table bots (
            name_key text primary key,
            name text not null,
            credential text unique,
            created double precision not null,
            made_by text not null
          )`,
        ),
    },
  ],
});
