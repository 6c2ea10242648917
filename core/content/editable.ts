/**
 * The files that may be edited from a page: object scripts, zone scripts and what these import. They run in the sandbox;
 * tests and types beside them do not, and are left alone.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type FileText, openRoot, type Root } from './files.ts';
import { readWorld } from './world.ts';

export type Editable = {
  /** Inside its root: `scripts/chicken.ts`. */
  readonly path: string;
  /** Kind, or the zone's name; of a helper its path below the scripts, without `.ts`. */
  readonly name: string;
  readonly role: 'object' | 'zone' | 'helper';
  /** Null: for every game. */
  readonly game: string | null;
};

/** Bytes; a little less than a script may have, so that a text and its path are one answer of a method. */
export const editableBytes = 250 * 1024;

const filePattern =
  /^(?:scripts|games\/[a-z][a-z0-9-]{0,31}\/(?:scripts|zones))\/(?:[A-Za-z0-9_][\w-]*\/){0,6}[A-Za-z0-9_][\w-]*\.ts$/;
const folderDepth = 6;

/** Every file that may be edited, by path; of two with one path the first. @param folders  As in `readWorld`. */
export function listEditable(folders: readonly string[]): readonly Editable[] {
  const { games, shared } = readWorld(folders);
  const found = new Map<string, Editable>();
  const add = (one: Editable) => {
    if (filePattern.test(one.path) && !found.has(one.path)) found.set(one.path, one);
  };
  for (const { path, name, role } of shared) add({ path, name, role, game: null });
  for (const { name: game, path, scripts, zones } of games)
    for (const script of [...scripts, ...zones])
      if (script.path.startsWith(`${path}/`)) add({ path: script.path, name: script.name, role: script.role, game });
  for (const folder of folders) for (const path of filesBelow(openRoot(folder), 'scripts')) add(toHelper(path, null));
  for (const { name: game, root: folder, path } of games)
    for (const part of ['scripts', 'zones'])
      for (const file of filesBelow(openRoot(folder), `${path}/${part}`)) add(toHelper(file, game));
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function toHelper(path: string, game: string | null): Editable {
  const name = path.replace(/^(?:games\/[^/]+\/)?(?:scripts|zones)\//, '').replace(/\.ts$/, '');
  return { path, name, role: 'helper', game };
}

function filesBelow(root: Root, folder: string, depth = 0): readonly string[] {
  const { files, folders } = root.list(folder);
  const here = files.map((file) => `${folder}/${file}`);
  if (depth >= folderDepth) return here;
  return [...here, ...folders.flatMap((name) => filesBelow(root, `${folder}/${name}`, depth + 1))];
}

export type EditableFile = FileText & { readonly folder?: string };

/** Reads a file of the first root that has it. */
export function readEditable(folders: readonly string[], path: string): EditableFile {
  if (!filePattern.test(path)) return { kind: 'missing' };
  for (const folder of folders) {
    const found = openRoot(folder).read(path, editableBytes);
    if (found.kind === 'ok' && realPlace(folder, path) === null) return { kind: 'refused', reason: linked };
    if (found.kind !== 'missing') return { ...found, folder };
  }
  return { kind: 'missing' };
}

const linked = 'a folder on its way is a link';

/** Where the file is, when no link leads there: by a link inside a root other files would have a script's name. */
function realPlace(folder: string, path: string): string | null {
  const place = join(realpathSync.native(folder), path);
  return realpathSync.native(place) === place ? place : null;
}

/**
 * Puts another text into a file that `readEditable` has found, all at once: a temporary file beside it takes its name.
 * @throws Error of the system, when it may not be written.
 */
export function writeEditable(folder: string, path: string, text: string): void {
  const file = realPlace(folder, path);
  if (file === null) throw new Error(`${path}: ${linked}`);
  const { mode } = statSync(file);
  // One dot, at its beginning: the watcher passes it over.
  const temporary = join(dirname(file), `.roost-${basename(file, '.ts')}-${randomBytes(6).toString('hex')}`);
  const handle = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeFileSync(handle, text);
    fchmodSync(handle, mode & 0o777);
    fsyncSync(handle);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}
