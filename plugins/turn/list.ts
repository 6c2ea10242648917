import { defineMethod, fitting, z } from 'roost/plugin';
import { deskOf, secondsOf } from './_desk.ts';
import type { Match, Player, Seat } from './_rules.ts';

/** JSON of each of the two lists. */
const bytesMost = 90_000;

/**
 * Who waits for a partner, and the matches that go on, the oldest of each, as many as fit into an answer.
 * @returns `{ waiting, matches, most, more }`
 */
export default defineMethod({
  allow: 'operator',
  params: z.object({}),
  handle({ host }) {
    const { relay } = deskOf(host);
    const nowS = secondsOf(host);
    relay.sweep(nowS);
    const waiting = relay.players().filter(({ state }) => state !== 'playing');
    const matches = relay.matches();
    const shown = {
      waiting: fitting(
        waiting.map((player) => tellPlayer(player, nowS)),
        bytesMost,
      ),
      matches: fitting(
        matches.map((match) => tellMatch(match, nowS)),
        bytesMost,
      ),
    };
    return {
      ...shown,
      most: { waiting: host.settings.turnWaiting, matches: host.settings.turnMatches },
      more: shown.waiting.length < waiting.length || shown.matches.length < matches.length,
    };
  },
});

/** No keys: an operator's screen is seen by others too. */
function tellPlayer({ name, address, state, role, wants, partnerName, heardS }: Player, nowS: number) {
  const partner = role === null ? null : partnerName;
  return { name, address, state, role, wants, partner, silent: round(nowS - heardS) };
}

function tellMatch({ id, seats, over, exchangedS }: Match, nowS: number) {
  return { match: id, over, silent: round(nowS - exchangedS), seats: seats.map(tellSeat) };
}

/** `coming`, `held`: bytes that wait for it, and that it may ask for again. */
function tellSeat({ name, address, counter, comingBytes, heldBytes, gone }: Seat) {
  return { name, address, counter, coming: comingBytes, held: heldBytes, gone };
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
