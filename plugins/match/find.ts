import { createHash } from 'node:crypto';
import { type Caller, defineMethod, type Host, HostError, line, type ModeSpec, toSkeleton, z } from 'roost/plugin';
import { ask, checkRoom, findOwn, findRepeat, partyMost } from './_asks.ts';
import { type Desk, deskOf, idOf, knownOf, modesOf, newKey } from './_desk.ts';
import { leave } from './_matches.ts';
import { paceOf } from './_pace.ts';
import { statusOf } from './_status.ts';
import { isLive, personOf, type Ticket } from './_tickets.ts';
import { wallsOf } from './_walls.ts';
import { checkFree, nameFor } from './_who.ts';

const propertiesMost = 8;
const word = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'wanted small letters, digits and -, at most 32');
const few = (values: object) => Object.keys(values).length <= propertiesMost;

/**
 * Asks for a match with others who want to play the same, and gives the ticket that it goes on with.
 * @returns a status, as `match.status` does
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: z.object({
    game: word.optional(),
    mode: word.optional(),
    /** Of somebody who plays no character. */
    name: z.string().max(64).optional(),
    /** Names of those that it has to be, and nobody else. */
    with: z.array(line(64)).min(1).max(7).optional(),
    /** How many you are together, or the code of somebody's party. */
    party: z.union([z.int().min(2).max(partyMost), z.string().min(1).max(32)]).optional(),
    host: z.enum(['open', 'private']).optional(),
    numbers: z.record(word, z.number().min(-1e9).max(1e9)).refine(few, `at most ${propertiesMost}`).default({}),
    texts: z.record(word, line(32)).refine(few, `at most ${propertiesMost}`).default({}),
    /** Of your own chance: a repeat with the same gets the ticket of the first time. */
    once: z.string().min(16).max(64).optional(),
  }),
  async handle({ caller, params, host }) {
    if (caller.account === null && !host.settings.guests)
      throw new HostError('auth.account-needed', 'Nobody plays here without an account');
    const desk = deskOf(host);
    const { book } = desk;
    const game = params.game ?? host.game;
    const once = params.once === undefined ? null : onceOf(caller, params.once);
    const known = findRepeat(book, once);
    if (known) return statusOf(book, known, desk.now);
    const mode = typeof params.party === 'string' ? '' : modeFor(host, game, params.mode).name;
    const name = await nameFor(host, caller, params.name);
    const { address } = caller;
    const who = knownOf(caller);
    const me = personOf(who);
    const walls = (await wallsOf(host, [me])).get(me) ?? [];
    // From here on nothing is waited for: of two questions at once the second finds what the first did.
    const repeat = findRepeat(book, once);
    if (repeat) return statusOf(book, repeat, desk.now);
    checkOnly(desk, findOwn(book, who));
    checkFree(book, caller, name);
    const { matchWaiting: waiting, matchPerAddress: perAddress } = host.settings;
    checkRoom(book, caller.loopback ? null : address, { waiting, perAddress });
    if (!caller.loopback) paceOf(host).take(address, perAddress, desk.now);
    const { numbers, texts, host: opens = null, party = null } = params;
    const wants = [...new Set((params.with ?? []).map(toSkeleton))];
    const key = newKey();
    const person = { ...who, name, address };
    const wish = { game, mode, wants, host: opens, numbers, texts, walls, once };
    const ticket = ask(book, { person, wish, party, id: idOf(key), key }, desk.now);
    desk.settle();
    return statusOf(book, ticket, desk.now);
  },
});

/** @throws HostError match.unknown-mode */
function modeFor(host: Host, game: string, given: string | undefined): ModeSpec {
  const isOpen = host.dev || host.zones.game(game)?.dev === false;
  const modes = (isOpen ? modesOf(host, game) : undefined) ?? [];
  const mode = given === undefined && modes.length === 1 ? modes[0] : modes.find(({ name }) => name === given);
  if (mode) return mode;
  const names = modes.map(({ name }) => name).join(', ');
  throw new HostError('match.unknown-mode', names === '' ? `There is no game "${game}"` : `Wanted a mode: ${names}`);
}

/** One ticket at a time. What was brought together over a relay is nothing to leave. @throws HostError match.already */
function checkOnly(desk: Desk, own: Ticket | undefined): void {
  if (!own || !isLive(own)) return;
  const match = own.match === null ? undefined : desk.book.matches.get(own.match);
  if (match?.begun && match.zone === null) return leave(desk.book, own, 'match.left', desk.now);
  throw new HostError('match.already', 'You have asked for a match already', statusOf(desk.book, own, desk.now));
}

/** What somebody else sent from elsewhere is another question. */
function onceOf({ address, account }: Caller, once: string): string {
  return createHash('sha256')
    .update(`${address} ${account?.id ?? ''} ${once}`)
    .digest('hex');
}
