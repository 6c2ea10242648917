/** A listener whose arguments are known again when it is called. */
type Listener = (...args: never[]) => void;

/** Listeners by event name, typed by a map of name → arguments. */
export class Emitter<Events extends { [K in keyof Events]: readonly unknown[] }> {
  readonly #listeners = new Map<keyof Events, Set<Listener>>();

  /** Listens; the function that is given back stops it. */
  on<K extends keyof Events>(name: K, listener: (...args: Events[K]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set<Listener>();
    this.#listeners.set(name, listeners);
    listeners.add(listener as unknown as Listener);
    return () => {
      listeners.delete(listener as unknown as Listener);
    };
  }

  emit<K extends keyof Events>(name: K, ...args: Events[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      (listener as unknown as (...args: Events[K]) => void)(...args);
    }
  }
}
