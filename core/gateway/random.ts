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
    const bytes = Buffer.from(pool.subarray(next, next + count));
    pool.fill(0, next, next + count);
    next += count;
    return bytes;
  };
}
