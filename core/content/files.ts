/**
 * Reads designers' files: regular files inside one folder, by their real path, of bounded size. A link, a pipe, a
 * device, `..` and files beginning with a dot are refused.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Bytes. */
export const fileLimits = { script: 256 * 1024, map: 4 * 1024 * 1024, game: 256 * 1024, entries: 10_000 } as const;

export type FileText =
  | { readonly kind: 'ok'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string };

export type Folder = { readonly files: readonly string[]; readonly folders: readonly string[] };

/** A folder that brings `scripts/` and `games/`. Paths are inside it and have `/`. */
export type Root = {
  /** Absolute, as given. */
  readonly folder: string;
  read(path: string, maxBytes: number): FileText;
  /** Names in a folder, sorted; empty when there is none. */
  list(path: string): Folder;
};

/** @param real  Its real path, when that is known: the compiler process may not look at the folder itself. */
export function openRoot(folder: string, real?: string): Root {
  const within = () => real ?? realpathSync.native(folder);
  return {
    folder,
    read(path, maxBytes) {
      const wrong = whyNotPath(path);
      if (wrong) return { kind: 'refused', reason: wrong };
      return orCode(
        () => readRegular(folder, within(), path, maxBytes),
        (code) => {
          if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
          return { kind: 'refused', reason: code === 'ELOOP' ? 'it is a link' : `it cannot be opened (${code})` };
        },
      );
    },
    list(path) {
      return orCode(
        () => listFolder(folder, within(), path),
        () => ({ files: [], folders: [] }),
      );
    },
  };
}

function readRegular(folder: string, root: string, path: string, maxBytes: number): FileText {
  const full = join(folder, path);
  // Without O_NONBLOCK, opening a pipe without a writer never comes back.
  const file = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const opened = fstatSync(file);
    if (!opened.isFile()) return { kind: 'refused', reason: 'it is not a regular file' };
    const real = realpathSync.native(full);
    const there = statSync(real);
    if (!isInside(real, root) || there.ino !== opened.ino || there.dev !== opened.dev) {
      return { kind: 'refused', reason: 'it lies outside of its root' };
    }
    const bytes = readUpTo(file, maxBytes + 1);
    if (bytes.length > maxBytes) return { kind: 'refused', reason: `it is longer than ${maxBytes / 1024} KB` };
    return { kind: 'ok', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'refused', reason: 'it is not UTF-8 text' };
    throw error;
  } finally {
    closeSync(file);
  }
}

function readUpTo(file: number, most: number): Buffer {
  const buffer = Buffer.alloc(Math.min(most, fstatSync(file).size + 1));
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

function listFolder(folder: string, root: string, path: string): Folder {
  const full = join(folder, path);
  if (path !== '' && whyNotPath(path)) return { files: [], folders: [] };
  if (!isInside(realpathSync.native(full), root)) return { files: [], folders: [] };
  const entries = readdirSync(full, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .slice(0, fileLimits.entries);
  const names = (kind: 'isFile' | 'isDirectory') =>
    entries
      .filter((entry) => entry[kind]())
      .map(({ name }) => name)
      .sort();
  return { files: names('isFile'), folders: names('isDirectory') };
}

function whyNotPath(path: string): string | null {
  if (path.length > 500 || path.includes('\0') || path.includes('\\')) return 'its path is malformed';
  const parts = path.split('/');
  return parts.some((part) => part === '' || part.startsWith('.')) ? 'its path is malformed' : null;
}

function isInside(real: string, root: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Runs file work; what the system refuses becomes an outcome, anything else is thrown. */
function orCode<T>(work: () => T, refused: (code: string) => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return refused(code);
  }
}
