/** JSON Schema of params: made fit for its place in a larger document, and an example that it takes. */
import type { Json, JsonObject } from '../../contract/content.ts';

/** Keywords under which stands a map of schemas. */
const maps: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);
/** Keywords whose values are data, whatever they look like. */
const data: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required']);
const depthMost = 32;

/** The same with its references from the top of the document, where it stands at `place`. */
export function rebase(schema: JsonObject, place: string, depth = 0): JsonObject {
  const entries = Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id');
  return Object.fromEntries(entries.map(([key, value]) => [key, rebaseValue(key, value, place, depth)]));
}

function rebaseValue(key: string, value: Json, place: string, depth: number): Json {
  if (data.has(key) || depth > depthMost) return value;
  if (key === '$ref' && typeof value === 'string') return value.startsWith('#') ? `${place}${value.slice(1)}` : value;
  if (maps.has(key) && isObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([name, one]) => [name, isObject(one) ? rebase(one, place, depth + 1) : one]),
    );
  }
  if (Array.isArray(value)) return value.map((one) => (isObject(one) ? rebase(one, place, depth + 1) : one));
  return isObject(value) ? rebase(value, place, depth + 1) : value;
}

/** What people would write, by the name of the key. */
const usual: ReadonlyMap<string, string> = new Map([
  ['zone', 'farmyard/meadow'],
  ['name', 'Fox'],
  ['to', 'Fox'],
  ['room', 'parlour'],
  ['text', 'Hello'],
  ['password', 'a long password'],
]);

/** Params that a form begins with: the keys that have to be there. Right as far as a schema alone can tell. */
export function exampleOf(schema: JsonObject | null): Json {
  return schema === null ? {} : toExample(schema, schema, '', 0);
}

function toExample(schema: JsonObject, top: JsonObject, key: string, depth: number): Json {
  if (depth > 8) return null;
  const { $ref, const: only, enum: values, default: usually, examples, anyOf, oneOf, allOf } = schema;
  if (only !== undefined) return only;
  if (usually !== undefined) return usually;
  for (const list of [examples, values]) if (Array.isArray(list) && list.length > 0) return list[0] as Json;
  if (typeof $ref === 'string') return toExample(resolve(top, $ref), top, key, depth + 1);
  for (const list of [anyOf, oneOf, allOf]) {
    const first = Array.isArray(list) ? list.find(isObject) : undefined;
    if (first !== undefined) return toExample(first, top, key, depth + 1);
  }
  return ofType(schema, top, key, depth);
}

function ofType(schema: JsonObject, top: JsonObject, key: string, depth: number): Json {
  const { type, minimum, exclusiveMinimum, minItems, items } = schema;
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return toText(schema, key);
    case 'integer':
    case 'number': {
      if (typeof exclusiveMinimum === 'number' && exclusiveMinimum >= 0) return exclusiveMinimum + 1;
      return typeof minimum === 'number' && minimum > 0 ? minimum : 0;
    }
    case 'boolean':
      return true;
    case 'array': {
      const count = typeof minItems === 'number' ? Math.min(minItems, 3) : 0;
      return Array.from({ length: count }, () => (isObject(items) ? toExample(items, top, key, depth + 1) : null));
    }
    case 'object':
      return toObject(schema, top, depth);
    default:
      return isObject(schema.properties) ? toObject(schema, top, depth) : null;
  }
}

function toObject({ properties, required }: JsonObject, top: JsonObject, depth: number): JsonObject {
  const wanted = new Set(Array.isArray(required) ? required : []);
  const entries = isObject(properties) ? Object.entries(properties) : [];
  const shown = entries.filter(([name, one]) => wanted.has(name) && isObject(one));
  return Object.fromEntries(shown.map(([name, one]) => [name, toExample(one as JsonObject, top, name, depth + 1)]));
}

function toText({ minLength, maxLength, format, pattern }: JsonObject, key: string): string {
  if (format === 'email') return 'fox@example.org';
  const text = usual.get(key) ?? 'text';
  const least = typeof minLength === 'number' ? Math.min(minLength, 200) : 0;
  const most = typeof maxLength === 'number' ? maxLength : 1_000;
  return ofPattern(pattern) ?? text.padEnd(least, 'x').slice(0, most);
}

/** A pattern is not run, it could take for ever; the common ones are of ids and hashes: `^[0-9a-f]{64}$`, `^[\w-]{22}$`. */
function ofPattern(pattern: Json | undefined): string | undefined {
  if (typeof pattern !== 'string') return undefined;
  const [, letters = '', count] = /^\^\[((?:\\[wd]|[\w-])+)\]\{(\d{1,3})\}\$$/.exec(pattern) ?? [];
  if (count === undefined) return undefined;
  const [first = ''] = letters.replace(/^\\w/, 'x').replace(/^\\d/, '0');
  return first.repeat(Number(count));
}

/** What `#/$defs/x` means within a schema; an empty schema when there is no such thing. */
export function resolve(top: JsonObject, ref: string): JsonObject {
  let at: Json = top;
  for (const part of ref.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(at) || !Object.hasOwn(at, key)) return {};
    at = at[key] as Json;
  }
  return isObject(at) ? at : {};
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
