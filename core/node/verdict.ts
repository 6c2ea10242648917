/** Whose doing the end of a worker was, from how it ended and its last words. */
import type { ZoneId } from '../contract/link.ts';
import { killed } from './worker.ts';

/** What ran last, as far as a worker's last words tell. They are claims, like everything it says. */
export type Verdict =
  /** Somebody outside killed it, or there is nothing to go by. */
  | { readonly kind: 'nobody' }
  /** Something of this zone ran, nobody knows what. */
  | { readonly kind: 'zone'; readonly zone: ZoneId; readonly why: string }
  /** This handler ran, of the object with this slot (-1: the zone itself). */
  | {
      readonly kind: 'handler';
      readonly zone: ZoneId;
      readonly slot: number;
      readonly handler: number;
      readonly why: string;
    };

type Words = {
  readonly zone?: unknown;
  readonly number?: unknown;
  readonly reason?: unknown;
  readonly slot?: unknown;
  readonly handler?: unknown;
  readonly ms?: unknown;
  readonly rss?: unknown;
};

/** What the watchdog ended it for, in words: the reasons that a script may be the cause of. */
const reasons = new Map<unknown, string>([
  ['hangs', 'it did not come back'],
  ['memory', 'it took more memory than a worker may'],
  ['frame', 'it left more to be told in one tick than there is room for'],
]);

/** @param blame  The worker's last lines, oldest first. */
export function readVerdict(why: string, blame: readonly string[]): Verdict {
  const words = blame.map(read);
  const last = words.findLast(({ reason }) => reason !== undefined);
  if (last?.reason === 'orphan' || (last === undefined && killed.test(why))) return { kind: 'nobody' };
  const entry = words.findLast(({ zone }) => typeof zone === 'string');
  const zone = zoneOf(last, words) ?? (typeof entry?.zone === 'string' ? entry.zone : null);
  if (zone === null) return { kind: 'nobody' };
  const told = inWords(last, why);
  // Where the watchdog names none it is the last line before an entry that counts: in careful mode it names the handler.
  const doing = last?.handler === undefined && entry?.zone === zone ? entry : last;
  const { slot, handler } = doing ?? {};
  if (typeof slot !== 'number' || typeof handler !== 'number' || handler < 0) return { kind: 'zone', zone, why: told };
  return { kind: 'handler', zone, slot, handler, why: told };
}

/** The watchdog knows zones by number: the lines before entries say which. */
function zoneOf(last: Words | undefined, words: readonly Words[]): ZoneId | null {
  if (typeof last?.zone === 'string') return last.zone;
  if (typeof last?.zone !== 'number') return null;
  const line = words.findLast(({ zone, number }) => typeof zone === 'string' && number === last.zone);
  return line ? (line.zone as string) : null;
}

function inWords(last: Words | undefined, why: string): string {
  const reason = reasons.get(last?.reason);
  if (reason === undefined) return `its worker ended (${why})`;
  if (last?.reason === 'memory') {
    return typeof last.rss === 'number' ? `${reason} at ${Math.round(last.rss / 1_048_576)} MB` : reason;
  }
  if (last?.reason !== 'hangs') return reason;
  const after = typeof last.ms === 'number' && last.ms > 0 ? ` after ${Math.round(last.ms)} ms` : '';
  return `${reason}${after}, its worker was ended (an endless loop, or memory that only grows?)`;
}

/** A line that is no JSON object, cut off by the end perhaps, says nothing. */
function read(line: string): Words {
  try {
    return { ...(JSON.parse(line) as object | null) };
  } catch {
    return {};
  }
}
