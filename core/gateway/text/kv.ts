/**
 * Messages of keys and values on one line, as somebody can type them: `msg=chat.say&text=hello`, or `msg:chat.say,text:hello`. What
 * would be taken for a part of the form, `%`, and controls stand as `%` and two hexadecimal digits.
 */
import type { Json } from '../../contract/content.ts';

/** The two ways in which it was written over the years. */
export type KvForm = {
  readonly between: '&' | ',';
  readonly after: '=' | ':';
  /** All that could end a line, a pair or a key. */
  readonly special: RegExp;
};

export const usualForm: KvForm = { between: '&', after: '=', special: /[\p{Cc}%~&=]/gu };
const otherForm: KvForm = { between: ',', after: ':', special: /[\p{Cc}%~,:]/gu };

export type KvMessage = { readonly form: KvForm; readonly fields: ReadonlyMap<string, string> };

/** A word alone is `msg`. Undefined when a pair has no key, or a key comes twice. */
export function readKv(line: string): KvMessage | undefined {
  const form = /^\s*[\w.-]+:/.test(line) ? otherForm : usualForm;
  const fields = new Map<string, string>();
  for (const pair of line.trimStart().split(form.between)) {
    const at = pair.indexOf(form.after);
    const key =
      at === -1 && fields.size === 0 && /^[\w.-]+$/.test(pair) ? 'msg' : decode(pair.slice(0, Math.max(at, 0))).trim();
    if (key === '' || fields.has(key)) return undefined;
    fields.set(key, decode(pair.slice(at + 1)));
  }
  return { form, fields };
}

export function writeKv({ between, after, special }: KvForm, fields: Iterable<readonly [string, Json]>): string {
  return [...fields]
    .map(([key, value]) => `${encode(key, special)}${after}${encode(toText(value), special)}`)
    .join(between);
}

function toText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function encode(text: string, special: RegExp): string {
  return text.toWellFormed().replace(special, (char) => encodeURIComponent(char).replace('~', '%7E'));
}

/** What is no escape stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return text; // Escapes that are no UTF-8: as it was typed.
  }
}
