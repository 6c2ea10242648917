/**
 * The code editor for pages in development: ES modules of npm packages, served as they are, so that nothing is built and
 * nothing is fetched from elsewhere.
 */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** What a page may import by name; what these import is served too, and nothing else of `node_modules`. */
const packages = [
  '@codemirror/commands',
  '@codemirror/lang-javascript',
  '@codemirror/language',
  '@codemirror/state',
  '@codemirror/view',
  '@lezer/highlight',
];

type Description = {
  readonly exports?: { readonly import?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** Name of a package → its ES module, an absolute path. Packages that are not installed are left out. */
export function findEditorModules(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const left = packages.map((name) => ({ name, by: import.meta.url }));
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { name, by } = next;
    const file = found.has(name) ? undefined : findPackageJSON(name, by);
    if (file === undefined) continue;
    const { exports, dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as Description;
    if (typeof exports?.import === 'string') found.set(name, join(dirname(file), exports.import));
    left.push(...Object.keys(dependencies).map((dependency) => ({ name: dependency, by: file })));
  }
  return found;
}
