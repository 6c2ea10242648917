/** What the page remembers: for the next visit, or over a reload of this tab. A browser may refuse both. */

export type Match = { readonly ticket: string; readonly name: string };

function tried<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    // Storage is switched off in this browser: everything works, and nothing is remembered.
    return otherwise;
  }
}

export function recall(key: string): string {
  return tried(() => localStorage.getItem(`twine-${key}`), null) ?? '';
}

export function remember(key: string, value: string): void {
  tried(() => localStorage.setItem(`twine-${key}`, value), undefined);
}

/** The match of this tab. */
export function recallMatch(): Match | null {
  return tried(() => JSON.parse(sessionStorage.getItem('twine-match') ?? 'null') as Match | null, null);
}

export function rememberMatch(match: Match | null): void {
  tried(() => {
    if (match === null) sessionStorage.removeItem('twine-match');
    else sessionStorage.setItem('twine-match', JSON.stringify(match));
  }, undefined);
}

/** What brings the guest's character of this tab back, over either wire. */
export const resumeStorage = {
  get: (): string | null => tried(() => sessionStorage.getItem('twine-resume'), null),
  set(resume: string | null): void {
    tried(() => {
      if (resume === null) sessionStorage.removeItem('twine-resume');
      else sessionStorage.setItem('twine-resume', resume);
    }, undefined);
  },
};

/** Something that nobody else makes up: 128 bits. Also where the page is not served by https. */
export function makeOnce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
