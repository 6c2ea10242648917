/** What every method says of itself: read by `host.info` and by /docs/api. */
import type { Method, Rate } from '../contract/plugin.ts';
import type { MethodCard, PluginCard, Reference } from '../contract/reference.ts';
import { createCodeReader } from './codes.ts';
import { type Comment, readComment } from './doc.ts';
import type { Source } from './folder.ts';
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
  const readers = new WeakMap<Source, ReturnType<typeof createCodeReader>>();
  let made: { readonly reference: Reference; readonly revision: number } | null = null;

  function cardOf(entry: Entry): MethodCard {
    const card = known.get(entry.method) ?? toCard(entry);
    known.set(entry.method, card);
    return card;
  }

  function toCard({ name, doc, method, slot }: Entry): MethodCard {
    const { perSecond, burst } = method.rate ?? rate;
    const source = slot.current?.build.source;
    let codes: readonly string[] | undefined;
    let comment: Comment | undefined;
    // Read when somebody wants to know: `host.info` does not.
    const read = () => {
      comment ??= readComment(source?.methods.find((one) => one.name === name)?.file.text ?? '');
      return comment;
    };
    return {
      name,
      doc,
      plugin: slot.name,
      allow: method.allow,
      rate: { perSecond, burst },
      deadlineMs: method.deadlineMs ?? deadlineMs,
      params: method.params && toJsonSchema(method.params),
      get more() {
        return read().more;
      },
      get answer() {
        return read().answer;
      },
      get codes() {
        codes ??= codesOf(source, name);
        return codes;
      },
    };
  }

  function codesOf(source: Source | undefined, name: string): readonly string[] {
    const file = source?.methods.find((one) => one.name === name)?.file;
    if (source === undefined || file === undefined) return [];
    const read = readers.get(source) ?? createCodeReader(source.files);
    readers.set(source, read);
    return read(file.path);
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
