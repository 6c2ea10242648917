/** Words typed by a person → the params of a method, typed as its JSON Schema says. */
import type { Json, JsonObject } from '../contract/content.ts';
import type { MethodHelp } from './catalogue.ts';
import { restFrom, type Word } from './words.ts';

/** What of a JSON Schema is looked at. */
export type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly maxLength?: number;
  /** `password`: not shown while it is typed, nor afterwards. */
  readonly format?: string;
  readonly default?: Json;
};

/** A text that may be this long is one that people write in words. */
const proseLength = 100;
const secretPattern = /pass(word)?|secret|token|serial|^code$|^pw$/i;

/** Whether what is given under this name is never shown, and never kept: as its schema says, or as it is called. */
export function isSecret(key: string, schema?: Schema): boolean {
  return schema?.format === 'password' || secretPattern.test(key);
}

/** Whether a method is given any. */
export function takesSecret(schema: Schema | null): boolean {
  return [...propertiesOf(schema)].some(([key, property]) => isSecret(key, property));
}

/** The keys that a schema names, in its order; of alternatives those of all of them. */
export function propertiesOf(schema: Schema | null): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>();
  if (schema === null) return found;
  for (const [key, value] of Object.entries(schema.properties ?? {})) found.set(key, value);
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
    for (const [key, value] of propertiesOf(part)) if (!found.has(key)) found.set(key, value);
  return found;
}

/** Keys that every call has to bring. */
export function requiredOf(schema: Schema | null): readonly string[] {
  return (schema?.required ?? []).filter((key) => propertiesOf(schema).get(key)?.default === undefined);
}

/**
 * Params from words: `key=value` by name, other words in the order of the schema, those that are required first; where the last
 * that is required is a text, it takes the rest of the line as it was typed. What does not fit is left as text: the method says
 * what it wanted.
 */
export function toParams(
  { params: schema }: Pick<MethodHelp, 'params'>,
  words: readonly Word[],
  line: string,
): JsonObject {
  const properties = propertiesOf(schema);
  const isNamed = ({ key }: Word) =>
    key !== undefined && (properties.has(key) || properties.size === 0 || isOpen(schema));
  const given = new Map<string, Json>();
  for (const word of words)
    if (isNamed(word)) given.set(word.key as string, toValue(word.value ?? '', properties.get(word.key as string)));
  const loose = words.filter((word) => !isNamed(word));
  const required = requiredOf(schema);
  const open = [...required, ...[...properties.keys()].filter((key) => !required.includes(key))].filter(
    (key) => !given.has(key),
  );
  const prose = required.filter((key) => !given.has(key)).at(-1);
  for (const [index, word] of loose.entries()) {
    const key = open[index];
    // Nothing is left that could take it: a key that nobody knows is named by the answer.
    if (key === undefined) {
      if (word.key !== undefined) given.set(word.key, toValue(word.value ?? '', undefined));
      continue;
    }
    const wanted = properties.get(key);
    const takesRest = key === prose && isProse(key, wanted) && loose.length > index + 1;
    if (takesRest) {
      given.set(key, restFrom(line, word));
      break;
    }
    given.set(key, toValue(word.text, wanted));
  }
  return Object.fromEntries(given);
}

/** One value as the schema wants it; the text itself where it is nothing of that kind. */
export function toValue(text: string, schema: Schema | undefined): Json {
  if (schema === undefined) return guess(text);
  for (const option of optionsOf(schema)) {
    const value = readAs(text, option);
    if (value !== undefined) return value;
  }
  return text;
}

/** Texts last: nearly everything fits them. */
function optionsOf(schema: Schema): readonly Schema[] {
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) {
    const all = parts.flatMap(optionsOf);
    return [...all.filter(({ type }) => type !== 'string'), ...all.filter(({ type }) => type === 'string')];
  }
  if (Array.isArray(schema.type)) return optionsOf({ anyOf: schema.type.map((type: string) => ({ ...schema, type })) });
  return [schema];
}

const words: ReadonlyMap<string, boolean> = new Map([
  ...(['true', 'yes', 'on'] as const).map((word) => [word, true] as const),
  ...(['false', 'no', 'off'] as const).map((word) => [word, false] as const),
]);

function readAs(text: string, schema: Schema): Json | undefined {
  if (schema.const !== undefined) return String(schema.const) === text ? schema.const : undefined;
  if (schema.enum !== undefined) return schema.enum.find((one) => String(one) === text);
  switch (schema.type) {
    case 'number':
      return toNumber(text);
    case 'integer': {
      const number = toNumber(text);
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case 'boolean':
      return words.get(text.toLowerCase());
    case 'null':
      return text === 'null' || text === 'none' ? null : undefined;
    case 'array': {
      const json = toJson(text);
      if (Array.isArray(json)) return json;
      return text === '' ? [] : text.split(',').map((part) => toValue(part.trim(), schema.items));
    }
    case 'object':
      return isObject(toJson(text)) ? toJson(text) : undefined;
    case undefined:
      return guess(text);
    default:
      return text;
  }
}

/** Where nothing says what is wanted: numbers, `true`, `false`, `null` and JSON are what they look like. */
function guess(text: string): Json {
  const number = toNumber(text);
  if (number !== undefined) return number;
  return /^(true|false|null|[[{"])/.test(text) ? (toJson(text) ?? text) : text;
}

function toNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function toJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // It is a text, then.
  }
}

function isProse(key: string, schema: Schema | undefined): boolean {
  return schema?.type === 'string' && !isSecret(key, schema) && (schema.maxLength ?? proseLength) >= proseLength;
}

function isOpen(schema: Schema | null): boolean {
  return schema !== null && schema.additionalProperties !== false && schema.additionalProperties !== undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
