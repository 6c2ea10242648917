/** What every verb checks of what a script gives it, and what a handler may do in a second. */
import type { Look } from '../../contract/content.ts';
import { here } from './here.ts';
import { plain } from './plain.ts';
import type { Doing } from './rates.ts';
import { isKindName } from './script.ts';

/** Characters. */
export const longest = { text: 500, name: 64, word: 32, key: 64 } as const;
/** Metres per second. */
export const fastest = 100;

export function finite(value: unknown, what: string, least = -1e6, most = 1e6): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new RangeError(
      `${what} is a number from ${least} to ${most}, not ${typeof value === 'number' ? value : typeof value}`,
    );
  }
  return value;
}

/** A look as plain data. */
export function lookOf(look: unknown): Look {
  return plain(look, 'look', 1024) as Look;
}

/** A text, cut to what may be shown. */
export function textOf(value: unknown, what: string, most: number = longest.text): string {
  if (typeof value !== 'string')
    throw new TypeError(`${what} is a text, not ${value === null ? 'null' : `a ${typeof value}`}`);
  return value.slice(0, most).toWellFormed();
}

export function nameOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || value.length > longest.key || value !== value.toWellFormed()) {
    throw new TypeError(`${what} is a name of 1 to ${longest.key} characters`);
  }
  return value;
}

/** What was refused last, and in which handler. Time stands still there: a loop is refused again at once, for next to nothing. */
let over: Doing | null = null;
let overIn = 0;

/** Takes from a rate; false (and a report for each handler) when it is used up. */
export function allow(doing: Doing, n = 1): boolean {
  if (doing === over && here.turn === overIn) return false;
  const why = here.rates.take(here.me, doing, n, here.time);
  if (why === null) return true;
  refuse(doing, why);
  if (n > 1) return false;
  over = doing;
  overIn = here.turn;
  return false;
}

function refuse(verb: string, message: string): void {
  if (!here.script) return;
  here.reporter.report('refused', here.script, here.me, verb, { file: here.script.path, line: 0, column: 0, message });
}

export function kindOf(kind: unknown): string {
  if (!isKindName(kind)) throw new TypeError('a kind is lower-case letters, digits and -, such as chicken');
  return kind;
}
