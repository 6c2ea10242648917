/**
 * Turns ES modules into functions: one file, one function, its imports as constants in front of its first line.
 * Lines and columns stay those of the source, so that errors point at what its author wrote. The same for designers'
 * scripts (compile.ts) and for the runtime inside the sandbox (bundle.ts).
 */
import { type AnyNode, type Comment, type ExportDefaultDeclaration, type Pattern, type Program, parse } from 'acorn';
import type { Fault } from '../contract/content.ts';

/** Thrown where a file is wrong; the compiler makes it a fault. Lines and columns start at 1. */
export class Wrong extends Error {
  readonly fault: Fault;

  constructor(file: string, line: number, column: number, message: string) {
    super(message);
    this.name = 'Wrong';
    this.fault = { file, line, column, message };
  }
}

type At = { readonly line: number; readonly column: number };

/** One name that a file takes from another: `*` is its whole namespace. */
type Taken = { readonly name: string; readonly local: string; readonly at: At };

/** An `import`, or an `export … from`. */
export type Import = { readonly specifier: string; readonly at: At; readonly taken: readonly Taken[] };

type Exported = { readonly name: string; readonly local: string };

/** A file taken apart. */
export type Module = {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly exports: readonly Exported[];
  /** Indexes into `imports` of `export * from`. */
  readonly stars: readonly number[];
  /** The source with imports and exports blanked. */
  readonly body: string;
  /** A name that occurs nowhere in the source. */
  readonly spare: string;
  /** Its statements, with places. */
  readonly ast: Program['body'];
};

/** A module whose imports are known: index of a module, or null for `roost`. */
export type Linked = Module & { readonly targets: readonly (number | null)[] };

/** Takes a JavaScript module apart. @throws Wrong */
export function takeApart(path: string, source: string): Module {
  const program = parseModule(path, source);
  refuseForbidden(path, program);
  const spare = spareName(source);
  const text = [...cut(source)];
  const imports: Import[] = [];
  const exports: Exported[] = [];
  const stars: number[] = [];
  const blank = (node: { start: number; end: number }) => {
    for (let i = node.start; i < node.end; i++) if (!isLineEnd(text[i])) text[i] = ' ';
    text[node.start] = ';';
  };
  const write = (at: number, word: string) => {
    for (let i = 0; i < word.length; i++) text[at + i] = word[i] as string;
  };

  if (program.type !== 'Program') throw new Wrong(path, 1, 1, 'it is not a module');
  for (const node of program.body) {
    switch (node.type) {
      case 'ImportDeclaration': {
        if (node.attributes?.length) throw new Wrong(path, ...start(node), 'import attributes are not available');
        const taken = node.specifiers.map((s): Taken => {
          const at = place(s);
          if (s.type === 'ImportDefaultSpecifier') return { name: 'default', local: s.local.name, at };
          if (s.type === 'ImportNamespaceSpecifier') return { name: '*', local: s.local.name, at };
          return { name: nameOf(s.imported), local: s.local.name, at };
        });
        imports.push({ specifier: String(node.source.value), at: place(node.source), taken });
        blank(node);
        break;
      }
      case 'ExportAllDeclaration': {
        const at = place(node.source);
        const specifier = String(node.source.value);
        if (node.exported) {
          const local = `${spare}${imports.length}`;
          imports.push({ specifier, at, taken: [{ name: '*', local, at }] });
          exports.push({ name: nameOf(node.exported), local });
        } else {
          stars.push(imports.length);
          imports.push({ specifier, at, taken: [] });
        }
        blank(node);
        break;
      }
      case 'ExportNamedDeclaration': {
        if (node.declaration) {
          for (const local of declared(node.declaration)) exports.push({ name: local, local });
          blank({ start: node.start, end: node.start + 'export'.length });
        } else if (node.source) {
          const from = imports.length;
          const taken = node.specifiers.map((s, i): Taken => {
            const local = `${spare}${from}_${i}`;
            exports.push({ name: nameOf(s.exported), local });
            return { name: nameOf(s.local), local, at: place(s) };
          });
          imports.push({ specifier: String(node.source.value), at: place(node.source), taken });
          blank(node);
        } else {
          for (const s of node.specifiers) exports.push({ name: nameOf(s.exported), local: nameOf(s.local) });
          blank(node);
        }
        break;
      }
      case 'ExportDefaultDeclaration': {
        const local = defaultName(node);
        exports.push({ name: 'default', local: local ?? `${spare}d` });
        const word = source.indexOf('default', node.start);
        if (local === null) {
          write(node.start, 'const ');
          write(word, `${spare}d=`.padStart('default'.length));
          // A declaration needs no semicolon after it, the constant that it became does.
          if (/^(Function|Class)Declaration$/.test(node.declaration.type)) text[node.end - 1] += ';';
        } else {
          blank({ start: node.start, end: node.start + 'export'.length });
          blank({ start: word, end: word + 'default'.length });
        }
        break;
      }
    }
  }
  return { path, imports, exports, stars, body: text.join(''), spare, ast: program.body };
}

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

function parseModule(path: string, source: string): AnyNode {
  try {
    return parse(source, { ecmaVersion: 2025, sourceType: 'module', locations: true, allowHashBang: false }) as AnyNode;
  } catch (error) {
    throw fromAcorn(path, error);
  }
}

function fromAcorn(path: string, error: unknown): unknown {
  if (!(error instanceof SyntaxError)) return error;
  const { line = 0, column = -1 } = (error as SyntaxError & { loc?: At }).loc ?? {};
  return new Wrong(path, line, column + 1, error.message.replace(/ \(\d+:\d+\)$/, ''));
}

/** Code must be one expression that holds the modules: nothing in a file may end its function early. */
function checkShape(modules: readonly Module[], lines: readonly number[], code: string): void {
  const files = modules.map((m, i) => ({ path: m.path, line: lines[i] as number }));
  const comments: Comment[] = [];
  let program: AnyNode;
  try {
    program = parse(code, { ecmaVersion: 2025, sourceType: 'script', locations: true, onComment: comments }) as AnyNode;
  } catch (error) {
    const wrong = fromAcorn('', error);
    if (!(wrong instanceof Wrong)) throw wrong;
    const at = locate(files, wrong.fault.line);
    throw new Wrong(at?.path ?? '', at?.line ?? 0, wrong.fault.column, wrong.message);
  }
  const old = comments.find((c) => c.type === 'Line' && !code.startsWith('//', c.start));
  if (old?.loc) {
    const at = locate(files, old.loc.start.line);
    const message = 'write blanks here: <!-- and --> begin a comment in old scripts';
    throw new Wrong(at?.path ?? '', at?.line ?? 0, old.loc.start.column + 1, message);
  }
  if (program.type !== 'Program' || program.body.length !== 2)
    throw new Wrong(files[0]?.path ?? '', 0, 0, 'it is not a module');
}

/** What scripts cannot use, with the reason. */
function refuseForbidden(path: string, program: AnyNode): void {
  const open: { node: AnyNode; isName: boolean }[] = [{ node: program, isName: false }];
  for (let next = open.pop(); next; next = open.pop()) {
    const why = next.isName ? null : whyForbidden(next.node);
    if (why) throw new Wrong(path, ...start(next.node), why);
    for (const [key, value] of Object.entries(next.node)) {
      const isName = (key === 'property' || key === 'key') && 'computed' in next.node && next.node.computed === false;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child instanceof Object && typeof child.type === 'string') open.push({ node: child, isName });
      }
    }
  }
}

function whyForbidden(node: AnyNode): string | null {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.async ? 'async functions are not available: use timers and messages' : null;
    case 'AwaitExpression':
      return 'await is not available: use timers and messages';
    case 'ForOfStatement':
      return node.await ? 'await is not available: use timers and messages' : null;
    case 'ImportExpression':
      return 'import() is not available: import at the top of the file';
    case 'MetaProperty':
      return node.meta.name === 'import' ? 'import.meta is not available' : null;
    case 'Identifier':
      return node.name === 'eval' ? 'eval is not available' : null;
    case 'Literal':
      return node.bigint ? 'BigInt is not available: whole numbers are exact up to 9007199254740991' : null;
    default:
      return null;
  }
}

function declared(node: AnyNode): string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap((d) => bound(d.id));
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.id ? [node.id.name] : [];
  return [];
}

/** Names that a pattern binds. */
function bound(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) => bound(p.type === 'RestElement' ? p.argument : p.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((e) => (e ? bound(e) : []));
    case 'RestElement':
      return bound(pattern.argument);
    case 'AssignmentPattern':
      return bound(pattern.left);
    default:
      return [];
  }
}

/** The name a default export declares for its own file, or null. */
function defaultName(node: ExportDefaultDeclaration): string | null {
  const what = node.declaration;
  return what.type === 'FunctionDeclaration' || what.type === 'ClassDeclaration' ? (what.id?.name ?? null) : null;
}

function nameOf(node: AnyNode): string {
  return node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '';
}

/** Short enough to stand in the place of the word `default`. */
function spareName(source: string): string {
  for (let i = 0; ; i++) {
    const name = `$${i.toString(36)}`;
    if (!source.includes(name)) return name;
  }
}

/** UTF-16 units, as acorn counts them. */
function* cut(source: string): Iterable<string> {
  for (let i = 0; i < source.length; i++) yield source[i] as string;
}

function countLines(text: string): number {
  return text.match(/\r\n|[\n\r\u2028\u2029]/g)?.length ?? 0;
}

function isLineEnd(char: string | undefined): boolean {
  return char === '\n' || char === '\r' || char === '\u2028' || char === '\u2029';
}

function place(node: AnyNode): At {
  const [line, column] = start(node);
  return { line, column };
}

function start(node: AnyNode): [line: number, column: number] {
  return node.loc ? [node.loc.start.line, node.loc.start.column + 1] : [0, 0];
}
