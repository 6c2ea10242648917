import { defineMethod, HostError, z } from 'roost/plugin';
import { noted } from './_noted.ts';

/**
 * Lifts all that stands against a script, so that it is tried again; of a missing file it lets the kind go.
 * @returns `{ path }`
 */
export default defineMethod({
  allow: 'operator',
  params: z.object({ path: z.string().min(1).max(200) }),
  handle: ({ caller, params: { path }, host }) =>
    noted({ caller, host }, { method: 'host.lift', target: path }, async () => {
      if (!(await host.node.reloads.lift(path)))
        throw new HostError('script.unknown', `Nothing stands against ${path}`);
      return { path };
    }),
});
