/** HTML in templates: whatever is put into one is text, unless it was made by a template itself. */

/** Markup that is right as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = string | number | Html | undefined | readonly Part[];

/** `` html`<p>${anybody's}</p>` ``. Values stand between tags or within quoted attributes, never in a script or a style. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, at) => `${text}${toText(values[at - 1])}${string}`));
}

function toText(value: Part): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(toText).join('');
  return toSafe(String(value));
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Control characters, and those that turn the direction of text around, are shown as what they are not: nothing. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function toSafe(text: string): string {
  return text
    .replace(unseen, (one) => (one === '\n' || one === '\t' ? one : '\ufffd'))
    .replace(/[&<>"']/g, (one) => entities.get(one) ?? one);
}
