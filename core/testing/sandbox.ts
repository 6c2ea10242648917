/**
 * The real sandbox, listened to: what handlers cost, and what was placed by the test stands exactly where it was told.
 * The zone is told that everything was free, so that a busy machine throttles nothing and every run is the same.
 */
import type { CreateSandbox, Intent, LoadIn, LoadOut, Sandbox, TickIn, TickOut } from '../contract/driver.ts';
import type { ObjectId } from '../contract/link.ts';

/** What a kind, or one of its handlers, spent since the beginning. */
export type Cost = { readonly ms: number; readonly calls: number };

export interface Ear {
  readonly createSandbox: CreateSandbox;
  /** Where what comes next is to stand, whatever is in the way there. */
  readonly places: Map<ObjectId, { readonly x: number; readonly y: number }>;
  /** CPU milliseconds of all entries. */
  cpuMs(): number;
  kinds(): ReadonlyMap<string, Cost>;
  /** By `kind handler`. */
  handlers(): ReadonlyMap<string, Cost>;
  /** Scripts whose stored data was changed by `migrate` in the last load. */
  migrated(): readonly string[];
}

export function listen(createSandbox: CreateSandbox): Ear {
  const places: Ear['places'] = new Map();
  const kinds = new Map<string, Cost>();
  const handlers = new Map<string, Cost>();
  let cpuMs = 0;
  let migrated: readonly string[] = [];

  function add(costs: Map<string, Cost>, name: string, { ms, calls }: Cost): void {
    const before = costs.get(name);
    costs.set(name, { ms: (before?.ms ?? 0) + ms, calls: (before?.calls ?? 0) + calls });
  }

  function wrap(inner: Sandbox): Sandbox {
    let loaded: LoadOut | null = null;

    function load(input: LoadIn): ReturnType<Sandbox['load']> {
      const entered = inner.load(input);
      cpuMs += entered.cpuMs;
      if (entered.kind === 'ok') {
        loaded = entered.out;
        migrated = loaded.migrated;
      }
      return { ...entered, cpuMs: 0 };
    }

    function tick(input: TickIn): ReturnType<Sandbox['tick']> {
      const measure = { handlers: true, part: 0, of: 1 };
      const entered = inner.tick({
        ...input,
        measure,
        loaded: input.loaded.map((one) => ({ ...one, ...places.get(one.id) })),
      });
      cpuMs += entered.cpuMs;
      if (entered.kind === 'fault') return { ...entered, cpuMs: 0 };
      const { costs } = entered.out;
      for (const each of costs.kinds) add(kinds, each.kind, each);
      for (const each of costs.handlers) {
        const by = loaded?.handlers[each.handler];
        if (by) add(handlers, `${by.script} ${by.handler}`, each);
      }
      const out: TickOut = {
        ...entered.out,
        intents: [...input.loaded.flatMap(({ id }) => toPlace(id)), ...entered.out.intents],
        costs: { kinds: [], handlers: [], objects: [] },
      };
      return { kind: 'ok', out, cpuMs: 0 };
    }

    return { ...inner, load, tick };
  }

  function toPlace(id: ObjectId): Intent[] {
    const at = places.get(id);
    places.delete(id);
    return at ? [{ verb: 'place', id, ...at, checked: false }] : [];
  }

  return {
    createSandbox: (options) => wrap(createSandbox(options)),
    places,
    cpuMs: () => cpuMs,
    kinds: () => kinds,
    handlers: () => handlers,
    migrated: () => migrated,
  };
}
