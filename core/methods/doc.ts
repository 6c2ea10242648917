/** The first sentence of the comment above `defineMethod`: what `host.info` says a method does. */

const docLength = 300;

/** Empty when there is no comment. */
export function docOf(source: string): string {
  const at = /^.*\bdefineMethod\s*(?:<[^>]*>\s*)?\(/m.exec(source)?.index;
  if (at === undefined) return '';
  const sentence = commentBefore(source.slice(0, at)).replace(/\s+/g, ' ').trim();
  return (/^.*?[.!?](?= |$)/.exec(sentence)?.[0] ?? sentence).slice(0, docLength);
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
