/**
 * Where the handlers of a script are defined, read from its source without running it: the object literal of the default
 * export, names followed to functions of the same file or of imported ones. What only running would tell is left out.
 */
import type { AnyNode, ObjectExpression } from 'acorn';
import type { HandlerPlace } from '../contract/content.ts';
import type { Linked } from './modules.ts';

/** Tables of a definition, and how reports name the handlers in them. */
const tables = new Map([
  ['on', ''],
  ['before', 'before.'],
  ['timers', 'timers.'],
  ['messages', 'messages.'],
  ['answers', 'answers.'],
  ['methods', 'methods.'],
]);

/** Names followed for one handler; it also ends circles. */
const mostSteps = 32;

/** Something in the source, and the index of the file it stands in. */
type Found = { readonly node: AnyNode; readonly file: number };

/** Finds the handlers of the last module's default export. */
export function handlerPlaces(modules: readonly Linked[]): readonly HandlerPlace[] {
  const places = new Map<string, HandlerPlace>();
  const reader = createReader(modules);
  const made = reader.exported(modules.length - 1, 'default');
  const definition = made?.node.type === 'CallExpression' ? made.node.arguments[0] : undefined;
  const literal = made && definition && reader.follow({ node: definition, file: made.file });
  if (!literal) return [];

  const note = (name: string, at: Found | null) => {
    if (!at?.node.loc) return;
    const { line, column } = at.node.loc.start;
    const file = (modules[at.file] as Linked).path;
    places.set(name, { name, file, line, column: column + 1 });
  };
  for (const [key, table] of reader.entries(literal)) {
    if (key === 'migrate') note(key, table.at);
    const prefix = tables.get(key);
    if (prefix === undefined) continue;
    for (const [name, handler] of reader.entries(table.value)) {
      if (key !== 'methods') note(prefix + name, handler.at);
      else note(prefix + name, reader.entries(handler.value).get('handle')?.at ?? null);
    }
  }
  return [...places.values()];
}

/** A property: what it is, and where whoever looks for it should look. */
type Entry = { readonly value: Found | null; readonly at: Found | null };

function createReader(modules: readonly Linked[]) {
  /** What an expression stands for, names followed; null when that cannot be read. */
  function follow(found: Found | null, steps = 0): Found | null {
    if (!found || steps > mostSteps) return null;
    const { node, file } = found;
    if (node.type === 'Identifier') return follow(named(file, node.name, steps + 1), steps + 1);
    if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return found;
    const { name } = node.property;
    const space = node.object.type === 'Identifier' ? namespace(file, node.object.name) : null;
    if (space !== null) return exported(space, name, steps + 1);
    return entries(follow({ node: node.object, file }, steps + 1), steps + 1).get(name)?.value ?? null;
  }

  /** What a name at the top of a file stands for. */
  function named(file: number, name: string, steps: number): Found | null {
    const module = modules[file] as Linked;
    for (const node of declarations(module)) {
      if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id?.name === name)
        return { node, file };
      if (node.type !== 'VariableDeclaration') continue;
      const made = node.declarations.find((one) => one.id.type === 'Identifier' && one.id.name === name);
      if (made) return node.kind === 'const' && made.init ? { node: made.init, file } : null;
    }
    for (const [i, { taken }] of module.imports.entries()) {
      const one = taken.find((each) => each.local === name);
      const target = module.targets[i];
      if (one && typeof target === 'number') return one.name === '*' ? null : exported(target, one.name, steps + 1);
    }
    return null;
  }

  /** The file that a name is the namespace of. */
  function namespace(file: number, name: string): number | null {
    const { imports, targets } = modules[file] as Linked;
    const i = imports.findIndex(({ taken }) => taken.some((one) => one.local === name && one.name === '*'));
    return targets[i] ?? null;
  }

  function exported(file: number, name: string, steps = 0): Found | null {
    if (steps > mostSteps) return null;
    const module = modules[file] as Linked;
    if (name === 'default') {
      const node = module.ast.find((one) => one.type === 'ExportDefaultDeclaration')?.declaration;
      if (node) return follow({ node, file }, steps + 1);
    }
    const local = module.exports.find((one) => one.name === name)?.local;
    if (local !== undefined) return follow(named(file, local, steps + 1), steps + 1);
    for (const star of module.stars) {
      const target = module.targets[star];
      const found = typeof target === 'number' ? exported(target, name, steps + 1) : null;
      if (found) return found;
    }
    return null;
  }

  /** Properties of an object literal by their names; spread ones and computed names are left out. */
  function entries(found: Found | null, steps = 0): ReadonlyMap<string, Entry> {
    const made = new Map<string, Entry>();
    const literal = follow(found, steps);
    if (literal?.node.type !== 'ObjectExpression') return made;
    const { file } = literal;
    for (const property of (literal.node as ObjectExpression).properties) {
      if (property.type !== 'Property' || property.computed || property.kind !== 'init') continue;
      const { key } = property;
      const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : null;
      if (name === null) continue;
      const value = follow({ node: property.value, file }, steps + 1);
      // A function written here is found at its name; one from elsewhere where it is written.
      const isHere = value !== null && value.node === property.value;
      made.set(name, { value, at: isHere || value === null ? { node: property, file } : value });
    }
    return made;
  }

  return { follow, exported, entries };
}

/** Declarations at the top of a file, exported or not. */
function declarations(module: Linked): readonly AnyNode[] {
  return module.ast.flatMap((node): AnyNode[] => {
    if (node.type === 'ExportDefaultDeclaration') return [node.declaration];
    if (node.type !== 'ExportNamedDeclaration') return [node];
    return node.declaration ? [node.declaration] : [];
  });
}
