import { type Host, z } from 'roost/plugin';
import type { Member } from './_memory.ts';

/** As many avatars as one answer holds. */
export const avatarsMost = 25;

const answer = z.object({ avatars: z.record(z.string(), z.string()) });

/** Avatars by account; guests and who has set none are not in it. At most `avatarsMost` members. */
export async function avatarsOf(host: Host, members: readonly Member[]): Promise<ReadonlyMap<string, string>> {
  const accounts = [...new Set(members.flatMap(({ account }) => account ?? []))];
  if (accounts.length === 0) return new Map();
  const { avatars } = answer.parse(await host.call('auth.avatars', { accounts }, { as: 'server' }));
  return new Map(Object.entries(avatars));
}

/** Null also while the database is away: nobody stays in a room, or out of it, for a picture. */
export async function avatarOf(host: Host, member: Member): Promise<string | null> {
  try {
    const avatars = await avatarsOf(host, [member]);
    return (member.account !== null && avatars.get(member.account)) || null;
  } catch (error) {
    host.log.warn({ error: String(error) }, 'avatar not read');
    return null;
  }
}
