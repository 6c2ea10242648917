/**
 * Designers' TypeScript to a program: types stripped, imports joined, everything located as `file:line:column`.
 * Runs in the compiler process, which is thrown away when the stripper traps or hangs (107 bytes are enough).
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { transformSync } from 'amaro';
import type { Fault, Program } from '../contract/content.ts';
import * as roost from '../contract/object.ts';
import { handlerPlaces } from './handlers.ts';
import { exportNames, join } from './joined.ts';
import { type Import, type Linked, type Module, takeApart } from './modules.ts';
import { Wrong } from './syntax.ts';

export const compileLimits = {
  files: 64,
  /** Imports of imports. */
  levels: 8,
  /** Characters of one file. */
  fileLength: 262_144,
} as const;

export type CompileInput = {
  /** Path of the script inside its root, with `/`: `scripts/chicken.ts`. */
  readonly path: string;
  readonly role: Program['role'];
  /** Kind, or the zone's name. */
  readonly name: string;
  /**
   * Text of a file of the same root, or null when there is none. It refuses (by null, or an error whose message the
   * designer reads) what lies outside once links are resolved.
   */
  readonly read: (path: string) => string | null;
};

export type Compiled =
  | { readonly kind: 'ok'; readonly program: Program }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] };

/** Compiles one object or zone script with everything it imports. */
export function compileScript(input: CompileInput): Compiled {
  const job: Job = { read: input.read, modules: [], sources: new Map(), index: new Map(), open: [] };
  try {
    load(job, input.path, null);
    const entry = job.modules.length - 1;
    checkImports(job.modules);
    if (!exportNames(entry, job.modules).has('default')) {
      const wanted = input.role === 'zone' ? 'defineZone' : 'defineObject';
      throw new Wrong(input.path, 1, 1, `it needs export default ${wanted}({ … })`);
    }
    const { code, lines } = join(job.modules);
    const files = job.modules.map((module, i) => ({ path: module.path, line: lines[i] as number }));
    const { role, name, path } = input;
    const handlers = handlerPlaces(job.modules);
    return { kind: 'ok', program: { name, role, path, build: buildOf(job.sources), code, files, handlers } };
  } catch (error) {
    return { kind: 'faults', faults: [faultOf(input.path, error)] };
  }
}

type Job = {
  readonly read: (path: string) => string | null;
  /** Each after those it imports. */
  readonly modules: Linked[];
  readonly sources: Map<string, string>;
  readonly index: Map<string, number>;
  /** Files being loaded, from the script down. */
  readonly open: string[];
};

/** Loads a file and, before it, what it imports. @returns its index in `modules` */
function load(job: Job, path: string, from: { file: string; at: Import['at'] } | null): number {
  const known = job.index.get(path);
  if (known !== undefined) return known;
  const wrong = (message: string) => new Wrong(from?.file ?? path, from?.at.line ?? 0, from?.at.column ?? 0, message);
  if (job.open.includes(path)) throw wrong(`imports go round in a circle: ${[...job.open, path].join(' → ')}`);
  if (job.open.length > compileLimits.levels) throw wrong(`imports are nested deeper than ${compileLimits.levels}`);
  if (job.sources.size >= compileLimits.files) throw wrong(`a script has at most ${compileLimits.files} files`);

  const source = readSource(job, path, wrong);
  job.sources.set(path, source);
  job.open.push(path);
  const module = takeApart(path, strip(path, source));
  const targets = module.imports.map((wanted) => {
    const target = resolve(module, wanted);
    return target === null ? null : load(job, target, { file: path, at: wanted.at });
  });
  job.open.pop();
  job.index.set(path, job.modules.length);
  return job.modules.push({ ...module, targets }) - 1;
}

function readSource(job: Job, path: string, wrong: (message: string) => Wrong): string {
  let source: string | null;
  try {
    source = job.read(path);
  } catch (error) {
    throw wrong(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (source === null) throw wrong(`there is no file ${path}`);
  if (source.length > compileLimits.fileLength)
    throw wrong(`${path} is longer than ${compileLimits.fileLength} characters`);
  return source.startsWith('\ufeff') ? source.slice(1) : source;
}

/** Path of the imported file inside the root, null for `roost`. */
function resolve(module: Module, wanted: Import): string | null {
  const { specifier, at } = wanted;
  if (specifier === 'roost') return null;
  const wrong = (message: string) => new Wrong(module.path, at.line, at.column, message);
  if (!/^\.\.?\//.test(specifier))
    throw wrong(`scripts import 'roost' and files beside them ('./…'), not '${specifier}'`);
  if (!specifier.endsWith('.ts')) throw wrong(`an import ends in .ts: '${specifier}'`);
  const path = posix.join(posix.dirname(module.path), specifier);
  if (path.startsWith('../') || path.includes('\\') || path.includes('\0'))
    throw wrong(`'${specifier}' is outside of the root`);
  return path;
}

/** Every imported name must be exported there. */
function checkImports(modules: readonly Linked[]): void {
  for (const module of modules) {
    module.imports.forEach((wanted, i) => {
      const target = module.targets[i] ?? null;
      const names = target === null ? new Set(Object.keys(roost)) : exportNames(target, modules);
      for (const { name, at } of wanted.taken) {
        if (name === '*' || names.has(name)) continue;
        const hint = target === null ? ' (for a type write: import type)' : '';
        throw new Wrong(module.path, at.line, at.column, `'${wanted.specifier}' exports no ${name}${hint}`);
      }
    });
  }
}

/** A file for browsers: only its types are removed, its imports stay as they are. */
export function compilePage(
  path: string,
  source: string,
): { readonly kind: 'page'; readonly code: string } | { readonly kind: 'faults'; readonly faults: readonly Fault[] } {
  try {
    return { kind: 'page', code: strip(path, source) };
  } catch (error) {
    return { kind: 'faults', faults: [faultOf(path, error)] };
  }
}

function strip(path: string, source: string): string {
  try {
    return transformSync(source, { mode: 'strip-only' }).code;
  } catch (error) {
    const { startLine, startColumn } = error as { startLine?: number; startColumn?: number };
    const message = error instanceof Error ? error.message : String((error as { message?: unknown }).message ?? error);
    throw new Wrong(path, startLine ?? 0, startColumn === undefined ? 0 : startColumn + 1, message);
  }
}

/** First 12 hex digits of SHA-256 over all sources, by path. */
function buildOf(sources: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const path of [...sources.keys()].sort()) hash.update(`${path}\0${sources.get(path)}\0`);
  return hash.digest('hex').slice(0, 12);
}

function faultOf(path: string, error: unknown): Fault {
  if (error instanceof Wrong) return error.fault;
  if (error instanceof RangeError) return { file: path, line: 0, column: 0, message: 'it is nested too deep' };
  throw error;
}
