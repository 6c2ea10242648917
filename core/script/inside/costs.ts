/** Time spent by kind, and the words that tell the watchdog whose handler runs. */
import { here, type Obj } from './here.ts';
import type { Handler } from './script.ts';

export type Cost = { readonly kind: string; readonly ms: number; readonly calls: number };

export interface Kept {
  /** A handler begins: time is charged to its kind from here on. */
  enter(object: Obj, handler: Handler): void;
  /** The tick is over. */
  take(): readonly Cost[];
}

/**
 * @param clock  Milliseconds; read only where the kind changes.
 * @param blame  Three words: object slot, handler number, count of handlers.
 */
export function keepCosts(clock: () => number, blame: Int32Array | null): Kept {
  const costs = new Map<string, { ms: number; calls: number }>();
  let current: { ms: number; calls: number } | null = null;
  let kind: string | null = null;
  let since = 0;

  function turn(next: string | null): void {
    const now = clock();
    if (current) current.ms += now - since;
    since = now;
    kind = next;
    if (next === null) {
      current = null;
      return;
    }
    current = costs.get(next) ?? { ms: 0, calls: 0 };
    costs.set(next, current);
  }

  return {
    enter(object, handler) {
      if (blame) {
        blame[0] = object.slot;
        blame[1] = handler.number;
        blame[2] = here.turns;
      }
      if (object.kind !== kind) turn(object.kind);
      if (current) current.calls++;
    },
    take() {
      turn(null);
      const taken = [...costs].map(([name, cost]) => ({ kind: name, ms: cost.ms, calls: cost.calls }));
      costs.clear();
      return taken;
    },
  };
}
