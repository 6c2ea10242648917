/** How deep brackets are nested in TypeScript: the stripper of types traps or hangs on what no person writes. */
const DEEPEST = 200;

/** Where the brackets become too deep, or null. Brackets in strings and comments do not count. */
export function findTooDeep(source: string): { readonly line: number; readonly column: number } | null {
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  let closing = '';
  for (let i = 0; i < source.length; i++) {
    const character = source[i] as string;
    if (character === '\n') {
      line++;
      lineStart = i + 1;
      if (closing !== '*/') closing = '';
    } else if (closing !== '') {
      if (character === '\\' && closing !== '*/') i++;
      else if (source.startsWith(closing, i)) {
        i += closing.length - 1;
        closing = '';
      }
    } else if (character === '"' || character === "'") {
      closing = character;
    } else if (character === '/' && source[i + 1] === '/') {
      closing = '\n';
    } else if (character === '/' && source[i + 1] === '*') {
      closing = '*/';
      i++;
    } else if (character === '(' || character === '[' || character === '{') {
      if (++depth > DEEPEST) return { line, column: i - lineStart + 1 };
    } else if (character === ')' || character === ']' || character === '}') {
      depth = Math.max(0, depth - 1);
    }
  }
  return null;
}
