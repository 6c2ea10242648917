/** Whose ticket it is that a caller means. */
import { type Caller, type Host, HostError, type JsonObject, z } from 'roost/plugin';
import { findOwn } from './_asks.ts';
import { type Desk, deskOf, idOf } from './_desk.ts';
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
  const account = caller.account?.id ?? null;
  const ticket =
    key === undefined ? findOwn(desk.book, { owner: caller.owner, account }) : desk.book.tickets.get(idOf(key));
  // With an account's ticket nobody else does anything, however he came by it.
  if (!ticket || (ticket.account !== null && ticket.account !== account))
    throw new HostError('match.unknown-ticket', 'There is no such ticket: ask for a match again');
  if (key !== undefined) ticket.key = key;
  // A guest is somebody else over a new connection: what he is told, and where he is let in, goes by who he is now.
  const isKnown = caller.via === 'socket' || caller.zone !== null;
  if (key !== undefined && isKnown && ticket.account === null && account === null) ticket.owner = caller.owner;
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
