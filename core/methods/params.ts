/** Params as they came in → what the handler gets, or an outcome that names every wrong key. */
import { z } from 'zod';
import { HostError } from '../contract/errors.ts';
import type { Method } from '../contract/plugin.ts';
import { findFlaw, paramsBounds } from './plain.ts';
import { unknownKeys } from './strict.ts';

type Problem = { readonly key: string; readonly problem: string };

/** More would only repeat what a stranger has sent. */
const problemsMost = 10;
const keyLength = 64;

/**
 * Missing params are `{}`. Without a schema they pass untouched. A promise only where the schema has to wait.
 * @throws HostError `call.bad-params` with `details: [{ key, problem }]`
 */
export function checkParams(name: string, schema: Method['params'], given: unknown): unknown {
  const params = given === undefined ? {} : given;
  const flaw = findFlaw(params, paramsBounds);
  if (flaw !== undefined) throw wrong(name, [{ key: '', problem: flaw }]);
  if (schema === null) return params;
  const parsed = parse(schema, params);
  if (parsed instanceof Promise) return parsed.then((later) => judge(name, schema, params, later));
  return judge(name, schema, params, parsed);
}

/** What the handler gets. */
function judge(name: string, schema: z.ZodType, params: unknown, parsed: z.ZodSafeParseResult<unknown>): unknown {
  const { success, data, error } = parsed;
  const unknown = success || isObject(params) ? unknownKeys(schema, params) : [];
  if (success && unknown.length === 0) return data;
  const problems = success ? [] : error.issues.flatMap((issue) => toProblems(issue, params));
  throw wrong(name, [...problems, ...unknown.map(toUnknown)]);
}

function parse(schema: z.ZodType, params: unknown) {
  try {
    return schema.safeParse(params);
  } catch (error) {
    if (error instanceof z.core.$ZodAsyncError) return schema.safeParseAsync(params);
    throw error;
  }
}

function toUnknown(key: string): Problem {
  return { key: key.slice(0, keyLength), problem: 'is unknown' };
}

function toProblems(issue: z.core.$ZodIssue, params: unknown): readonly Problem[] {
  // `z.strictObject` says so by itself; unknownKeys has named the same.
  if (issue.code === 'unrecognized_keys') return [];
  const key = issue.path.reduce<string>(
    (path, part) => (typeof part === 'number' ? `${path}[${part}]` : `${path}${path && '.'}${String(part)}`),
    '',
  );
  const missing = issue.code === 'invalid_type' && valueAt(params, issue.path) === undefined;
  return [{ key: key.slice(0, keyLength), problem: missing ? 'is missing' : issue.message }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => (isContainer(part) ? Reflect.get(part, key) : undefined), value);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isObject(value: unknown): boolean {
  return isContainer(value) && !Array.isArray(value);
}

function wrong(name: string, problems: readonly Problem[]): HostError {
  const told = problems.slice(0, problemsMost);
  const words = told.map(({ key, problem }) => describe(key, problem)).join(', ');
  return new HostError('call.bad-params', `Wrong params for ${name}: ${words}`, told);
}

/** `"nam" is unknown`, or `"count": Too big: …` where the words are not Roost's own. */
function describe(key: string, problem: string): string {
  if (key === '') return problem;
  return problem.startsWith('is ') ? `"${key}" ${problem}` : `"${key}": ${problem}`;
}
