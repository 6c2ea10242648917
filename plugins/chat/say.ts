import { defineMethod, line, z } from 'roost/plugin';

/** Says a line where your character stands; everyone within hearing distance gets a `say` event. */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 2, burst: 5 },
  params: z.object({ text: line(500) }),
  handle: ({ caller, params }) => caller.zone.say(caller.character, params.text),
});
