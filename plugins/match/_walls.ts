/** Who blocked whom, as the plugin `friends` knows it. */
import { type Host, HostError, z } from 'roost/plugin';
import { personOf, type Ticket } from './_tickets.ts';

const told = z.object({ walls: z.array(z.tuple([z.string(), z.string()])) });

/** People in one question. */
const most = 200;

/** For each person those who blocked him, or whom he blocked. Nobody where there is no such plugin. */
export async function wallsOf(host: Host, people: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const walls = new Map<string, string[]>();
  const add = (one: string, other: string) => walls.set(one, [...(walls.get(one) ?? []), other]);
  for (let at = 0; at < people.length; at += most) {
    const some = people.slice(at, at + most);
    for (const [one, other] of await ask(host, some)) {
      add(one, other);
      add(other, one);
    }
  }
  return walls;
}

/** Looks again: somebody may have blocked somebody since he asked for a match. */
export async function renewWalls(host: Host, tickets: readonly Ticket[]): Promise<void> {
  if (tickets.length === 0) return;
  const walls = await wallsOf(host, tickets.map(personOf));
  for (const ticket of tickets) ticket.walls = walls.get(personOf(ticket)) ?? [];
}

async function ask(host: Host, people: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  try {
    return told.parse(await host.call('friends.walls', { people: [...people] }, { as: 'server' })).walls;
  } catch (error) {
    if (error instanceof HostError && error.code === 'call.unknown-method') return [];
    throw error;
  }
}
