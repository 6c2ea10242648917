import { forTab } from '../parts/kept.ts';

const key = 'roost-dev';

/**
 * The token of the link that `npm start` prints, kept for this tab. It leaves the address bar at once: nobody reads it over
 * a shoulder, and no bookmark keeps it.
 */
export function takeToken(): string | undefined {
  const found = /^#dev=([\w-]{16,64})$/.exec(location.hash)?.[1];
  if (found === undefined) return forTab.get(key) ?? undefined;
  forTab.set(key, found);
  history.replaceState(null, '', location.pathname + location.search);
  return found;
}

/** It opens nothing any more: the node was started again. */
export function forgetToken(): void {
  forTab.set(key, null);
}

/** The link opened in a page that is there already: the connection is made anew, with the token. */
export function reloadOnLink(): void {
  addEventListener('hashchange', () => location.hash.startsWith('#dev=') && location.reload());
}
