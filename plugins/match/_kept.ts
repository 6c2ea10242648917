/** Matches that outlive the node: those in zones that had started. Who was waiting asks again. */
import { type Host, type Json, z } from 'roost/plugin';
import type { Book, Saved } from './_book.ts';
import type { Match, Ticket } from './_tickets.ts';

/** Of what is written down: another build may write it in another form. */
const form = 2;

export const table = `create table matches (
  id text primary key,
  made double precision not null,
  body text not null
)`;

const body = z.looseObject({
  form: z.literal(form),
  match: z.looseObject({ id: z.string(), seats: z.array(z.looseObject({}).nullable()) }),
  tickets: z.array(z.looseObject({ id: z.string(), owner: z.string() })),
});

const write = `insert into matches (id, made, body) values (?, ?, ?)
  on conflict (id) do update set body = excluded.body`;

/** Writes it down as it is now: the keys of tickets are not in it, only what recognises them. */
export async function keep(host: Host, match: Match, players: readonly Ticket[]): Promise<void> {
  const tickets = players.map((ticket) => ({ ...ticket, key: null, once: null }));
  const text = JSON.stringify({ form, match, tickets });
  await host.db.transaction((trx) => trx.run(write, [match.id, host.clock.now(), text]));
}

export async function forget(host: Host, match: string): Promise<void> {
  await host.db.transaction((trx) => trx.run('delete from matches where id = ?', [match]));
}

/** It is over; what stands in the zone that was its own is to be removed when nobody is in it any more. */
export async function keepOver(host: Host, match: string, zone: string): Promise<void> {
  const text = JSON.stringify({ form, over: zone });
  await host.db.transaction((trx) => trx.run(write, [match, host.clock.now(), text]));
}

const over = z.object({ form: z.literal(form), over: z.string() });

/** Zones of matches that are over, by match. */
export async function zonesOver(host: Host): Promise<ReadonlyMap<string, string>> {
  const rows = await host.db.read('select id, body from matches');
  return new Map(
    rows.flatMap(({ id, body: text }) => {
      const read = over.safeParse(JSON.parse(String(text)));
      return read.success ? [[String(id), read.data.over] as const] : [];
    }),
  );
}

/** After a start of the node: everybody has the mode's time to come back. */
export async function recall(host: Host, book: Book, now: number): Promise<void> {
  for (const row of await host.db.read('select body from matches order by made')) {
    const read = body.safeParse(JSON.parse(String(row.body)));
    // Written by this very plugin: the number of its form says the rest.
    if (!read.success) continue;
    const { match, tickets } = read.data as unknown as { readonly match: Match; readonly tickets: readonly Ticket[] };
    const seats = match.seats.map(
      (seat) => seat && { ...seat, character: null, since: now, there: seat.ticket === null },
    );
    // It may have been written just before its start.
    const started = { state: 'started', found: null, why: null } as const;
    const times = { asked: now, matched: now, heard: now, rest: now, party: null, session: null };
    book.load({
      ...{ order: Math.max(0, ...tickets.map(({ order }) => order)), parties: [], founds: [], avoided: [] },
      matches: [{ ...match, phase: 'running', made: now, seats }],
      tickets: tickets.map((ticket) => ({ ...ticket, ...times, ...started })),
    });
  }
}

const saved = z.looseObject({
  form: z.literal(form),
  ...{ tickets: z.array(z.unknown()), matches: z.array(z.unknown()), founds: z.array(z.unknown()) },
  ...{ parties: z.array(z.unknown()), avoided: z.array(z.unknown()), order: z.number() },
});

/** For the next build of the plugin. */
export function handOver(book: Book): Json {
  return { form, ...book.save() } as unknown as Json;
}

/** False when the former build left nothing that this one can go on with. */
export function takeOver(book: Book, former: Json | undefined): boolean {
  const read = saved.safeParse(former);
  if (read.success) book.load(read.data as unknown as Saved);
  return read.success;
}
