import { defineMethod, fitting, z } from 'roost/plugin';

/** An answer has at most 256 KB; a line has four bytes a character at worst. */
const bytesMost = 200_000;

/**
 * Lists the lines your character has heard since it entered, oldest first; with `since` (Unix seconds) those from then on,
 * without it the newest. `more` says that some were left out: ask again with the greatest `at` you got.
 * @returns `{ lines: [{ from, name, text, x, y, at, player }], more }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 2, burst: 5 },
  params: z.object({ since: z.number().min(0).optional(), limit: z.int().min(1).max(200).default(200) }),
  handle({ caller, params: { since, limit } }) {
    const heard = caller.heard(since);
    const wanted = since === undefined ? heard.toReversed() : heard;
    const fits = fitting(wanted.slice(0, limit), bytesMost);
    return { lines: since === undefined ? fits.toReversed() : fits, more: fits.length < heard.length };
  },
});
