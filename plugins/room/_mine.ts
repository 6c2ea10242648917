import { type Caller, type Host, HostError, type PlayerCaller } from 'roost/plugin';
import type { Member, Room } from './_memory.ts';
import { roomsOf } from './_memory.ts';
import { lobby } from './_names.ts';

export function toMember({ owner, name, account, id }: PlayerCaller): Member {
  return { owner, name, account: account?.id ?? null, session: id };
}

/** Account, or address of a guest: what limits go by. */
export function makerOf({ account, address }: Caller): string {
  return account?.id ?? address;
}

/**
 * The room that the caller means and is in; without a name his only one. A room that he is not in is not told from one that
 * does not exist.
 * @throws HostError room.lobby, room.unknown, room.none
 */
export function getMine(host: Host, { owner }: Caller, name: string | undefined): Room {
  if (name === lobby) throw new HostError('room.lobby', 'The lobby is no room: nobody hears anybody there');
  const mine = [...roomsOf(host).values()].filter(({ members }) => members.has(owner));
  const found = name === undefined && mine.length === 1 ? mine[0] : mine.find((room) => room.name === name);
  if (found) return found;
  if (name !== undefined) throw new HostError('room.unknown');
  throw new HostError('room.none', mine.length === 0 ? 'You are in no room' : 'Say which of your rooms you mean');
}
