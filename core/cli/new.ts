/**
 * `roost new`: copies a sample out of `templates/`, which is a root like any other, under the name that is wanted. It
 * never writes over a file.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wellNamed } from '../content/game.ts';
import { HostError } from '../contract/errors.ts';

export type NewOptions = {
  readonly what: string;
  readonly name: string;
  /** Absolute folders as given by `--root` and `--plugins`, null when they were not. */
  readonly root: string | null;
  readonly plugins: string | null;
  readonly cwd: string;
};

/** Folder of this installation, without a slash at the end. */
const home = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const templates = join(home, 'templates');
/** What samples are called in `templates/`, in files and in their names. */
const sample = /\bsample\b/g;
const title = /\bSample\b/g;
const whats = ['object', 'plugin', 'game'] as const;

type What = (typeof whats)[number];
/** Path inside the root, or inside the folder of plugins, → text. */
type Files = ReadonlyMap<string, string>;

/** @returns what was written and what to do next. @throws HostError `config.wrong` when it cannot be written */
export function makeNew(options: NewOptions): string {
  const what = whats.find((each) => each === options.what);
  if (!what) throw wrong(`there is no "roost new ${options.what}"; known are ${whats.join(', ')}`);
  if (!wellNamed.test(options.name) || options.name.endsWith('-') || options.name.includes('--'))
    throw wrong(`"${options.name}" is no name: wanted a small letter, then small letters, digits and -, at most 32`);
  if (what === 'plugin' && existsSync(join(home, 'plugins', options.name)))
    throw wrong(`there is a built-in plugin ${options.name}: take another name`);
  const root = options.root ?? options.cwd;
  const base = what === 'plugin' ? (options.plugins ?? join(root, 'plugins')) : root;
  const files = read(what, options.name, base);
  const taken = [...files.keys()].find((path) => existsSync(join(base, path)));
  if (taken) throw wrong(`${join(base, taken)} is there already: take another name, or move it away`);
  for (const [path, text] of files) write(join(base, path), text);
  const written = [...files.keys()].map((path) => join(base, path));
  if (root !== home && writeConfig(root)) written.push(join(root, 'tsconfig.json'));
  return [...written.map((file) => `wrote ${shown(file, options.cwd)}`), '', ...next(what, options, root, base)].join(
    '\n',
  );
}

function wrong(message: string): HostError {
  return new HostError('config.wrong', message);
}

/** Where a sample lies in `templates/`, and what of that path is the place it goes to. */
const places: Readonly<Record<What, { readonly folder: string; readonly base: string }>> = {
  object: { folder: 'scripts', base: '' },
  plugin: { folder: 'plugins/sample', base: 'plugins' },
  game: { folder: 'games/sample', base: '' },
};

function read(what: What, name: string, base: string): Files {
  const { folder, base: cut } = places[what];
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(templates, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(join(templates, cut), file).replaceAll('\\', '/').replace(sample, name);
    files.set(path, rename(readFileSync(file, 'utf8'), name, dirname(join(base, path))));
  }
  return files;
}

function rename(text: string, name: string, folder: string): string {
  const schema = slashed(relative(folder, join(home, 'core/content/game.schema.json')));
  const spoken = name.replaceAll('-', ' ').replace(/^[a-z]/, (letter) => letter.toUpperCase());
  return text.replace('../../../core/content/game.schema.json', schema).replace(sample, name).replace(title, spoken);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}

/** Editors find the types of `roost` by it, without node_modules. False when there is one already. */
function writeConfig(root: string): boolean {
  const file = join(root, 'tsconfig.json');
  if (existsSync(file)) return false;
  const path = slashed(relative(root, join(home, 'tsconfig.root.json')));
  const text = `// For your editor: completes \`self.\` and underlines mistakes. Roost itself never reads it.\n{ "extends": "${path.startsWith('.') ? path : `./${path}`}" }\n`;
  write(file, text);
  return true;
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** As one types it in the working directory. */
function shown(file: string, cwd: string): string {
  const path = relative(cwd, file) || '.';
  return path.startsWith('..') ? file : path;
}

function next(what: What, { name, cwd }: NewOptions, root: string, base: string): string[] {
  const isHome = root === home;
  const roost =
    cwd === home || !existsSync(join(home, 'package-lock.json')) ? 'npx roost' : `node ${join(home, 'bin/roost.js')}`;
  const rootFlag = isHome ? '' : ` --root ${shown(root, cwd)}`;
  const pluginFlag = what === 'plugin' && base !== join(home, 'plugins') ? ` --plugins ${shown(base, cwd)}` : '';
  const testFlag = what === 'plugin' && base !== join(root, 'plugins') ? pluginFlag : rootFlag;
  const gameFlag = what === 'game' ? ` --game ${name}` : '';
  const steps = [
    'Next:',
    `  ${roost} test${testFlag}   # runs its test; with --watch again as you save`,
    `  ${roost} start${rootFlag}${pluginFlag}${gameFlag}   # ${starts[what](name)}`,
  ];
  return steps;
}

const starts: Readonly<Record<What, (name: string) => string>> = {
  object: (name) =>
    `then put a ${name} on a map (an object of the class ${name}), or world.spawn('${name}') in a script`,
  plugin: (name) =>
    `serves ${name}.roll: in the browser's console of a game, await roost.call('${name}.roll', { sides: 20 })`,
  game: () => 'and open the address it prints',
};
