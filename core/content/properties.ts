/** Custom properties of Tiled → state. */
import type { Json, JsonObject } from '../contract/content.ts';
import { has, int, num, type Raw, raws, str } from './raw.ts';
import { type JsonPath, Wrong } from './wrong.ts';

export type Properties = ReadonlyMap<string, Json>;

const MOST = 64;
const DEEPEST = 8;

/** The name of a property that `self.state` can have. Also keeps `__proto__` out. */
const wellNamed = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;

/** Properties by name: bool, int, float, string, color (text) and object (its Tiled id) as values, classes nested. */
export function readProperties(raw: Raw, what: string): Properties {
  const found = new Map<string, Json>();
  for (const property of raws(raw, 'properties', MOST, 'a property')) {
    const name = str(property, 'name');
    if (!wellNamed.test(name)) throw new Wrong(`${what} has a property "${name}": ${WANTED_NAME}`, property.path);
    if (found.has(name)) throw new Wrong(`${what} has two properties "${name}"`, property.path);
    found.set(name, readValue(property, `property "${name}" of ${what}`));
  }
  return found;
}

const WANTED_NAME = 'a name is a letter, then letters, digits and _, at most 64';

function readValue(property: Raw, what: string): Json {
  const path = [...property.path, 'value'];
  const value = property.value.value;
  switch (str(property, 'type', 'string')) {
    case 'string':
    case 'color':
      return str(property, 'value');
    case 'int':
      return int(property, 'value', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case 'float':
      return num(property, 'value');
    case 'object':
      return int(property, 'value', 0, 0x7fffffff);
    case 'bool':
      if (typeof value !== 'boolean') throw new Wrong(`${what} is neither true nor false`, path);
      return value;
    case 'class':
      return has(property, 'value') ? toState(value, path, what, DEEPEST) : {};
    default:
      throw new Wrong(`${what} is of type "${str(property, 'type')}": not read`, path);
  }
}

/** The members of a class are plain JSON. */
function toState(value: unknown, path: JsonPath, what: string, depth: number): Json {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.length <= 1000 && value.isWellFormed() && !value.includes('\0')) return value;
  if (typeof value !== 'object') throw new Wrong(`${what} is malformed`, path);
  if (depth === 0) throw new Wrong(`${what} is nested deeper than ${DEEPEST}`, path);
  if (Array.isArray(value)) return value.slice(0, 1000).map((item) => toState(item, path, what, depth - 1));
  const state: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) {
    if (!wellNamed.test(key)) throw new Wrong(`${what} has a member "${key}": ${WANTED_NAME}`, path);
    state[key] = toState(member, path, what, depth - 1);
  }
  return state;
}

/** Everything but the names that mean something to the reader. */
export function toStateWithout(properties: Properties, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries([...properties].filter(([name]) => !names.has(name)));
}
