/** What lies in a plugins folder: files → plugins, their methods by name, and what is wrong with a file as a file. */
import { createHash } from 'node:crypto';
import { constants, type Dirent, type Stats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../contract/content.ts';

/** The files of one plugin at one moment. */
export type Source = {
  /** `chat` of `plugins/chat/` or `plugins/chat.ts`. */
  readonly name: string;
  /** Absolute path of the folder or file: tells apart two plugins of one name. */
  readonly path: string;
  /** `path` as people read it. */
  readonly shown: string;
  readonly methods: readonly { readonly name: string; readonly file: SourceFile }[];
  readonly manifest: SourceFile | null;
  /** All of them, helpers too. */
  readonly files: readonly SourceFile[];
  /** First 12 hex digits of SHA-256 over all files, helpers too. */
  readonly build: string;
  /** Why it must not be loaded. */
  readonly refused: Fault | null;
};

export type SourceFile = { readonly path: string; readonly shown: string; readonly text: string };

/** A folder of plugins; `builtIn` ones came with Roost. */
export type Root = { readonly path: string; readonly builtIn: boolean };

const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const nameLength = 32;
/** Events that socket.io keeps for itself, and words no method should be called by. */
const reserved = new Set([
  'connect',
  'connect-error',
  'disconnect',
  'disconnecting',
  'error',
  'constructor',
  'prototype',
]);
const code = /\.(ts|js)$/;
const watched = /\.(ts|js|mjs|cjs|json)$/;
const noMethod = /\.(test|d)\.ts$|\.test\.js$/;
const fileBytes = 262_144;
const filesMost = 512;
const depthMost = 8;

/** The plugins of a folder by name. A folder that is not there has none. */
export async function scanRoot(root: Root): Promise<readonly Source[]> {
  const real = await realpath(root.path).catch(orNothing);
  if (real === undefined) return [];
  const entries = (await readdir(real, { withFileTypes: true }).catch(orNothing)) ?? [];
  const sources: Source[] = [];
  for (const entry of entries.sort(byName)) {
    if (isHelper(entry.name) || noMethod.test(entry.name)) continue;
    if (entry.isDirectory() || code.test(entry.name) || (await isLinkToFolder(join(real, entry.name), entry))) {
      const source = await scanPlugin(root, real, entry);
      if (source.methods.length > 0 || source.manifest || source.refused) sources.push(source);
    }
  }
  return sources;
}

async function isLinkToFolder(path: string, entry: Dirent): Promise<boolean> {
  return entry.isSymbolicLink() && (await stat(path).catch(orNothing))?.isDirectory() === true;
}

async function scanPlugin(root: Root, folder: string, entry: Dirent): Promise<Source> {
  const path = join(folder, entry.name);
  const reader = new Reader(root, folder);
  const name = entry.isDirectory() ? entry.name : entry.name.replace(code, '');
  const files = entry.isDirectory() ? await reader.folder(path) : await reader.single(path);
  // What lies deeper is for import only.
  const own = files.filter((file) => file.path === path || dirname(file.path) === path);
  const manifest = entry.isDirectory() ? own.find((file) => /^plugin\.(ts|js)$/.test(basename(file.path))) : undefined;
  const methods: { name: string; file: SourceFile }[] = [];
  for (const file of own) {
    const verb = basename(file.path);
    if (file === manifest || isHelper(verb) || noMethod.test(verb) || !code.test(verb)) continue;
    const parts = entry.isDirectory() ? [name, verb.replace(code, '')] : [name];
    reader.checkName(parts, file);
    methods.push({ name: parts.join('.'), file });
  }
  if (entry.isDirectory()) reader.checkName([name, 'plugin'], { path, shown: reader.shown(path), text: '' });
  reader.checkTwice(methods);
  return {
    name,
    path,
    shown: reader.shown(path),
    methods,
    manifest: manifest ?? null,
    files,
    build: buildOf(files),
    refused: reader.refused,
  };
}

/** Reads the files of one plugin; keeps the first reason not to load it. */
class Reader {
  refused: Fault | null = null;
  readonly #root: Root;
  readonly #folder: string;
  #count = 0;

  constructor(root: Root, folder: string) {
    this.#root = root;
    this.#folder = folder;
  }

  shown(path: string): string {
    return this.#root.builtIn ? join('plugins', path.slice(this.#folder.length + 1)) : path;
  }

  refuse(path: string, message: string): void {
    this.refused ??= { file: this.shown(path), line: 0, column: 0, message };
  }

  /** @param parts  Area and verb, or the one word of a plugin that is a file. */
  checkName(parts: readonly string[], file: SourceFile): void {
    const name = parts.join('.');
    if (parts.some((part) => part.length > nameLength || !namePattern.test(part))) {
      this.refuse(
        file.path,
        `"${name}" is no name for a method: lower-case words with dashes, at most ${nameLength} characters`,
      );
    } else if (parts.length === 1 && reserved.has(name)) {
      this.refuse(file.path, `"${name}" is a reserved word and cannot be a method`);
    }
  }

  /** `say.ts` beside `say.js`. */
  checkTwice(methods: readonly { readonly name: string; readonly file: SourceFile }[]): void {
    const seen = new Map<string, SourceFile>();
    for (const { name, file } of methods) {
      const other = seen.get(name);
      if (other) this.refuse(file.path, `two files claim the method ${name}: ${other.shown} and ${file.shown}`);
      seen.set(name, file);
    }
  }

  /** A plugin of one file, with the helpers (`_*`) that lie beside it. */
  async single(path: string): Promise<readonly SourceFile[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true });
    const helpers = entries.filter(({ name }) => name.startsWith('_')).sort(byName);
    const paths = helpers.map(({ name }) => join(this.#folder, name));
    return [...(await this.#file(path)), ...(await this.#files(paths, 0))];
  }

  async folder(path: string, depth = 0): Promise<readonly SourceFile[]> {
    const entries = await readdir(path, { withFileTypes: true });
    const inside = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules').sort(byName);
    return this.#files(
      inside.map(({ name }) => join(path, name)),
      depth,
    );
  }

  async #files(paths: readonly string[], depth: number): Promise<readonly SourceFile[]> {
    const files: SourceFile[] = [];
    for (const path of paths) {
      const stats = await lstat(path).catch(orNothing);
      if (stats?.isDirectory()) {
        if (depth >= depthMost) this.refuse(path, `folders are nested deeper than ${depthMost}`);
        else files.push(...(await this.folder(path, depth + 1)));
      } else if (watched.test(path)) files.push(...(await this.#file(path)));
    }
    return files;
  }

  /** The file, or none with a reason. Links are not followed; a pipe is not waited for. */
  async #file(path: string): Promise<readonly SourceFile[]> {
    this.#count += 1;
    if (this.#count > filesMost) {
      this.refuse(path, `the plugin has more than ${filesMost} files`);
      return [];
    }
    const stats = await lstat(path).catch(orNothing);
    if (stats === undefined) return [];
    const reason = stats.isSymbolicLink() ? 'it is a link, and links are not followed' : await this.#distrust(stats);
    if (reason !== undefined) {
      this.refuse(path, reason);
      return [];
    }
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const text = await handle.readFile('utf8');
      // Looked at once more: it may have been opened to others, and written, between the first look and the reading.
      const since = await this.#distrust(await handle.stat());
      if (since === undefined) return [{ path, shown: this.shown(path), text }];
      this.refuse(path, since);
      return [];
    } finally {
      await handle.close();
    }
  }

  /**
   * Why the file may hold what somebody else wrote. Whoever can write a plugin can do whatever the node can. Files that
   * came with Roost are trusted as far as Roost's own code is.
   */
  async #distrust(stats: Stats): Promise<string | undefined> {
    if (!stats.isFile()) return 'it is not a regular file';
    if (stats.size > fileBytes) return `it has more than ${fileBytes} bytes`;
    const me = process.getuid?.();
    if (me === undefined) return undefined;
    const code = this.#root.builtIn ? await lstat(fileURLToPath(import.meta.url)) : null;
    if (stats.uid !== me && stats.uid !== 0 && stats.uid !== code?.uid) {
      return `it belongs to user ${stats.uid}, not to the one Roost runs as (${me}) or root`;
    }
    // On many systems every user has a group of their own, whose files are group-writable by default.
    const ownGroup = stats.gid === stats.uid && stats.gid !== 0 ? 0o020 : 0;
    const others = stats.mode & 0o022 & ~ownGroup & ~((code?.mode ?? 0) & 0o022);
    return others === 0 ? undefined : 'others may write to it; next step: chmod go-w';
  }
}

function buildOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of files) hash.update(`${path}\0${text.length}\0${text}\0`);
  return hash.digest('hex').slice(0, 12);
}

function isHelper(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.') || name === 'node_modules';
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

/** Files come and go while a folder is read; the next look sees what there is then. */
function orNothing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
