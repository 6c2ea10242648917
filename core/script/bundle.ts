/** The runtime as one script for the isolate, made of the files in `inside/` by the same joiner as designers' scripts. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join as joinPath, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { join } from './joined.ts';
import { type Linked, takeApart } from './modules.ts';

/** Reads and joins the runtime. Its value inside is a function that gives the runtime's exports. */
export function bundleRuntime(): string {
  const entry = joinPath(dirname(fileURLToPath(import.meta.url)), 'inside', 'runtime.ts');
  const modules: Linked[] = [];
  const index = new Map<string, number>();
  const load = (path: string): number => {
    const known = index.get(path);
    if (known !== undefined) return known;
    index.set(path, Number.NaN);
    const module = takeApart(path, stripTypeScriptTypes(readFileSync(path, 'utf8')));
    const targets = module.imports.map((wanted) => load(resolve(dirname(path), wanted.specifier)));
    if (targets.some(Number.isNaN)) throw new Error(`the runtime's imports go round in a circle at ${path}`);
    index.set(path, modules.length);
    return modules.push({ ...module, targets }) - 1;
  };
  load(entry);
  return join(modules).code;
}
