import { defineMethod, HostError, z } from 'roost/plugin';

// The file is the method: `sample.roll`. Save it while the server runs, and the next call runs the new code.

/** Rolls a die, and tells everybody near by when a player does. */
export default defineMethod({
  // Who may call it: `anyone`, `player` (has a character in a zone), `operator`, …
  allow: 'anyone',
  // How often a session may: so many a second, so many at once.
  rate: { perSecond: 5, burst: 10 },
  // What is not described here never reaches `handle`.
  params: z.object({ sides: z.int().min(2).max(1000).default(6) }),
  async handle({ caller, params, host }) {
    // An outcome the caller should be told of is an error with a code of your own.
    if (params.sides === 13) throw new HostError('sample.unlucky', 'Nobody rolls a die with 13 sides');
    const rolled = 1 + Math.floor(host.random() * params.sides);
    if (caller.zone && caller.character) await caller.zone.say(caller.character, `rolls ${rolled} of ${params.sides}`);
    return { rolled };
  },
});
