/** JSON Schema of params → rows for people: what is to be written, in words, with its limits. */
import type { Json, JsonObject } from '../../contract/content.ts';
import { isObject, resolve } from './schema.ts';

export type ParamRow = {
  /** `look.color`, `kinds[].name`, `params.*` for keys of any name. */
  readonly key: string;
  readonly type: string;
  /** `sometimes`: where the params may have several forms, in one of them. */
  readonly required: 'always' | 'sometimes' | 'no';
  /** As JSON. */
  readonly usual: string | undefined;
  readonly description: string;
};

/** A schema can go round in circles, or be very large. */
const depthMost = 4;
const rowsMost = 100;
const valuesShown = 12;
const wordsMost = 300;

export function toRows(schema: JsonObject): readonly ParamRow[] {
  return rowsOf(schema, schema, '', 0).slice(0, rowsMost);
}

function rowsOf(schema: JsonObject, top: JsonObject, path: string, depth: number): readonly ParamRow[] {
  if (depth > depthMost) return [];
  const { properties, required, additionalProperties: rest, anyOf, oneOf, items } = follow(schema, top);
  if (isObject(items)) return rowsOf(items, top, `${path}[]`, depth + 1);
  const forms = Array.isArray(anyOf) ? anyOf : oneOf;
  if (Array.isArray(forms) && isAnyJson(forms)) return [];
  if (Array.isArray(forms)) return merge(forms.filter(isObject).map((form) => rowsOf(form, top, path, depth + 1)));
  const wanted = new Set(Array.isArray(required) ? required : []);
  const named = Object.entries(isObject(properties) ? properties : {}).flatMap(([name, given]) =>
    rowsAt(isObject(given) ? given : {}, top, join(path, name), { required: wanted.has(name), depth }),
  );
  return isObject(rest) ? [...named, ...rowsAt(rest, top, join(path, '*'), { required: false, depth })] : named;
}

type Place = { readonly required: boolean; readonly depth: number };

/** A key, and what is inside of it. */
function rowsAt(given: JsonObject, top: JsonObject, key: string, { required, depth }: Place): readonly ParamRow[] {
  const one = follow(given, top);
  const row: ParamRow = {
    key,
    type: describe(one, top, 0),
    required: required ? 'always' : 'no',
    usual: one.default === undefined ? undefined : show(one.default),
    description: typeof one.description === 'string' ? cut(one.description) : '',
  };
  return [row, ...rowsOf(one, top, key, depth + 1)];
}

/** The keys of all forms, each once for what it may be. */
function merge(forms: readonly (readonly ParamRow[])[]): readonly ParamRow[] {
  const rows = Map.groupBy(forms.flat(), ({ key, type }) => `${key}\n${type}`);
  return [...rows.values()].map((same) => {
    const [first] = same as [ParamRow];
    const isAlways = same.length === forms.length && same.every(({ required }) => required === 'always');
    const isNever = same.every(({ required }) => required === 'no');
    return { ...first, required: isAlways ? 'always' : isNever ? 'no' : 'sometimes' };
  });
}

function join(path: string, name: string): string {
  return cut(path === '' ? name : `${path}.${name}`);
}

function follow(schema: JsonObject, top: JsonObject): JsonObject {
  const { $ref, ...rest } = schema;
  return typeof $ref === 'string' ? { ...resolve(top, $ref), ...rest } : schema;
}

function describe(given: JsonObject, top: JsonObject, depth: number): string {
  const schema = follow(given, top);
  const { const: only, enum: values, anyOf, oneOf, type, items } = schema;
  if (only !== undefined) return show(only);
  if (Array.isArray(values)) return cut(listOf(values));
  const options = Array.isArray(anyOf) ? anyOf : oneOf;
  if (Array.isArray(options) && isAnyJson(options)) return 'any JSON';
  if (Array.isArray(options) && depth < depthMost) {
    const words = options.filter(isObject).map((option) => describe(option, top, depth + 1));
    return cut([...new Set(words)].join(words.some((word) => word.includes(',')) ? ', or ' : ' or '));
  }
  if (Array.isArray(type)) return type.map((one) => nameOf(String(one))).join(' or ');
  if (type === 'array' && depth < depthMost) {
    const of = isObject(items) ? describe(items, top, depth + 1) : 'anything';
    return cut(withRange(`list of ${of}`, schema.minItems, schema.maxItems, 'items'));
  }
  return cut(withLimits(nameOf(String(type ?? '')), schema));
}

function nameOf(type: string): string {
  return (
    new Map([
      ['string', 'text'],
      ['integer', 'whole number'],
      ['boolean', 'true or false'],
      ['array', 'list'],
      ['', 'anything'],
    ]).get(type) ?? type
  );
}

function withLimits(name: string, schema: JsonObject): string {
  const { minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, format, pattern } = schema;
  const length = withRange(name, minLength, maxLength, 'characters');
  const least = isBound(minimum) ? `from ${minimum}` : isBound(exclusiveMinimum) ? `above ${exclusiveMinimum}` : '';
  const most = isBound(maximum) ? `to ${maximum}` : isBound(exclusiveMaximum) ? `below ${exclusiveMaximum}` : '';
  const range = [least, most].filter(Boolean).join(' ');
  return [length, range, formOf(format, pattern)].filter(Boolean).join(', ');
}

/** A pattern as people would say it, where they would. */
function formOf(format: Json | undefined, pattern: Json | undefined): string {
  if (typeof format === 'string' && !(typeof pattern === 'string' && patterned.has(format))) return format;
  const [, letters = '', count] = /^\^\[(0-9a-f|\\w-)\]\{(\d+)\}\$$/.exec(String(pattern)) ?? [];
  if (count !== undefined)
    return `${count} ${letters === '\\w-' ? 'letters, digits, _ or -' : 'digits 0 to 9, a to f'}`;
  return typeof pattern === 'string' ? `like ${pattern}` : '';
}

/** Formats of zod that say less than their pattern. */
const patterned: ReadonlySet<string> = new Set([
  'regex',
  'includes',
  'starts_with',
  'ends_with',
  'lowercase',
  'uppercase',
]);

const kinds = ['array', 'boolean', 'null', 'number', 'object', 'string'];

/** Whether a choice is between all that JSON has. */
function isAnyJson(options: readonly Json[]): boolean {
  const types = new Set(options.map((option) => (isObject(option) ? option.type : undefined)));
  return kinds.every((kind) => types.has(kind));
}

function withRange(name: string, least: Json | undefined, most: Json | undefined, unit: string): string {
  if (isBound(least) && isBound(most)) return `${name}, ${least === most ? '' : `${least} to `}${most} ${unit}`;
  if (isBound(most)) return `${name}, at most ${most} ${unit}`;
  return isBound(least) && least > 0 ? `${name}, at least ${least} ${unit}` : name;
}

/** What a number can hold anyway is no limit that anybody set. */
function isBound(value: Json | undefined): value is number {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function listOf(values: readonly Json[]): string {
  const shown = values.slice(0, valuesShown).map(show).join(', ');
  return values.length > valuesShown ? `one of ${shown} and ${values.length - valuesShown} more` : `one of ${shown}`;
}

function show(value: Json): string {
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > wordsMost ? `${text.slice(0, wordsMost)}…` : text;
}
