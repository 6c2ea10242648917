/** The comment above `defineMethod`: what a method says of itself. */

export type Comment = {
  /** The first sentence: what `host.info` shows. */
  readonly doc: string;
  /** What follows it, up to the first tag. */
  readonly more: string;
  /** Behind `@returns`: what is answered. */
  readonly answer: string;
};

const docLength = 300;
const moreLength = 2_000;

/** All of it empty when there is no comment. */
export function readComment(source: string): Comment {
  const at = /^.*\bdefineMethod\s*(?:<[^>]*>\s*)?\(/m.exec(source)?.index;
  if (at === undefined) return { doc: '', more: '', answer: '' };
  const [words = '', ...tags] = commentBefore(source.slice(0, at)).split(/^[ \t]*@/m);
  const text = toLine(words);
  const doc = /^.*?[.!?](?= |$)/.exec(text)?.[0] ?? text;
  const answer = tags.find((tag) => /^returns\s/.test(tag))?.replace(/^returns\s/, '') ?? '';
  return {
    doc: doc.slice(0, docLength),
    more: text.slice(doc.length).trim().slice(0, moreLength),
    answer: toLine(answer).slice(0, moreLength),
  };
}

export function docOf(source: string): string {
  return readComment(source).doc;
}

function toLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function commentBefore(text: string): string {
  const before = text.trimEnd();
  if (before.endsWith('*/')) {
    const comment = before.slice(before.lastIndexOf('/*'), -2);
    return comment.replace(/^\/\*+/, '').replace(/^[ \t]*\*+ ?/gm, '');
  }
  const lines: string[] = [];
  for (const line of before.split('\n').reverse()) {
    const match = /^\s*\/\/+ ?(.*)$/.exec(line);
    if (!match) break;
    lines.unshift(match[1] as string);
  }
  return lines.join(' ');
}
