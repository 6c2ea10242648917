/** Random bytes of the system for names and tokens of sessions. */
import { randomFillSync } from 'node:crypto';

/** Asked for at a time: each asking costs as much as a small call. */
const pooled = 4_096;

/**
 * Gives out random bytes, each once, like `crypto.randomBytes` but fetched many at a time: over HTTP every request is a
 * session of its own. What was given out is wiped from the store.
 */
export function createRandomBytes(): (count: number) => Buffer {
  const pool = Buffer.alloc(pooled);
  let next = pooled;
  return (count) => {
    if (count > pooled) return randomFillSync(Buffer.alloc(count));
    if (next + count > pooled) {
      randomFillSync(pool);
      next = 0;
    }
    const bytes = Buffer.allocUnsafe(count);
    // By hand: for so few, two calls into the system's copy and fill take longer.
    for (let at = 0; at < count; at++, next++) {
      bytes[at] = pool[next] as number;
      pool[next] = 0;
    }
    return bytes;
  };
}
