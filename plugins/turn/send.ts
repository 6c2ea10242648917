import { defineMethod, z } from 'roost/plugin';
import { askFor, key, text } from './_desk.ts';
import { checkVoice } from './_voice.ts';

/**
 * Passes a text on to the others of a match, and gives what has arrived. Who is muted sends none, and still gets theirs.
 * @returns `{ match, counter, repeated, texts }`
 * @throws HostError chat.muted
 */
export default defineMethod({
  rate: { perSecond: 20, burst: 40 },
  params: z.object({ key, counter: z.int().min(0), text: text.optional(), read: z.int().min(0).optional() }),
  async handle({ caller, params: { key, ...update }, host }) {
    await checkVoice(host, caller, update.text);
    return askFor(host, caller, (relay, from, nowS) => relay.update(key, update, from, nowS));
  },
});
