import { defineMethod, z } from 'roost/plugin';

/**
 * Sends you a `watch` message for every reload and script error from now on, with file and line; development only.
 * @returns `{}`, then `watch` messages
 */
export default defineMethod({
  params: z.object({}),
  handle({ caller }) {
    caller.watch();
    return {};
  },
});
