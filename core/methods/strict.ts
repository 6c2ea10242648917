/** Keys that a schema does not know: zod drops them silently, a caller wants to hear of the misspelt one. */
import type { z } from 'zod';

/** Mostly: one list for all of them. */
const none: readonly string[] = [];

/**
 * Paths of keys in `value` that no part of the schema names. Only `z.object` forbids; `z.looseObject`, records and
 * schemas without a shape take any key. The value has passed the schema before.
 */
export function unknownKeys(schema: z.ZodType, value: unknown, path = ''): readonly string[] {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return isObject(value) ? ofObject(def, value, path) : none;
    case 'array':
      return Array.isArray(value) ? value.flatMap((item, at) => keysOf(def.element, item, `${path}[${at}]`)) : none;
    case 'tuple':
      return Array.isArray(value)
        ? value.flatMap((item, at) => keysOf(def.items[at] ?? def.rest, item, `${path}[${at}]`))
        : none;
    case 'record':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) => keysOf(def.valueType, item, join(path, key)))
        : none;
    case 'union':
      return ofUnion(def.options, value, path);
    case 'pipe':
      return keysOf(def.in, value, path);
    case 'lazy':
      return keysOf(def.getter(), value, path);
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
      return keysOf(def.innerType, value, path);
    default:
      return none;
  }
}

function ofObject(def: z.core.$ZodObjectDef, value: Record<string, unknown>, path: string): readonly string[] {
  let unknown: string[] | undefined;
  for (const key of Object.keys(value)) {
    const found = ofKey(def, key, value[key], join(path, key));
    if (found === none) continue;
    unknown ??= [];
    for (const one of found) unknown.push(one);
  }
  return unknown ?? none;
}

function ofKey(def: z.core.$ZodObjectDef, key: string, item: unknown, path: string): readonly string[] {
  if (Object.hasOwn(def.shape, key)) return keysOf(def.shape[key], item, path);
  return def.catchall ? none : [path];
}

/** Of the options that the value fits, the one that knows most of its keys. */
function ofUnion(options: readonly z.core.$ZodType[], value: unknown, path: string): readonly string[] {
  let best: readonly string[] | undefined;
  for (const option of options) {
    if (!(option as z.ZodType).safeParse(value).success) continue;
    const keys = keysOf(option, value, path);
    if (best === undefined || keys.length < best.length) best = keys;
  }
  return best ?? none;
}

function keysOf(schema: z.core.$ZodType | null | undefined, value: unknown, path: string): readonly string[] {
  return schema ? unknownKeys(schema as z.ZodType, value, path) : none;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
