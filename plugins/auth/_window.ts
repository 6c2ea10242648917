/** Counts what happened to each of many keys within the last so many seconds. */

export type Window = {
  /** Seconds until it may happen once more; 0 when it may now. */
  waitS(key: string, now: number): number;
  add(key: string, now: number): void;
  clear(key: string): void;
};

/** @param keys  So many keys are remembered; then the one that was touched longest ago is forgotten. */
export function createWindow({ most, seconds, keys }: { most: number; seconds: number; keys: number }): Window {
  /** Key → when it happened, oldest first; keys in the order in which they were touched. */
  const all = new Map<string, readonly number[]>();

  return {
    waitS(key, now) {
      const recent = (all.get(key) ?? []).filter((at) => now - at < seconds);
      return recent.length < most ? 0 : (recent.at(-most) as number) + seconds - now;
    },
    add(key, now) {
      const recent = (all.get(key) ?? []).filter((at) => now - at < seconds);
      all.delete(key);
      all.set(key, [...recent, now].slice(-most));
      const [oldest] = all.keys();
      if (all.size > keys && oldest !== undefined) all.delete(oldest);
    },
    clear(key) {
      all.delete(key);
    },
  };
}
