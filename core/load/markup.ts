/** Markup as text: everything that is put into it is escaped, unless it is markup itself. */

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | null | undefined | readonly Markup[];

/** `` html`<p>${text}</p>` ``: what is written is markup, what is put in is text. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(parts.reduce((all, part, i) => `${all}${toText(values[i - 1])}${part}`));
}

function toText(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(({ text }: Markup) => text).join('');
  return toEntities(String(part));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toEntities(text: string): string {
  // Control characters are no text in any page.
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter).replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
}
