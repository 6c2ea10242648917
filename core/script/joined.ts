/** Modules joined into one script: each a function, its imports as constants in front of its first line. */
import type { Comment } from 'acorn';
import type { Linked, Module } from './modules.ts';
import { parseText, Wrong } from './syntax.ts';

/** Names a module exports, `export *` included. */
export function exportNames(index: number, modules: readonly Linked[]): ReadonlySet<string> {
  const module = modules[index] as Linked;
  const names = new Set(module.exports.map((e) => e.name));
  for (const star of module.stars) {
    const target = module.targets[star];
    if (typeof target !== 'number') continue;
    for (const name of exportNames(target, modules)) if (name !== 'default') names.add(name);
  }
  return names;
}

/**
 * Joins modules, each after those it imports, into one script whose value is a function `(roost) => exports`
 * of the last module.
 * @returns The script, and the line on which each file's first line stands.
 * @throws Wrong when the result is not one function: a comment that only browsers' old scripts know, for example.
 */
export function join(modules: readonly Linked[]): { readonly code: string; readonly lines: readonly number[] } {
  const lines: number[] = [];
  let code = `'use strict';((files,join)=>(roost)=>join(files,roost))([\n`;
  let line = 2;
  for (const module of modules) {
    lines.push(line + 1);
    const returned = module.exports.map((e) => `[${JSON.stringify(e.name)}]:${e.local}`);
    const text = `(${module.spare})=>{${constants(module)}\n${module.body}\n;return{__proto__:null,${returned.join()}}},\n`;
    code += text;
    line += countLines(text);
  }
  code += `],(files,roost)=>{const modules=[];\n`;
  for (let i = 0; i < modules.length; i++) {
    const module = modules[i] as Linked;
    const from = module.targets.map((t) => (t === null ? 'roost' : `modules[${t}]`));
    const stars = module.stars.flatMap((s) => {
      const target = module.targets[s];
      const names = typeof target === 'number' ? [...exportNames(target, modules)] : [];
      return names
        .filter((n) => n !== 'default')
        .map((n) => `[${JSON.stringify(n)}]:${from[s]}[${JSON.stringify(n)}],`);
    });
    code += `modules[${i}]=Object.freeze({__proto__:null,${stars.join('')}...files[${i}]([${from.join()}])});\n`;
  }
  code += `return modules[${modules.length - 1}]});\n`;
  checkShape(modules, lines, code);
  return { code, lines };
}

/** Where a position of joined code is in its sources. */
export function locate(
  files: readonly { readonly path: string; readonly line: number }[],
  line: number,
): { readonly path: string; readonly line: number } | undefined {
  const file = files.findLast((f) => f.line <= line);
  return file && { path: file.path, line: line - file.line + 1 };
}

function constants(module: Module): string {
  return module.imports
    .flatMap((from, i) =>
      from.taken.map((t) => {
        const value = `${module.spare}[${i}]`;
        return `const ${t.local}=${t.name === '*' ? value : `${value}[${JSON.stringify(t.name)}]`};`;
      }),
    )
    .join('');
}

/** Code must be one expression that holds the modules: nothing in a file may end its function early. */
function checkShape(modules: readonly Module[], lines: readonly number[], code: string): void {
  const files = modules.map((m, i) => ({ path: m.path, line: lines[i] as number }));
  const wrongAt = (line: number, column: number, message: string) => {
    const at = locate(files, line);
    return new Wrong(at?.path ?? '', at?.line ?? 0, column, message);
  };
  const comments: Comment[] = [];
  const program = parseJoined(code, comments, wrongAt);
  const old = comments.find((c) => c.type === 'Line' && !code.startsWith('//', c.start));
  if (old?.loc) {
    const { line, column } = old.loc.start;
    throw wrongAt(line, column + 1, 'write blanks here: <!-- and --> begin a comment in old scripts');
  }
  if (program.type !== 'Program' || program.body.length !== 2)
    throw new Wrong(files[0]?.path ?? '', 0, 0, 'it is not a module');
}

function parseJoined(code: string, comments: Comment[], wrongAt: (line: number, column: number, why: string) => Wrong) {
  try {
    return parseText('', code, { sourceType: 'script', onComment: comments });
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    const { line, column } = error.fault;
    throw wrongAt(line, column, error.message);
  }
}

function countLines(text: string): number {
  return text.match(/\r\n|[\n\r\u2028\u2029]/g)?.length ?? 0;
}
