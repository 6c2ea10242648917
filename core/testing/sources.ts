/** Designers' files as a test names them: which root they lie in, what they compile to, what a game has. */
import { appendFileSync, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileLimits, openRoot } from '../content/files.ts';
import { readGame } from '../content/game.ts';
import { readMap } from '../content/map.ts';
import { findTooDeep } from '../content/nesting.ts';
import { readWorld, type ScriptFile } from '../content/world.ts';
import type { Fault, Game, Program, ZoneMap } from '../contract/content.ts';
import { compileScript } from '../script/compile.ts';
import { ScriptError } from './errors.ts';

/** Folder of this installation: built-in scripts and games lie in it. */
export const home = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A file of a root: `/home/ann/my-world` and `scripts/troll.ts`. */
export type Place = { readonly root: string; readonly path: string };

export interface Sources {
  /** The script that a test names: by URL, or by its path inside a root. @throws Error when there is none */
  find(what: string | URL): ScriptFile;
  /** The script of a kind, as a zone of the game would find it: its own first, then those for every game. */
  findKind(kind: string, game: string | null): ScriptFile | undefined;
  /** Everything that zones of the game run: object scripts and, apart, the scripts of zones. */
  scriptsOf(game: string): { readonly objects: readonly ScriptFile[]; readonly zones: readonly ScriptFile[] };
  /** @param text  Instead of what the file says. @throws ScriptError where it does not compile */
  compile(script: ScriptFile, text?: string): Program;
  game(name: string): { readonly game: Game; readonly maps: ReadonlyMap<string, ZoneMap> };
  map(what: string | URL): ZoneMap;
  /** Absolute path of a file that was read, for messages. */
  locate(path: string): string;
}

/**
 * The roots a test may name files of: those of `roost test` (variable `ROOST_ROOTS`) or else the working directory, and
 * the built-in one.
 */
export function testRoots(env: Readonly<Record<string, string | undefined>>, cwd: string): readonly string[] {
  const given = (env.ROOST_ROOTS ?? cwd).split(delimiter).filter((folder) => folder !== '');
  return [...new Set([home, ...given.map((folder) => resolve(cwd, folder))])].filter((folder) => existsSync(folder));
}

export function openSources(roots: readonly string[]): Sources {
  const seen = new Map<string, string>();

  /** Remembers what was read, so that `roost test --watch` knows which tests to run again. */
  function note({ root, path }: Place): void {
    const file = join(root, path);
    if (!seen.has(path)) seen.set(path, file);
    const { ROOST_TEST_READS: list, ROOST_TEST_FILE: test } = process.env;
    if (list && test) appendFileSync(list, `${JSON.stringify([test, file])}\n`);
  }

  function place(what: string | URL): Place {
    if (what instanceof URL || what.startsWith('file:')) return split(fileURLToPath(what));
    if (/^([\\/]|[A-Za-z]:)/.test(what)) return split(what);
    const path = what.replace(/^\.\//, '');
    const root = roots.find((folder) => existsSync(join(folder, path)));
    if (root !== undefined) return { root, path };
    throw new Error(`There is no file ${path} in ${roots.join(' or ')}: name it by its path inside the root`);
  }

  function find(what: string | URL): ScriptFile {
    const { root, path } = place(what);
    const match = /^(?:games\/[^/]+\/)?(scripts|zones)\/([^/]+)\.ts$/.exec(path);
    if (!match?.[2]) throw new Error(`${path} is no script: they are scripts/KIND.ts, or in a game also zones/ZONE.ts`);
    if (!existsSync(join(root, path))) throw new Error(`There is no file ${join(root, path)}`);
    return { root, path, name: match[2], role: match[1] === 'zones' ? 'zone' : 'object' };
  }

  function scriptsOf(name: string) {
    const game = readWorld(roots).games.find((each) => each.name === name);
    if (!game) throw new Error(`There is no game ${name} in ${roots.join(' or ')}`);
    return { objects: game.scripts, zones: game.zones };
  }

  function compile({ root, path, name, role }: ScriptFile, text?: string): Program {
    const files = openRoot(root);
    const compiled = compileScript({
      path,
      name,
      role,
      read(file) {
        note({ root, path: file });
        if (file === path && text !== undefined) return text;
        const found = files.read(file, fileLimits.script);
        if (found.kind === 'missing') return null;
        if (found.kind === 'refused') throw new Error(found.reason);
        const deep = findTooDeep(found.text);
        if (deep) throw new Error(`brackets are nested deeper than 200 at line ${deep.line}, column ${deep.column}`);
        return found.text;
      },
    });
    if (compiled.kind === 'ok') return compiled.program;
    throw toError(compiled.faults);
  }

  const locate = (path: string) => seen.get(path) ?? join(roots.at(-1) ?? home, path);

  function toError(faults: readonly Fault[]): ScriptError {
    const [first] = faults;
    return new ScriptError(first ?? { file: '', line: 0, column: 0, message: 'it cannot be read' }, null, locate);
  }

  return {
    find,
    findKind(kind, game) {
      if (game !== null) return scriptsOf(game).objects.find(({ name }) => name === kind);
      return readWorld(roots).shared.find(({ name }) => name === kind);
    },
    scriptsOf,
    compile,
    game(name) {
      const folder = readWorld(roots).games.find((each) => each.name === name);
      if (!folder) throw new Error(`There is no game ${name} in ${roots.join(' or ')}`);
      const read = readGame(openRoot(folder.root), folder.path);
      note({ root: folder.root, path: `${folder.path}/game.json` });
      if (read.kind === 'faults') throw toError(read.faults);
      for (const { map } of read.game.zones) if (map !== null) note({ root: folder.root, path: map });
      return read;
    },
    map(what) {
      const found = place(what);
      note(found);
      const folder = /^games\/[^/]+/.exec(found.path)?.[0];
      if (folder === undefined)
        throw new Error(`${found.path} is no map of a game: those are games/GAME/maps/NAME.tmj`);
      const read = readMap(openRoot(found.root), found.path, folder);
      if (read.kind === 'faults') throw toError(read.faults);
      return read.map;
    },
    locate,
  };
}

/** Splits an absolute path where its root ends: before `scripts/…` or `games/…`. */
function split(file: string): Place {
  const path = file.replaceAll('\\', '/');
  const inGame = /^(.+?)\/(games\/[a-z][a-z0-9-]*\/(?:scripts|zones|maps)\/.+)$/.exec(path);
  const match = inGame ?? /^(.+)\/(scripts\/[^/]+)$/.exec(path);
  if (!match?.[1] || !match[2])
    throw new Error(`${file} lies in no root: scripts are scripts/… or games/GAME/scripts/…`);
  return { root: match[1], path: match[2] };
}
