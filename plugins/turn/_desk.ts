/** The relay of a node, and what its doors have in common: who asks, how much, and what an outcome is in JSON. */
import { randomBytes } from 'node:crypto';
import { type Caller, type Host, HostError, type JsonObject, perNode, z } from 'roost/plugin';
import { Relay } from './_relay.ts';
import { type Answered, type From, type Outcome, type Refusal, type Refused, refused, type Watcher } from './_rules.ts';
import { Spam } from './_spam.ts';

export type Desk = { readonly relay: Relay; readonly spam: Spam };

/** Of the node whose host it is: several may live in one process. */
export const deskOf = perNode<Desk>((host) => ({
  relay: new Relay({
    limits: () => ({
      waiting: host.settings.turnWaiting,
      matches: host.settings.turnMatches,
      waitingPerAddress: host.settings.turnWaitingPerAddress,
      matchesPerAddress: host.settings.turnMatchesPerAddress,
      silentS: host.settings.turnSilentMs / 1_000,
      exchangeS: host.settings.turnExchangeMs / 1_000,
    }),
    newKey: () => randomBytes(16).toString('base64url'),
    tell: (watcher: Watcher, note) => host.send(watcher, 'turn', note),
  }),
  spam: new Spam(() => host.settings.turnPerSecond),
}));

export function secondsOf({ clock }: Pick<Host, 'clock'>): number {
  return clock.monotonicMs() / 1000;
}

/** The secret of a player, or of a seat. */
export const key = z.string().min(1).max(64);
/** UTF-8 bytes of one text. */
const textBytes = 16_384;
export const text = z
  .string()
  .max(textBytes)
  .refine((given) => Buffer.byteLength(given) <= textBytes, `has more than ${textBytes} bytes`)
  // In UTF-8 there is no such thing: it would arrive as another text.
  .refine((given) => given.isWellFormed(), 'has half a character');

/** Asks the relay, unless the address asks too much. */
export function ask<T>(host: Host, from: From, cost: number, work: (relay: Relay, nowS: number) => T): T | Refused {
  const { relay, spam } = deskOf(host);
  const nowS = secondsOf(host);
  const waitS = from.free ? 0 : spam.take(from.address, cost, nowS);
  return waitS > 0 ? refused('too-fast', { waitS }) : work(relay, nowS);
}

/** Does a step for the caller of a method. @throws HostError turn.* */
export function askFor(
  host: Host,
  caller: Caller,
  work: (relay: Relay, from: From, nowS: number) => Outcome,
  cost = 1,
): JsonObject {
  const from = fromOf(caller);
  return toResult(ask(host, from, cost, (relay, nowS) => work(relay, from, nowS)));
}

function fromOf({ id, via, address, loopback }: Caller): From {
  return { address, free: loopback || via === 'server', watcher: via === 'socket' ? { session: id } : null };
}

/** @throws HostError turn.* */
function toResult(outcome: Outcome): JsonObject {
  switch (outcome.kind) {
    case 'registered':
      return { key: outcome.key, seconds: outcome.silentS };
    case 'waiting':
      return { state: 'waiting' };
    case 'paired':
      return { state: 'paired', partner: outcome.partner, role: outcome.role };
    case 'loading':
      return { state: 'loading', role: outcome.role };
    case 'partner-loading':
      return { state: 'ready' };
    case 'started': {
      const { match, key: own, seat, names } = outcome;
      return { state: 'playing', match, key: own, seat, names };
    }
    case 'answer':
      return toTexts(outcome);
    case 'unregistered':
    case 'kept':
    case 'quit':
      return {};
    case 'refused':
      throw toError(outcome);
  }
}

function toTexts({ match, counter, repeated, fresh, later, news }: Answered): JsonObject {
  return { match, counter, repeated, texts: [...fresh, ...later, ...news] };
}

function toError({ why, counter, last, waitS }: Refused): HostError {
  const details = {
    ...(counter !== undefined && { counter }),
    ...(last && toTexts(last)),
    ...(waitS !== undefined && { seconds: waitS }),
  };
  return new HostError(`turn.${why}`, sentences[why], Object.keys(details).length > 0 ? details : undefined);
}

const sentences: Readonly<Record<Refusal, string>> = {
  'not-registered': 'No player of this key waits or plays: register',
  'bad-name': 'A name is 1 to 64 visible characters',
  'bad-partner': 'The name of a partner is 1 to 64 visible characters',
  full: 'As many players are waiting as may',
  'address-full': 'As many players of your address are waiting as may',
  'matches-full': 'As many matches go on as may: say again that you are ready',
  'address-matches-full': 'As many matches of your address go on as may',
  'partner-gone': 'Your partner is gone: you wait for another one',
  'named-gone': 'Whom you named is gone, and you are not registered any more',
  'no-match': 'No match goes on for this key',
  'bad-seat': 'The match has no such seat',
  'not-your-seat': 'The key is for another seat',
  alone: 'Everybody else has left the match',
  behind: 'The counter is behind the last one that was answered',
  ahead: 'The counter is more than one ahead of the last one that was answered',
  'cache-full': 'More has arrived than is kept for repeats: go on to the next counter',
  'partner-full': 'As much text waits for another seat as may: send this again later',
  'too-fast': 'Your address asks too much',
};
