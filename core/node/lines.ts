import type { Readable } from 'node:stream';

/** Longest line; the rest of a longer one is dropped. */
const lineMost = 4_096;

/** Calls back for every whole line of a stream that nobody trusts. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  let over = false;
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = chunk.split('\n');
    for (const [index, part] of parts.entries()) {
      if (!over) rest += part.slice(0, lineMost - rest.length);
      over ||= rest.length >= lineMost;
      if (index === parts.length - 1) break;
      if (rest !== '') onLine(rest);
      rest = '';
      over = false;
    }
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
  // The process is gone; its end is seen elsewhere.
  stream.on('error', () => {});
}
