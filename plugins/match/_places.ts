/** What a match runs in: a zone, one of its own, or a relay. */
import { type Host, HostError, type JsonObject, z } from 'roost/plugin';
import type { Match, Ticket } from './_tickets.ts';

const opened = z.object({ match: z.string(), seats: z.array(z.object({ key: z.string(), seat: z.number() })) });

/** Seconds in which something has to be exchanged over a relay; `turn.keep` makes it longer. */
const relayS = 120;

/** The zone that is the match's own. */
export function ownZone({ zone }: Match): string | null {
  return zone?.includes('@') ? zone : null;
}

/**
 * Makes it ready for its players.
 * @returns For a relay what each seat is used with, in the order of the seats; null for a zone.
 * @throws HostError zone.*, turn.*
 */
export async function open(
  host: Host,
  match: Match,
  players: readonly Ticket[],
): Promise<readonly JsonObject[] | null> {
  if (match.zone === null) return openRelay(host, players);
  await lend(host, match, players);
  const zone = await host.zones.open(match.zone);
  if (zone.who().length + players.length > capacityOf(host, match.zone)) throw new HostError('zone.full');
  return null;
}

function capacityOf(host: Host, zone: string): number {
  const [game = '', place = ''] = zone.split('/');
  const name = place.replace(/@.*/, '');
  return host.zones.game(game)?.zones.find((spec) => spec.name === name)?.capacity ?? 0;
}

/** Says who comes into a zone that is the match's own. */
export async function lend(host: Host, match: Match, players: readonly Ticket[]): Promise<void> {
  const zone = ownZone(match);
  if (zone === null) return;
  const who = players.map(({ owner, account }) => ({ player: owner, account }));
  await host.call('zone.lend', { zone, players: who }, { as: 'server' });
}

async function openRelay(host: Host, players: readonly Ticket[]): Promise<readonly JsonObject[]> {
  const names = players.map(({ name }, at) => name ?? `Player ${at + 1}`);
  const seats = players.map(({ owner }, at) => ({ name: names[at] as string, owner }));
  const relay = opened.parse(await host.call('turn.open', { seats, seconds: relayS }, { as: 'server' }));
  return relay.seats.map(({ key, seat }) => ({ match: relay.match, key, seat, names }));
}

const told = z.object({ ended: z.array(z.string()) });

/** Those of these whose relay has ended. */
export async function withoutRelay(host: Host, matches: readonly Match[]): Promise<readonly Match[]> {
  const idOf = (match: Match) => String(relayOf(match)?.match);
  const { ended } = told.parse(await host.call('turn.ended', { matches: matches.map(idOf) }, { as: 'server' }));
  const gone = new Set(ended);
  return matches.filter((match) => gone.has(idOf(match)));
}

function relayOf({ seats }: Match): JsonObject | null | undefined {
  return seats.find((seat) => seat?.relay)?.relay;
}

/**
 * What is not needed any more. A relay that has begun ends by itself: its last texts may not have been read.
 * @param unheard  A relay that nobody has heard of.
 */
export async function close(host: Host, match: Match, unheard?: JsonObject): Promise<void> {
  const zone = ownZone(match);
  if (zone !== null) await host.call('zone.take-back', { zone }, { as: 'server' });
  const relay = unheard ?? relayOf(match);
  if (relay && !match.begun) await host.call('turn.close', { match: String(relay.match) }, { as: 'server' });
}

const answered = z.looseObject({ over: z.boolean().optional() }).nullable();

/** Tells the zone's script what is different about a seat. True when it says that the match is over. */
export async function tellScript(host: Host, match: Match, at: number): Promise<boolean> {
  if (match.zone === null) return false;
  const seat = match.seats[at];
  const zone = await host.zones.open(match.zone);
  const params = {
    ...{ match: match.id, mode: match.mode, seats: match.seats.length, seat: at },
    ...(seat?.name != null && { name: seat.name }),
    ...(seat?.character != null && { character: seat.character }),
    ...{ bot: seat?.ticket === null, open: !seat },
  };
  try {
    const { result } = await zone.run(null, 'seat', params);
    const read = answered.safeParse(result);
    return read.success && read.data?.over === true;
  } catch (error) {
    if (error instanceof HostError && error.code === 'object.unknown-method') return false;
    throw error;
  }
}
