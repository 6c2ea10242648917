/** Where in a plugin's files an error comes from. */
import { fileURLToPath } from 'node:url';
import type { Fault } from '../contract/content.ts';
import type { Source, SourceFile } from './folder.ts';
import type { Place } from './syntax.ts';

/** A reason not to load a plugin that is not an error of JavaScript. */
export class LoadError extends Error {
  readonly fault: Fault;
  /** It may go away without a change of this plugin's own files. */
  readonly waits: boolean;

  constructor(fault: Fault, waits = false) {
    super(fault.message);
    this.name = 'LoadError';
    this.fault = fault;
    this.waits = waits;
  }
}

/** The whole file, when there is no better place. */
export function faultAt(file: { readonly shown: string }, message: string): Fault {
  return { file: file.shown, line: 0, column: 0, message };
}

/** File, line and column of an error that came while a file of the plugin was imported. */
export function locate(error: unknown, source: Source, imported: SourceFile): Fault {
  if (error instanceof LoadError) return error.fault;
  if (!(error instanceof Error)) return faultAt(imported, `it threw ${String(error)}`);
  const { files } = source;
  const place = placeOfSyntax(error) ?? placeOfImport(error, files) ?? placeOfThrow(error, source);
  const message = withoutPaths(error, files);
  if (!place) return faultAt(imported, message);
  const known = files.find(({ path }) => path === place.path);
  return { file: known?.shown ?? place.path, line: place.line, column: place.column, message };
}

/** Node puts `file:line`, the line (at times one more before it) and a caret under the place before a syntax error's stack. */
function placeOfSyntax(error: Error): Place | undefined {
  const match = /^(.+):(\d+)\n(?:.*\n){1,3}?([ \t]*)\^/.exec(error.stack ?? '');
  if (!match || !(error instanceof SyntaxError)) return undefined;
  return { path: toPath(match[1] as string), line: Number(match[2]), column: (match[3] as string).length + 1 };
}

/** Node names who imports what is missing, but not in which line. */
function placeOfImport(error: Error, files: readonly SourceFile[]): Place | undefined {
  const match = /^Cannot find (?:module|package) '([^']+)' imported from (.+)$/.exec(
    error.message.split('\n')[0] ?? '',
  );
  const file = match && files.find(({ path }) => path === toPath(match[2] as string));
  if (!match || !file) return undefined;
  const wanted = (match[1] as string).split('/').at(-1) as string;
  const lines = file.text.split('\n');
  for (const [at, text] of lines.entries()) {
    const column = text.search(/(?:from|import)\s*\(?\s*['"]/);
    if (column >= 0 && text.includes(wanted)) return { path: file.path, line: at + 1, column: column + 1 };
  }
  return undefined;
}

/** The innermost frame that lies in the plugin's files. */
function placeOfThrow(error: Error, source: Source): Place | undefined {
  for (const match of (error.stack ?? '').matchAll(/\(?((?:file:\/\/|\/)[^\s()]+?):(\d+):(\d+)\)?$/gm)) {
    const path = toPath(match[1] as string);
    if (path.startsWith(source.path)) return { path, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}

/** `file:///a/b.ts?v=4f1c` or a path → the path. */
function toPath(text: string): string {
  const bare = text.replace(/\?v=[^:]*$/, '');
  return bare.startsWith('file:') ? fileURLToPath(bare) : bare;
}

function withoutPaths(error: Error, files: readonly SourceFile[]): string {
  return files.reduce((message, { path, shown }) => message.replaceAll(path, shown), error.message);
}
