/** What every method says of itself: read by `host.info` and by /docs/api. */
import type { Method, Rate } from '../contract/plugin.ts';
import type { MethodCard, PluginCard, Reference } from '../contract/reference.ts';
import { codesOf } from './codes.ts';
import type { Entry, Registry } from './registry.ts';
import { toJsonSchema } from './schema.ts';

export type CardsParts = {
  readonly registry: Registry;
  /** Of methods that say nothing else. */
  readonly rate: Rate;
  readonly deadlineMs: number;
};

/** One answer for everybody, made again when a method changes; what is known of a method is not read twice. */
export function createReference({ registry, rate, deadlineMs }: CardsParts): () => Reference {
  const known = new WeakMap<Method, MethodCard>();
  let made: { readonly reference: Reference; readonly revision: number } | null = null;

  function cardOf(entry: Entry): MethodCard {
    const card = known.get(entry.method) ?? toCard(entry, rate, deadlineMs);
    known.set(entry.method, card);
    return card;
  }

  return () => {
    const revision = registry.revision();
    if (made?.revision !== revision) {
      const entries = registry.list();
      made = { reference: { methods: entries.map(cardOf), plugins: pluginsOf(entries) }, revision };
    }
    return made.reference;
  };
}

function toCard({ name, doc, method, slot }: Entry, rate: Rate, deadlineMs: number): MethodCard {
  const source = slot.current?.build.source;
  const { perSecond, burst } = method.rate ?? rate;
  const file = source?.methods.find((one) => one.name === name)?.file;
  return {
    name,
    doc,
    plugin: slot.name,
    allow: method.allow,
    rate: { perSecond, burst },
    deadlineMs: method.deadlineMs ?? deadlineMs,
    params: method.params && toJsonSchema(method.params),
    codes: source && file ? codesOf(file, source.files) : [],
  };
}

function pluginsOf(entries: readonly Entry[]): readonly PluginCard[] {
  const slots = new Map(entries.map(({ slot }) => [slot.name, slot]));
  return [...slots.values()]
    .map(({ name, current }) => ({
      name,
      version: current?.build.manifest.version ?? '',
      build: current?.build.source.build ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
