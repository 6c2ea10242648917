import { defineMethod, z } from 'roost/plugin';
import { path } from './_path.ts';

/**
 * Gives the text of a script and its hash; with `original` the text it had when it was opened first since the start.
 * @returns `{ path, text, hash }`
 */
export default defineMethod({
  allow: 'build',
  params: z.object({ path, original: z.boolean().default(false) }),
  handle({ params: { path, original }, host }) {
    return original ? host.node.scripts.original(path) : host.node.scripts.open(path);
  },
});
