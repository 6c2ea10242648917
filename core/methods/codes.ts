/**
 * Codes that a method's source names: what it throws itself, what the functions of the plugin's helpers throw that it uses, and
 * what their comments promise. A reading, not a proof: what another method answers within a call is not followed.
 */
import { dirname, join } from 'node:path';
import type { SourceFile } from './folder.ts';

/** A function, class or constant at the top of a file, with the comment above it. */
type Part = {
  readonly codes: readonly string[];
  /** What it speaks of, some of which may be names of other parts. */
  readonly words: ReadonlySet<string>;
  readonly file: string;
};

/** File → its parts by name, and what its imports call things: name → file and the name there. */
type Outline = {
  readonly parts: ReadonlyMap<string, Part>;
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
};

const partPattern =
  /^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(?:export )?(?:default )?(?:async )?(?:function\*?|class|const) (\w+)/gm;
const importPattern = /^import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+['"](\.[^'"]+)['"]/gm;
const thrownPattern = /\bnew HostError\(([^;]{0,200}?)[,)]/g;
const promisedPattern = /@throws\s+(?:\{\w+\}\s+)?HostError\s([^@`(]{0,300})/g;
const quotedCode = /['"`]([a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+)['"`]/g;
const bareCode = /(?<![\w.])[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.(?:\*|[a-z][a-z0-9]*(?:-[a-z0-9]+)*)/g;

/** What parts of `roost/plugin` refuse with, by how they are called; their comments there say the same. */
const hostCodes: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bcaller\.enter\(/, ['name.*', 'zone.*']],
  [/\bcaller\.watchZone\(/, ['session.playing', 'zone.*']],
  [/\bcaller\.login\(/, ['session.elsewhere']],
  [/\bcaller\.play\(/, ['session.elsewhere', 'session.playing']],
  [/\bcaller\.watch\(/, ['host.dev-only']],
  [/\bzone\.say\(/, ['zone.*']],
  [/\bzone\.move\(/, ['object.blocked', 'object.too-fast', 'zone.*']],
  [/\bzone\.(?:call|activate|answer|run)\(/, ['object.*', 'zone.*']],
  [/\bzone\.inspect\(/, ['object.not-found', 'zone.*']],
  [/\bzones\.open\(/, ['zone.*']],
  [/\brooms\.join\(/, ['room.unknown']],
  [/\bdb\.transaction\(/, ['store.busy']],
  [/\bnode\.scripts\.(?:list|open|save)\(|\bscripts\.(?:open|save)\(/, ['script.*']],
  [/\breloads\.lift\(/, ['script.unknown']],
  [/\bcharacters\.erase\(/, ['session.elsewhere']],
  [/\bnode\.rollback\(/, ['plugin.*']],
  [/\bnode\.reload\(/, ['plugin.*']],
];

/** Reads the files of one plugin, each once. @returns What gives the codes of one of its methods, by the path of its file */
export function createCodeReader(files: readonly SourceFile[]): (path: string) => readonly string[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const outlines = new Map<string, Outline>();

  function outlineAt(path: string): Outline {
    const known = outlines.get(path) ?? outlineOf(path, texts.get(path) ?? '');
    outlines.set(path, known);
    return known;
  }

  /** Parts that a part speaks of, in its own file or in one that it imports. */
  function usedBy({ file, words }: Part): readonly Part[] {
    const { parts, imports } = outlineAt(file);
    return [...words].flatMap((word) => {
      const other = imports.get(word);
      return parts.get(word) ?? (other && outlineAt(other.file).parts.get(other.name)) ?? [];
    });
  }

  return (path) => {
    const found = new Set<string>();
    const left = [toPart(path, texts.get(path) ?? '')];
    const seen = new Set(left);
    for (let part = left.pop(); part; part = left.pop()) {
      for (const code of part.codes) found.add(code);
      for (const used of usedBy(part)) {
        if (!seen.has(used)) left.push(used);
        seen.add(used);
      }
    }
    return [...found].filter((code) => code.endsWith('*') || !found.has(`${code.split('.')[0]}.*`)).sort();
  };
}

function outlineOf(path: string, text: string): Outline {
  const starts = [...text.matchAll(partPattern)];
  const parts = starts.map((match, at): [string, Part] => [
    match[1] ?? '',
    toPart(path, text.slice(match.index, starts[at + 1]?.index)),
  ]);
  const imports = [...text.matchAll(importPattern)].flatMap(([, names = '', from = '']) =>
    names.split(',').map((name): [string, { file: string; name: string }] => {
      const [there = '', here = there] = name.trim().split(/\s+as\s+/);
      return [here, { file: join(dirname(path), from), name: there }];
    }),
  );
  return { parts: new Map(parts), imports: new Map(imports) };
}

function toPart(file: string, text: string): Part {
  return { file, codes: codesIn(text), words: new Set(text.match(/\b[A-Za-z_]\w*\b/g)) };
}

function codesIn(text: string): readonly string[] {
  const thrown = [...text.matchAll(thrownPattern)].flatMap(([, code = '']) =>
    [...code.matchAll(quotedCode)].map(([, name = '']) => name),
  );
  const promised = [...text.matchAll(promisedPattern)].flatMap(([, words = '']) => words.match(bareCode) ?? []);
  const host = hostCodes.flatMap(([pattern, codes]) => (pattern.test(text) ? codes : []));
  return [...thrown, ...promised, ...host];
}
