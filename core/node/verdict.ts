/** Whose doing the end of a worker was, from how it ended and its last words. */
import type { ZoneId } from '../contract/link.ts';
import { killed } from './worker.ts';

type Words = { readonly zone?: unknown; readonly reason?: unknown };

/**
 * Whether the zone may have ended its worker: the one whose entry ran last, or any when nobody knows. Nobody is to blame
 * for a kill from outside, and neighbours never are.
 * @param blame  The worker's last lines, oldest first: claims, like everything it says.
 */
export function isBlamed(zone: ZoneId, why: string, blame: readonly string[]): boolean {
  const words = blame.map(read);
  if (killed.test(why) && !words.some(({ reason }) => reason !== undefined)) return false;
  const last = words.findLast((word) => typeof word.zone === 'string');
  return last === undefined || last.zone === zone;
}

/** A line that is no JSON object, cut off by the end perhaps, says nothing. */
function read(line: string): Words {
  try {
    return { ...(JSON.parse(line) as object | null) };
  } catch {
    return {};
  }
}
