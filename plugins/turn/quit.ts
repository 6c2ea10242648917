import { defineMethod, z } from 'roost/plugin';
import { askFor, key, text } from './_desk.ts';
import { checkVoice } from './_voice.ts';

/**
 * Leaves a match, with a last text for the others.
 * @returns `{}`
 * @throws HostError chat.muted
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ key, text: text.optional() }),
  async handle({ caller, params, host }) {
    await checkVoice(host, caller, params.text);
    return askFor(host, caller, (relay, _from, nowS) => relay.quit(params.key, undefined, params.text, nowS));
  },
});
