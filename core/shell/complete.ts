/** What a half-typed word could become. */
import type { Sitting, Typed } from './command.ts';
import { propertiesOf } from './params.ts';
import { toPrintable } from './printable.ts';
import { restFrom, splitWords } from './words.ts';

export type Completed = {
  /** Where the word begins that is completed. */
  readonly at: number;
  /** Whole words, in order. */
  readonly options: readonly string[];
};

/** Commands and methods first, then what the command, or the method, knows. */
export function completeLine(sitting: Sitting, line: string): Completed {
  const words = splitWords(line);
  const isNew = line === '' || /\s$/.test(line);
  const last = isNew ? undefined : words.at(-1);
  const at = last?.at ?? line.length;
  const begun = line.slice(at).toLowerCase();
  const pick = (options: readonly string[]) => ({
    at,
    // Names come from others: a terminal gets those alone that it shows as they are.
    options: [...new Set(options)]
      .filter((option) => option.toLowerCase().startsWith(begun) && toPrintable(option) === option)
      .sort(),
  });
  const [first] = words;
  if (first === undefined || first === last) return pick([...commandNames(sitting), ...sitting.catalogue.names()]);
  const word = first.text.toLowerCase();
  const typed: Typed = { word, words: words.slice(1), rest: restFrom(line, words[1]), line };
  const command = sitting.commands.get(word);
  if (command !== undefined) return pick(command.complete?.(sitting, typed) ?? []);
  return pick(keysOf(sitting, word, words[1]?.text));
}

/** Each by the first of its words. */
export function commandNames({ commands }: Sitting): readonly string[] {
  return [...new Set(commands.values())].map(({ names: [name] }) => name);
}

function keysOf({ catalogue }: Sitting, word: string, verb: string | undefined): readonly string[] {
  const method = catalogue.known(word) ?? catalogue.known(`${word}.${verb}`);
  if (method !== undefined) return [...propertiesOf(method.params).keys()].map((key) => `${key}=`);
  const area = `${word}.`;
  return catalogue
    .names()
    .filter((name) => name.startsWith(area))
    .map((name) => name.slice(area.length));
}
