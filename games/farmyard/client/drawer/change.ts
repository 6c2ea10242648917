/** What to put in place of which characters of a text. */
export type Change = { readonly text: string; readonly range: readonly [from: number, to: number] };

/** The smallest single change that makes `after` out of `before`; whole lines, where that is as small. */
export function changeOf(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  // A line put in before one that begins like it could as well have begun earlier.
  const longer = after.length > before.length ? after : before;
  const isOneSided = head + tail === most;
  for (let back = 0; isOneSided && back <= head; back++) {
    const end = longer.length - tail - back;
    if (back > 0 && longer[head - back] !== longer[end]) break;
    if (head === back || longer[head - back - 1] === '\n') {
      return {
        text: after.slice(head - back, after.length - tail - back),
        range: [head - back, before.length - tail - back],
      };
    }
  }
  return { text: after.slice(head, after.length - tail), range: [head, before.length - tail] };
}
