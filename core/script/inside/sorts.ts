/** What objects with the same kind and the same further scripts have in common: their scripts put together. */
import type { BodySpec, Json } from '../../contract/content.ts';
import type { KindInfo, MethodInfo } from '../../contract/link.ts';
import { type Layout, layoutOf } from './group.ts';
import { here } from './here.ts';
import type { Handler, Script } from './script.ts';

export type Sort = {
  readonly kind: string;
  /** The kind's own first. Empty: a plain thing. */
  readonly scripts: readonly Script[];
  readonly body: BodySpec | null;
  readonly speed: number | null;
  readonly contains: number;
  readonly state: Layout;
  readonly own: Layout;
  /** Handlers of an event, in the order of the scripts. */
  readonly on: ReadonlyMap<string, readonly Handler[]>;
  readonly before: ReadonlyMap<string, readonly Handler[]>;
  /** The `tick`s of its scripts that do not rest, and in which part of the zone's ticks they run: one of so many. */
  readonly ticks: readonly { readonly handler: Handler; readonly every: number }[];
  /** Whether it hears who is near. */
  readonly looks: boolean;
  readonly methods: ReadonlyMap<string, { readonly info: MethodInfo; readonly handler: Handler }>;
};

const defaultContains = 64;

export interface Sorts {
  /** @throws never: a script that does not fit is left out and told to `onFault`. */
  of(kind: string, further: readonly string[]): Sort;
  kinds(): readonly KindInfo[];
}

export function createSorts(
  scripts: ReadonlyMap<string, Script>,
  onFault: (script: Script, message: string) => void,
): Sorts {
  const sorts = new Map<string, Sort>();
  return {
    of(kind, further) {
      const key = [kind, ...further].join('\n');
      const known = sorts.get(key);
      if (known) return known;
      const names = [...new Set([kind, ...further])];
      const found = names.flatMap((name) => scripts.get(name) ?? []);
      const sort = combine(kind, found, onFault);
      sorts.set(key, sort);
      return sort;
    },
    kinds: () =>
      [...scripts.values()].map((script) => ({
        kind: script.name,
        build: script.build,
        version: script.version,
        body: script.body,
        look: script.look,
        activates: script.on.has('activate'),
        methods: [...script.methods.values()].map((m) => m.info),
      })),
  };
}

function combine(
  kind: string,
  candidates: readonly Script[],
  onFault: (script: Script, message: string) => void,
): Sort {
  const state = new Map<string, Json>();
  const own = new Map<string, Json>();
  const scripts: Script[] = [];
  for (const script of candidates) {
    const twice = [...script.state.keys(), ...script.own.keys()].find((name) => state.has(name) || own.has(name));
    if (twice !== undefined) {
      onFault(script, `${kind} and ${script.name} both declare the field '${twice}': one object has it once`);
      continue;
    }
    for (const [name, value] of script.state) state.set(name, value);
    for (const [name, value] of script.own) own.set(name, value);
    scripts.push(script);
  }
  const on = new Map<string, Handler[]>();
  const before = new Map<string, Handler[]>();
  const methods = new Map<string, { info: MethodInfo; handler: Handler }>();
  for (const script of scripts) {
    for (const [name, handler] of script.on) on.set(name, [...(on.get(name) ?? []), handler]);
    for (const [name, handler] of script.before) before.set(name, [...(before.get(name) ?? []), handler]);
    for (const [name, method] of script.methods) if (!methods.has(name)) methods.set(name, method);
  }
  const first = <T>(pick: (script: Script) => T | null) => scripts.map(pick).find((value) => value !== null) ?? null;
  return {
    kind,
    scripts,
    body: first((s) => s.body),
    speed: first((s) => s.speed),
    contains: first((s) => s.contains) ?? defaultContains,
    state: layoutOf('state', state),
    own: layoutOf('own', own),
    on,
    before,
    ticks: (on.get('tick') ?? [])
      .filter(({ script }) => script.resting === null)
      .map((handler) => ({ handler, every: Math.max(1, Math.round(handler.script.every * here.tickRate)) })),
    looks: on.has('near') || on.has('far'),
    methods,
  };
}
