/** Those who want to be told of something. */
import type { Off } from '../contract/ports.ts';

export type Listeners<Args extends readonly unknown[]> = {
  add(listener: (...args: Args) => void): Off;
  tell(...args: Args): void;
};

export function createListeners<Args extends readonly unknown[]>(): Listeners<Args> {
  const listeners = new Set<(...args: Args) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell(...args) {
      for (const listener of [...listeners]) listener(...args);
    },
  };
}
