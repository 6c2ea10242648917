/** What the browser keeps for this page. It may refuse: then everything works, and nothing is remembered. */
class Kept {
  readonly #storage: () => Storage;

  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  get(key: string): string | null {
    return tried(() => this.#storage().getItem(key), null);
  }

  /** Keeps a text; null takes it away. */
  set(key: string, text: string | null): void {
    tried(() => (text === null ? this.#storage().removeItem(key) : this.#storage().setItem(key, text)), undefined);
  }
}

/** For the next visit. */
export const forVisits = new Kept(() => localStorage);
/** Over a reload of this tab. */
export const forTab = new Kept(() => sessionStorage);

function tried<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    // Storage is switched off in this browser, or full.
    return otherwise;
  }
}
