/** Headers that answers over HTTP have in common. */

/**
 * What every answer carries, whoever writes it: it is what its type says, and as a document of its own it does nothing.
 * Pages have a policy of their own.
 */
export const everywhere: Map<string, string> = new Map([
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  [
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; object-src 'none'; base-uri 'none'; " +
      "form-action 'none'; frame-ancestors 'none'",
  ],
]);

/** What all of Roost's own answers carry: no page of another origin may read them in. */
export const ownOrigin = ['cross-origin-resource-policy', 'same-origin'] as const;
