/**
 * Files for browsers: the pages of games, the client library and the code editor. TypeScript is served as JavaScript.
 * Only regular files inside a game's client folder are served: no links, no dotfiles, no maps, no object scripts.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';

export type Page = {
  readonly body: Buffer;
  readonly type: string;
  /** Quoted, as the header wants it. */
  readonly etag: string;
  /** Hashes of the inline scripts of a page, for its Content-Security-Policy. */
  readonly scripts: readonly string[];
};

export type PagesOptions = {
  /** Absolute folder of a game's client files. */
  readonly clientFolder: (game: string) => string | undefined;
  /** Absolute folder with `client`, `sync`, `contract` and `gateway`. */
  readonly libraryFolder: string;
  /** Removes the types of a source; throws when it does not parse. Game files are a designer's: not in this process. */
  readonly strip: (source: string, path: string) => Promise<string>;
  /** Modules of the code editor, absolute paths by the name they are imported by; empty outside of development. */
  readonly editor: ReadonlyMap<string, string>;
};

/** A file larger than this is not for a page. */
const mostBytes = 8 * 1_048_576;
/** Kept in memory: files by path, until another content is found there. */
const mostKept = 500;

const types: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.gif', 'image/gif'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.jpeg', 'image/jpeg'],
  ['.jpg', 'image/jpeg'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.m4a', 'audio/mp4'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.mp3', 'audio/mpeg'],
  ['.ogg', 'audio/ogg'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.ts', 'text/javascript; charset=utf-8'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.wav', 'audio/wav'],
  ['.webmanifest', 'application/manifest+json'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
]);

/** What the library is made of; `client.js` leads to it. Of `roost` itself pages have `distance` and the like. */
const libraryParts = /^(?:client|sync)\/[a-z-]+\.ts$|^contract\/(?:object|protocol)\.ts$/;
/** What the page of methods is made of, beside itself. */
const apiParts: ReadonlySet<string> = new Set(['page.css', 'page.ts']);
const libraryEntry = "export * from './lib/client/client.ts';\n";

const libraryImports = {
  roost: '/roost/lib/contract/object.ts',
  'roost/client': '/roost/client.js',
  'socket.io-client': '/socket.io/socket.io.esm.min.js',
};

export class Pages {
  readonly #options: PagesOptions;
  /** What pages import by name, as an element for their head. */
  readonly #imports: string;
  readonly #kept = new Map<string, { readonly hash: string; readonly page: Promise<Page> }>();

  constructor(options: PagesOptions) {
    this.#options = options;
    const editor = [...options.editor.keys()].map((name) => [name, `/roost/editor/${name}.js`]);
    const imports = { ...libraryImports, ...Object.fromEntries(editor) };
    this.#imports = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  }

  /** A file of a game's client folder; `''` is its page. Undefined when there is none. @throws what `strip` throws */
  async find(game: string, path: string): Promise<Page | undefined> {
    const folder = this.#options.clientFolder(game);
    return folder === undefined ? undefined : this.#read(folder, path === '' ? 'index.html' : path);
  }

  /** A part of the client library, by its path under `/roost/`. */
  async findLibrary(path: string): Promise<Page | undefined> {
    if (path === 'client.js') return toPage(Buffer.from(libraryEntry), '.js');
    const part = path.startsWith('lib/') ? path.slice('lib/'.length) : '';
    return libraryParts.test(part) ? this.#read(this.#options.libraryFolder, part) : undefined;
  }

  /** A file of the page of methods, by its path under `/docs/api/`. */
  async findApi(path: string): Promise<Page | undefined> {
    return apiParts.has(path) ? this.#read(join(this.#options.libraryFolder, 'gateway/api'), path) : undefined;
  }

  /** A module of the code editor, by its path under `/roost/`. */
  async findEditor(path: string): Promise<Page | undefined> {
    const name = /^editor\/(.+)\.js$/.exec(path)?.[1];
    const file = name === undefined ? undefined : this.#options.editor.get(name);
    return file === undefined ? undefined : this.#read(dirname(file), basename(file));
  }

  async #read(folder: string, path: string): Promise<Page | undefined> {
    const type = extname(path).toLowerCase();
    if (!types.has(type) || !isPlainPath(path)) return undefined;
    const bytes = await readInside(folder, path);
    if (bytes === undefined) return undefined;
    const key = join(folder, path);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const kept = this.#kept.get(key);
    if (kept?.hash === hash) return kept.page;
    // A file that does not parse is kept too: strangers cannot have it tried again and again.
    const page = this.#prepare(bytes, type, path).then((body) => toPage(body, type));
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(key, { hash, page });
    return page;
  }

  async #prepare(bytes: Buffer, type: string, path: string): Promise<Buffer> {
    if (type === '.ts') return Buffer.from(await this.#options.strip(bytes.toString('utf8'), path));
    return type === '.html' ? Buffer.from(withImports(bytes.toString('utf8'), this.#imports)) : bytes;
  }
}

/** Every part a name that begins with a letter or a digit: no dotfiles, no `..`, nothing encoded. */
function isPlainPath(path: string): boolean {
  return path.length <= 200 && /^(?:[A-Za-z0-9_][\w.-]*\/){0,8}[A-Za-z0-9_][\w.-]*$/.test(path);
}

/** The bytes of a regular file whose real path is inside the folder, without following a link. */
async function readInside(folder: string, path: string): Promise<Buffer | undefined> {
  try {
    const root = await realpath(folder);
    const file = join(root, path);
    if ((await realpath(file)) !== file || !file.startsWith(root + sep)) return undefined;
    await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await handle.stat();
    return found.isFile() && found.size <= mostBytes ? await handle.readFile() : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'ELOOP' || code === 'ENXIO')
      return undefined;
    throw error;
  }
}

/** Puts the import map where the page asks for it, or before its first module script. */
function withImports(html: string, imports: string): string {
  const marker = '<!-- roost:imports -->';
  if (html.includes(marker)) return html.replace(marker, () => imports);
  return html.replace(/<script\b[^>]*\btype\s*=\s*["']?module\b/i, (script) => `${imports}\n${script}`);
}

function toPage(body: Buffer, extension: string): Page {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const scripts = extension === '.html' ? inlineScripts(body.toString('utf8')) : [];
  return { body, type: types.get(extension) ?? 'application/octet-stream', etag, scripts };
}

function inlineScripts(html: string): string[] {
  const found = html.matchAll(/<script\b(?![^>]*\bsrc\s*=)[^>]*>([\s\S]*?)<\/script>/gi);
  return [...found].map(([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
}
