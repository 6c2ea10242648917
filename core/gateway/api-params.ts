/** JSON Schema of params → rows for people: what is to be written, in words, with its limits. */
import type { Json, JsonObject } from '../contract/content.ts';
import { isObject, resolve } from './api-schema.ts';

export type ParamRow = {
  /** `look.color`, `kinds[]`. */
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
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
  const { properties, required } = follow(schema, top);
  if (!isObject(properties) || depth > depthMost) return [];
  const wanted = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).flatMap(([name, given]) => {
    const one = isObject(given) ? follow(given, top) : {};
    const key = cut(path === '' ? name : `${path}.${name}`);
    const row: ParamRow = {
      key,
      type: describe(one, top, 0),
      required: wanted.has(name),
      usual: one.default === undefined ? undefined : show(one.default),
      description: typeof one.description === 'string' ? cut(one.description) : '',
    };
    const { items } = one;
    const inner = isObject(items) ? rowsOf(items, top, `${key}[]`, depth + 1) : rowsOf(one, top, key, depth + 1);
    return [row, ...inner];
  });
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
  if (Array.isArray(options) && depth < depthMost) {
    const words = options.filter(isObject).map((option) => describe(option, top, depth + 1));
    return cut([...new Set(words)].join(' or '));
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
  const form = typeof format === 'string' ? format : typeof pattern === 'string' ? `like ${pattern}` : '';
  return [length, range, form].filter(Boolean).join(', ');
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
