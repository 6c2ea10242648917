/**
 * Counters by name, for names that others choose: so many have one of their own, all further ones share `other`. A name
 * that nobody has used for a minute gives way to a new one.
 */
const restMs = 60_000;

type Entry<T> = { readonly counters: T; usedMs: number };

export class Named<T> {
  readonly #most: number;
  readonly #create: () => T;
  readonly #entries = new Map<string, Entry<T>>();
  #other: T | null = null;

  constructor(most: number, create: () => T) {
    this.#most = most;
    this.#create = create;
  }

  /** The counters that belong to the name, which is in use now. */
  use(name: string, nowMs: number): T {
    const known = this.#entries.get(name);
    if (known) {
      known.usedMs = nowMs;
      return known.counters;
    }
    if (this.#entries.size >= this.#most) this.#giveWay(nowMs);
    if (this.#entries.size < this.#most) {
      const counters = this.#create();
      this.#entries.set(name, { counters, usedMs: nowMs });
      return counters;
    }
    this.#other ??= this.#create();
    return this.#other;
  }

  /** The name itself when it has counters of its own, else `other`. */
  labelOf(name: string): string {
    return this.#entries.has(name) ? name : other;
  }

  /** All of them by label. */
  read(): readonly (readonly [label: string, counters: T])[] {
    const named = [...this.#entries].map(([name, { counters }]) => [name, counters] as const);
    return this.#other === null ? named : [...named, [other, this.#other]];
  }

  #giveWay(nowMs: number): void {
    let oldest: string | null = null;
    let usedMs = nowMs - restMs;
    for (const [name, entry] of this.#entries) {
      if (entry.usedMs > usedMs) continue;
      oldest = name;
      usedMs = entry.usedMs;
    }
    if (oldest !== null) this.#entries.delete(oldest);
  }
}

const other = 'other';
