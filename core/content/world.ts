/** What the roots bring: games, and object scripts by kind. Only names are read here. */
import type { Fault } from '../contract/content.ts';
import { openRoot, type Root } from './files.ts';
import { wellNamed } from './game.ts';

/** A script file: `scripts/chicken.ts` of a root. */
export type ScriptFile = {
  /** Absolute folder of its root. */
  readonly root: string;
  readonly path: string;
  /** Kind, or the zone's name. */
  readonly name: string;
  readonly role: 'object' | 'zone';
};

export type GameFolder = {
  readonly name: string;
  readonly root: string;
  /** Inside the root: `games/farmyard`. */
  readonly path: string;
  /** Object scripts its zones use, by kind: its own, and shared ones that it does not hide. */
  readonly scripts: readonly ScriptFile[];
  /** Scripts of its zones. */
  readonly zones: readonly ScriptFile[];
  /** Maps in its folder: `games/farmyard/maps/meadow.tmj`. */
  readonly maps: readonly string[];
};

export type World = {
  readonly games: readonly GameFolder[];
  /** Scripts that every game may use. */
  readonly shared: readonly ScriptFile[];
  readonly faults: readonly Fault[];
};

const MOST_GAMES = 200;
const MOST_SCRIPTS = 1_000;

/**
 * Lists what is there.
 * @param folders  Absolute, the built-in one first. Of two files with one path, or two games with one name, the first
 *                 is used and the other a fault that names both.
 */
export function readWorld(folders: readonly string[]): World {
  const faults: Fault[] = [];
  const roots = folders.map((folder) => openRoot(folder));
  const shared = new Map<string, ScriptFile>();
  for (const root of roots) {
    for (const script of scriptsIn(root, 'scripts', 'object', faults)) keepFirst(shared, script, faults);
  }
  const games = new Map<string, GameFolder>();
  for (const root of roots) {
    for (const name of root.list('games').folders) addGame(root, name, [...shared.values()], games, faults);
  }
  const inOrder = [...games.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { games: inOrder, shared: [...shared.values()], faults };
}

function keepFirst(found: Map<string, ScriptFile>, script: ScriptFile, faults: Fault[]): void {
  const first = found.get(script.name);
  if (!first) found.set(script.name, script);
  else faults.push(fault(script.path, `${first.root} and ${script.root} both have ${script.path}: the first is used`));
}

function addGame(
  root: Root,
  name: string,
  shared: readonly ScriptFile[],
  games: Map<string, GameFolder>,
  faults: Fault[],
): void {
  const path = `games/${name}`;
  if (!root.list(path).files.includes('game.json')) {
    faults.push(fault(path, 'it has no game.json'));
    return;
  }
  if (!wellNamed.test(name)) {
    faults.push(fault(path, `"${name}" is no name of a game: ${WANTED}`));
    return;
  }
  const first = games.get(name);
  if (first) {
    faults.push(fault(path, `${first.root} and ${root.folder} both have ${path}: the first is used`));
    return;
  }
  if (games.size >= MOST_GAMES) {
    faults.push(fault(path, `there are more than ${MOST_GAMES} games`));
    return;
  }
  const own = scriptsIn(root, `${path}/scripts`, 'object', faults);
  const kinds = new Map([...shared, ...own].map((script) => [script.name, script]));
  games.set(name, {
    name,
    root: root.folder,
    path,
    scripts: [...kinds.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    zones: scriptsIn(root, `${path}/zones`, 'zone', faults),
    maps: mapsIn(root, `${path}/maps`, 1),
  });
}

/** The scripts directly in a folder. Tests, types and files beginning with `_` are none; subfolders are for import. */
function scriptsIn(root: Root, folder: string, role: ScriptFile['role'], faults: Fault[]): ScriptFile[] {
  const files = root.list(folder).files.filter((file) => file.endsWith('.ts') && !/^_|\.test\.ts$|\.d\.ts$/.test(file));
  if (files.length > MOST_SCRIPTS) faults.push(fault(folder, `it has more than ${MOST_SCRIPTS} scripts`));
  return files.slice(0, MOST_SCRIPTS).flatMap((file) => {
    const name = file.slice(0, -'.ts'.length);
    const path = `${folder}/${file}`;
    if (wellNamed.test(name)) return [{ root: root.folder, path, name, role }];
    faults.push(fault(path, `"${name}" is no name of a ${role === 'zone' ? 'zone' : 'kind'}: ${WANTED}`));
    return [];
  });
}

function mapsIn(root: Root, folder: string, level: number): string[] {
  const { files, folders } = root.list(folder);
  const here = files.filter((file) => file.endsWith('.tmj')).map((file) => `${folder}/${file}`);
  return level > 4 ? here : [...here, ...folders.flatMap((name) => mapsIn(root, `${folder}/${name}`, level + 1))];
}

const WANTED = 'a small letter, then small letters, digits and -, at most 32';

function fault(file: string, message: string): Fault {
  return { file, line: 0, column: 0, message };
}
