/**
 * A process of its own that says where the syntax of a module is wrong, thrown away after one question: a compiler can be
 * made to hang or trap by what it reads.
 *
 * Standard input: `[{ path, text }]`. Standard output: `{ path, line, column }` of the first wrong one, or `null`.
 */
import { spawnSync } from 'node:child_process';
import { text as readAll } from 'node:stream/consumers';
import { transformSync } from 'amaro';
import type { Place } from './syntax.ts';

const files = JSON.parse(await readAll(process.stdin)) as readonly { path: string; text: string }[];
process.stdout.write(JSON.stringify(findPlace() ?? null));

function findPlace(): Place | undefined {
  for (const { path, text } of files) {
    const place = path.endsWith('.ts') ? checkTypes(text) : checkModule(text);
    if (place) return { path, ...place };
  }
  return undefined;
}

/** First the types; what is left when they are blanks keeps its lines and columns. */
function checkTypes(text: string): Omit<Place, 'path'> | undefined {
  try {
    return checkModule(transformSync(text, { mode: 'strip-only' }).code);
  } catch (error) {
    const { startLine, startColumn } = error as { startLine?: number; startColumn?: number };
    if (startLine === undefined || startColumn === undefined) throw error;
    return { line: startLine, column: columnOf(text.split('\n')[startLine - 1] ?? '', startColumn) };
  }
}

/** The compiler counts places on a screen, where a tab is four wide; editors are told characters. */
function columnOf(line: string, screen: number): number {
  let at = 0;
  for (let seen = 0; seen < screen; at++) seen += line[at] === '\t' ? 4 : 1;
  return at + 1;
}

/** Node keeps the place of V8's own complaints (a name declared twice) to itself when it imports; `--check` tells. */
function checkModule(text: string): Omit<Place, 'path'> | undefined {
  const { stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
    input: text,
    encoding: 'utf8',
  });
  const match = /^\[stdin\]:(\d+)\n.*\n([ \t]*)\^/m.exec(stderr);
  return match ? { line: Number(match[1]), column: (match[2] as string).length + 1 } : undefined;
}
