import { definePlugin } from 'roost/plugin';
import { greetedOf, greetNewcomer } from './_greeting.ts';

export default definePlugin({
  version: '1.0.0',
  start({ host }) {
    // Who is here already was greeted by the build before.
    for (const { id, zone } of host.sessions.list()) if (zone !== null) greetedOf(host).add(id);
  },
  on: {
    entered: ({ caller, zone, host }) => greetNewcomer(host, caller, zone),
    closed: ({ caller, host }) => greetedOf(host).delete(caller.id),
  },
});
