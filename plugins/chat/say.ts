import { defineMethod, line, z } from 'roost/plugin';
import { checkVoice } from './_voice.ts';

/**
 * Says a line where your character stands; everyone within hearing distance gets a `say` event.
 * @returns `{ tick }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 2, burst: 5 },
  params: z.object({ text: line(500) }),
  async handle({ caller, params, host }) {
    const { zone, character } = caller;
    await checkVoice(host, caller);
    return zone.say(character, params.text);
  },
});
