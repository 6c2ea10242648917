/** What to put in place of which characters of a text. */
export type Change = { readonly text: string; readonly range: readonly [from: number, to: number] };

/** The smallest single change that makes `after` out of `before`. */
export function changeOf(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { text: after.slice(head, after.length - tail), range: [head, before.length - tail] };
}
