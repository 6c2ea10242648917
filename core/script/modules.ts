/**
 * Turns ES modules into functions: one file, one function, its imports as constants in front of its first line.
 * Lines and columns stay those of the source, so that errors point at what its author wrote. The same for designers'
 * scripts (compile.ts) and for the runtime inside the sandbox (bundle.ts).
 */
import type {
  AnyNode,
  ExportAllDeclaration,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  ImportDeclaration,
  Pattern,
  Program,
} from 'acorn';
import { refuseForbidden } from './forbidden.ts';
import { type At, parseText, place, start, Wrong } from './syntax.ts';

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

/** A file while it is taken apart. */
type Taking = {
  readonly path: string;
  readonly source: string;
  readonly spare: string;
  /** By UTF-16 units: what is blanked or written over keeps its place. */
  readonly text: string[];
  readonly imports: Import[];
  readonly exports: Exported[];
  readonly stars: number[];
};

/** Takes a JavaScript module apart. @throws Wrong */
export function takeApart(path: string, source: string): Module {
  const program = parseText(path, source, { sourceType: 'module' });
  refuseForbidden(path, program);
  if (program.type !== 'Program') throw new Wrong(path, 1, 1, 'it is not a module');
  const spare = spareName(source);
  const taking: Taking = { path, source, spare, text: [...cut(source)], imports: [], exports: [], stars: [] };
  for (const node of program.body) takeStatement(taking, node);
  const { text, imports, exports, stars } = taking;
  return { path, imports, exports, stars, body: text.join(''), spare, ast: program.body };
}

function takeStatement(taking: Taking, node: Program['body'][number]): void {
  switch (node.type) {
    case 'ImportDeclaration':
      return takeImport(taking, node);
    case 'ExportAllDeclaration':
      return takeAll(taking, node);
    case 'ExportNamedDeclaration':
      return takeNamed(taking, node);
    case 'ExportDefaultDeclaration':
      return takeDefault(taking, node);
  }
}

function takeImport(taking: Taking, node: ImportDeclaration): void {
  if (node.attributes?.length) throw new Wrong(taking.path, ...start(node), 'import attributes are not available');
  const taken = node.specifiers.map((s): Taken => {
    const at = place(s);
    if (s.type === 'ImportDefaultSpecifier') return { name: 'default', local: s.local.name, at };
    if (s.type === 'ImportNamespaceSpecifier') return { name: '*', local: s.local.name, at };
    return { name: nameOf(s.imported), local: s.local.name, at };
  });
  taking.imports.push({ specifier: String(node.source.value), at: place(node.source), taken });
  blank(taking, node.start, node.end);
}

/** `export * from`, and `export * as name from`. */
function takeAll(taking: Taking, node: ExportAllDeclaration): void {
  const { imports, exports, stars, spare } = taking;
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
  blank(taking, node.start, node.end);
}

function takeNamed(taking: Taking, node: ExportNamedDeclaration): void {
  const { imports, exports, spare } = taking;
  if (node.declaration) {
    for (const local of declared(node.declaration)) exports.push({ name: local, local });
    blank(taking, node.start, node.start + 'export'.length);
    return;
  }
  if (node.source) {
    const from = imports.length;
    const taken = node.specifiers.map((s, i): Taken => {
      const local = `${spare}${from}_${i}`;
      exports.push({ name: nameOf(s.exported), local });
      return { name: nameOf(s.local), local, at: place(s) };
    });
    imports.push({ specifier: String(node.source.value), at: place(node.source), taken });
  } else for (const s of node.specifiers) exports.push({ name: nameOf(s.exported), local: nameOf(s.local) });
  blank(taking, node.start, node.end);
}

function takeDefault(taking: Taking, node: ExportDefaultDeclaration): void {
  const { source, spare, text, exports } = taking;
  const local = defaultName(node);
  exports.push({ name: 'default', local: local ?? `${spare}d` });
  const word = source.indexOf('default', node.start);
  if (local === null) {
    write(taking, node.start, 'const ');
    write(taking, word, `${spare}d=`.padStart('default'.length));
    // A declaration needs no semicolon after it, the constant that it became does.
    if (/^(Function|Class)Declaration$/.test(node.declaration.type)) text[node.end - 1] += ';';
  } else {
    blank(taking, node.start, node.start + 'export'.length);
    blank(taking, word, word + 'default'.length);
  }
}

/** Nothing is left but the ends of lines. */
function blank({ text }: Taking, from: number, to: number): void {
  for (let i = from; i < to; i++) if (!isLineEnd(text[i])) text[i] = ' ';
  text[from] = ';';
}

function write({ text }: Taking, at: number, word: string): void {
  for (let i = 0; i < word.length; i++) text[at + i] = word[i] as string;
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

function isLineEnd(char: string | undefined): boolean {
  return char === '\n' || char === '\r' || char === '\u2028' || char === '\u2029';
}
