/**
 * Search, deep links, and trying a method, on the page of methods. Who tries is who the typed token says: the token is in the memory
 * of this page alone, and no cookie goes with a request.
 */

/** Longest answer that is shown. */
const mostShown = 100_000;

type Outcome = { readonly status: number; readonly ok: boolean; readonly text: string; readonly tookMs: number };

function byId<Wanted extends HTMLElement>(id: string): Wanted | null {
  return document.getElementById(id) as Wanted | null;
}

function typedToken(): string {
  return byId<HTMLInputElement>('_token')?.value.trim() ?? '';
}

const tokenPattern = /^[\w-]{1,200}$/;

/** Headers with the token, when one is typed and can be one: what else is in the field is not sent anywhere. */
function withToken(headers: Record<string, string> = {}): Record<string, string> {
  const token = typedToken();
  return tokenPattern.test(token) ? { ...headers, authorization: `Bearer ${token}` } : headers;
}

async function call(method: string, body: string): Promise<Outcome> {
  const began = performance.now();
  const response = await fetch(`/rpc/${method}`, {
    method: 'POST',
    credentials: 'omit',
    headers: withToken({ 'content-type': 'application/json' }),
    body,
  });
  const text = await response.text();
  return { status: response.status, ok: response.ok, text, tookMs: Math.round(performance.now() - began) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Why a call is not sent. Who means to be somebody is not taken for a stranger. */
function wrongWith(params: string): string | undefined {
  if (params.trim() !== '' && parse(params) === undefined) return 'The params are not JSON.';
  const token = typedToken();
  return token === '' || tokenPattern.test(token) ? undefined : 'What stands as the token cannot be one.';
}

async function tryMethod(form: HTMLFormElement): Promise<void> {
  const params = form.querySelector('textarea')?.value ?? '';
  const outcome = form.querySelector<HTMLElement>('.outcome');
  const answer = form.querySelector<HTMLElement>('.answer');
  if (outcome === null || answer === null) return;
  form.querySelector('.use')?.remove();
  answer.hidden = true;
  const wrong = wrongWith(params);
  outcome.dataset.ok = 'false';
  if (wrong !== undefined) {
    outcome.textContent = wrong;
    return;
  }
  outcome.textContent = 'Sent …';
  try {
    const { status, ok, text, tookMs } = await call(form.dataset.method ?? '', params.trim());
    const value = parse(text);
    outcome.textContent = `${status} ${ok ? 'answered' : 'refused'} in ${tookMs} ms`;
    outcome.dataset.ok = String(ok);
    answer.textContent = (value === undefined ? text : JSON.stringify(value, null, 2)).slice(0, mostShown);
    answer.hidden = false;
    offerToken(form, value);
  } catch (error) {
    outcome.textContent = `The node did not answer: ${String(error)}`;
    outcome.dataset.ok = 'false';
  }
}

/** A login, or a guest who entered, can go on as who they are. */
function offerToken(form: HTMLFormElement, value: unknown): void {
  const { token, resume } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const given = typeof token === 'string' ? token : resume;
  const field = byId<HTMLInputElement>('_token');
  if (typeof given !== 'string' || field === null) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'use';
  button.textContent = 'Go on with this token';
  button.addEventListener('click', () => {
    field.value = given;
    button.textContent = 'The token is in its field';
  });
  form.append(button);
}

/** Shows the methods that have all the words, and says how many. */
function search(words: readonly string[]): void {
  let count = 0;
  for (const section of document.querySelectorAll<HTMLElement>('.plugin')) {
    let here = 0;
    for (const article of section.querySelectorAll('article')) {
      const text = `${article.id} ${article.querySelector('.doc')?.textContent} ${keysOf(article)}`.toLowerCase();
      const fits = words.every((word) => text.includes(word));
      article.hidden = !fits;
      if (fits) here += 1;
    }
    section.hidden = here === 0;
    const entry = document.querySelector(`nav a[href="#${CSS.escape(section.id)}"]`)?.closest('li');
    if (entry) entry.hidden = here === 0;
    count += here;
  }
  const about = byId('_about');
  if (about) about.hidden = words.length > 0;
  const found = byId('_found');
  const told = `${count} ${count === 1 ? 'method fits' : 'methods fit'}${count === 0 ? '' : '; Enter opens the first'}`;
  if (found) found.textContent = words.length === 0 ? '' : told;
  const none = byId('_none');
  if (none) none.hidden = count > 0;
}

/** The first one that a search has left. */
function openFirst(): void {
  const first = document.querySelector<HTMLElement>('.plugin:not([hidden]) article:not([hidden])');
  if (!first) return;
  if (location.hash === `#${first.id}`) follow();
  else location.hash = first.id;
}

function keysOf(article: HTMLElement): string {
  return [...article.querySelectorAll('th[scope=row]')].map((cell) => cell.textContent).join(' ');
}

/** Buttons to take an example along, where the browser lets a page do that. */
function addCopies(details: HTMLElement): void {
  if (!navigator.clipboard) return;
  for (const pre of details.querySelectorAll<HTMLElement>('pre:not(.answer)')) {
    if (pre.previousElementSibling?.matches('.copy')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy ${pre.getAttribute('aria-label') ?? ''}`);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(pre.textContent ?? '').then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Not allowed'),
      );
    });
    pre.before(button);
  }
}

/** Marks in the list of plugins the one that is read. */
function watchPlace(): void {
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>('nav a')].map((link) => [link.hash.slice(1), link]),
  );
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const [id, link] of links) {
          if (id === target.id) link.setAttribute('aria-current', 'true');
          else link.removeAttribute('aria-current');
        }
      }
    },
    // A line a little below the top of the window.
    { rootMargin: '-15% 0px -85% 0px' },
  );
  for (const section of document.querySelectorAll('.about, .plugin')) watcher.observe(section);
}

/** Goes to what the address names, and opens it where it is a method. */
function follow(): void {
  const target = byId(location.hash.slice(1));
  if (!target) return;
  if (target.closest('[hidden]')) clear();
  const details = target.matches('article') ? target.querySelector('details') : null;
  if (details) details.open = true;
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}

function clear(): void {
  const field = byId<HTMLInputElement>('_search');
  if (field) field.value = '';
  search([]);
}

/** What needs this script is shown when it runs. */
function show(): void {
  for (const form of document.querySelectorAll<HTMLElement>('form[hidden]')) form.hidden = false;
  for (const place of document.querySelectorAll('[data-origin]')) place.textContent = location.origin;
  const first = document.querySelector<HTMLElement>('.about');
  if (first) addCopies(first);
  watchPlace();
}

/** The page as somebody with the typed token sees it, in the place of the locked one. */
async function unlock(): Promise<void> {
  const told = byId('_told');
  const token = typedToken();
  const response = await fetch(location.pathname, { credentials: 'omit', headers: withToken() });
  if (!response.ok) {
    if (told)
      told.textContent = response.status === 429 ? 'Wait a moment, then try again.' : 'This is no operator’s token.';
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.body.replaceWith(document.adoptNode(page.body));
  const field = byId<HTMLInputElement>('_token');
  if (field) field.value = token;
  show();
  follow();
  byId('_methods')?.focus();
}

document.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  if (form.matches('.try')) void tryMethod(form);
  else if (form.id === '_find') openFirst();
  else if (form.id === '_who' && byId('_locked')) void unlock();
});

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.id === '_search')
    search(target.value.toLowerCase().split(/\s+/).filter(Boolean));
});

document.addEventListener('keydown', (event) => {
  const field = event.target as HTMLElement;
  const isTyping = field.matches('input, textarea');
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    byId('_search')?.focus();
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && field.matches('.try textarea')) {
    field.closest('form')?.requestSubmit();
  } else if (event.key === 'Escape' && field.id === '_search') clear();
});

// Of many methods few are opened.
document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.open) addCopies(target);
  },
  true,
);

window.addEventListener('hashchange', follow);
show();
follow();
