/** Whose ticket it is that a caller means. */
import { type Caller, type Host, HostError, type JsonObject, z } from 'roost/plugin';
import { findOwn, follow } from './_asks.ts';
import { type Desk, deskOf, idOf, knownOf } from './_desk.ts';
import { statusOf } from './_status.ts';
import type { Ticket } from './_tickets.ts';

/** Params of everything that is asked with a ticket. */
export const withTicket = z.object({ ticket: z.string().min(1).max(64).optional() });

type Given = {
  readonly caller: Caller;
  readonly params: { readonly ticket?: string | undefined };
  readonly host: Host;
};

/**
 * The ticket that is named by its key, or the one that the caller is known to have.
 * @throws HostError match.unknown-ticket
 */
export function ticketOf(desk: Desk, caller: Caller, key: string | undefined): Ticket {
  const who = knownOf(caller);
  const ticket = key === undefined ? findOwn(desk.book, who) : desk.book.tickets.get(idOf(key));
  // With an account's ticket nobody else does anything, however he came by it.
  if (!ticket || (ticket.account !== null && ticket.account !== who.account))
    throw new HostError('match.unknown-ticket', 'There is no such ticket: ask for a match again');
  if (key !== undefined) ticket.key = key;
  // By HTTP a guest is nobody until he is in a zone.
  if (who.session !== null || who.account !== null || caller.zone !== null) follow(desk.book, ticket, who);
  return ticket;
}

/** Does something with the caller's ticket, and says how it stands then. */
export function withMine(
  { caller, params, host }: Given,
  work: (desk: Desk, ticket: Ticket) => void = () => undefined,
): JsonObject {
  const desk = deskOf(host);
  const ticket = ticketOf(desk, caller, params.ticket);
  desk.hear(ticket);
  work(desk, ticket);
  desk.settle();
  return statusOf(desk.book, ticket, desk.now);
}
