/** Pairs of players send each other text over plain HTTP, in the format of the older turn server. */
import { defineScenario } from '../load.ts';
import { TurnMatches } from './turn-match.ts';
import { TurnPlayer } from './turn-player.ts';

export default defineScenario({
  doc: 'Players are paired and send each other text through the turn relay; every text is held against what arrives.',
  rate: 5,
  options: {
    /** Path of the door; empty: `/turn`, or `/` of an older server. */
    door: '',
    /** Letters of the longest text; the shortest has one, and most are short. */
    letters: 4_000,
    /** `any` text, or `plain` letters and digits, which older servers want. */
    text: 'any',
    /** Share of the requests whose answer is taken for lost, so that they are repeated, 0 to 1. */
    repeat: 0.02,
    /** After each so-manieth request the server is asked how long it took; 0: never. */
    'server-time': 5,
  },
  async prepare(run) {
    const doors = run.options.door === '' ? ['/turn', '/'] : [run.options.door];
    for (const door of doors) {
      const reply = await run.look({ path: door });
      if (reply?.status === 200 && Number.isFinite(Number.parseFloat(reply.text)))
        return { door, matches: new TurnMatches() };
    }
    return run.fail(`There is no turn door at ${doors.map((door) => run.url + door).join(' or ')}`);
  },
  player(player, { door, matches }) {
    const turns = new TurnPlayer(player, door, matches);
    return { step: () => turns.step(), end: () => turns.end() };
  },
});
