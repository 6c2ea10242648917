/** Who may read /metrics: with a token whoever has it, without one programs on this machine. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * A page is never a reader, wherever it was loaded from: its code is a designer's. What a person types into the browser's
 * address bar is no page's doing (`sec-fetch-site: none`).
 * @param token  Empty when there is none.
 * @param loopback  The request comes from this machine, and not through a proxy.
 */
export function admitsReader(token: string, headers: IncomingHttpHeaders, loopback: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined || headers.referer !== undefined || (site !== undefined && site !== 'none'))
    return false;
  if (token === '') return loopback;
  const given = /^Bearer ([\w-]{1,200})$/.exec(headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
