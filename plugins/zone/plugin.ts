import { definePlugin } from 'roost/plugin';
import { forgetOld } from './_lent.ts';
import { migrations } from './_migrations.ts';
import { listRegistered } from './_registered.ts';

export default definePlugin({
  version: '1.2.0',
  migrations,
  async start({ host }) {
    await forgetOld(host);
    for (const { zone, like, capacity } of await listRegistered(host)) host.zones.register(zone, { like, capacity });
  },
});
