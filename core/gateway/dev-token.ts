/** The token of the link that `npm start` prints: who opens it on this machine may edit scripts from the page. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a session with the token may do beside everything else. */
export const buildPrivilege = 'build';

/** 128 random bits, new at each start: an old link opens nothing. */
export function createDevToken(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * Whether what a client presented as `auth: { dev }` is the token. Takes the same time whatever is wrong with it.
 * @param loopback  The connection comes from this machine, and not through a proxy.
 */
export function admitsToken(token: string | undefined, presented: unknown, loopback: boolean): boolean {
  if (token === undefined || typeof presented !== 'string' || !loopback) return false;
  return timingSafeEqual(digest(token), digest(presented));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
