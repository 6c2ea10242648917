/** What the page remembers: for the next visit, or over a reload of this tab. */
import { forTab, forVisits } from '/farmyard/parts/kept.ts';

export type Match = { readonly ticket: string; readonly name: string };

export function recall(key: string): string {
  return forVisits.get(`twine-${key}`) ?? '';
}

export function remember(key: string, value: string): void {
  forVisits.set(`twine-${key}`, value);
}

/** The match of this tab. */
export function recallMatch(): Match | null {
  return JSON.parse(forTab.get('twine-match') ?? 'null') as Match | null;
}

export function rememberMatch(match: Match | null): void {
  forTab.set('twine-match', match && JSON.stringify(match));
}

/** What brings the guest's character of this tab back, over either wire. */
export const resumeStorage = {
  get: () => forTab.get('twine-resume'),
  set: (resume: string | null) => forTab.set('twine-resume', resume),
};

/** Something that nobody else makes up: 128 bits. Also where the page is not served by https. */
export function makeOnce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
