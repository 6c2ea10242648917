/**
 * The rules of the code inside the sandbox, where every value may be a script's: it names nothing but what lockdown has
 * frozen, and never uses a method of a value that a script gave. Such values are those annotated `unknown`; types are gone
 * once the file is parsed, so their annotations are read at the same places of the source.
 */
import { stripTypeScriptTypes } from 'node:module';
import { type Function as AnyFunction, type AnyNode, type Pattern, parse } from 'acorn';
import type { Sources } from './house.ts';

/** What a file uses that it does not declare: globals. */
export function globalsOf(source: string): ReadonlySet<string> {
  const tree = treeOf(source);
  const declared = new Set<string>();
  const used = new Set<string>();
  visit(tree, (node, parent, key) => {
    if (isFunction(node)) for (const name of [...node.params.flatMap(bound), ...idOf(node)]) declared.add(name);
    if (node.type === 'VariableDeclarator') for (const name of bound(node.id)) declared.add(name);
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression')
      for (const name of idOf(node)) declared.add(name);
    if (node.type === 'CatchClause' && node.param) for (const name of bound(node.param)) declared.add(name);
    if (/^Import\w*Specifier$/.test(node.type))
      declared.add((node as unknown as { local: { name: string } }).local.name);
    if (node.type === 'Identifier' && isUse(node, parent, key)) used.add(node.name);
  });
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** Uses of methods, iteration and spreading of values that a script gave. */
export function capturedFaults(sources: Sources): readonly string[] {
  const faults: string[] = [];
  for (const [path, source] of sources) {
    visit(treeOf(source), (node) => {
      if (!isFunction(node)) return;
      const given = new Set(node.params.flatMap((param) => unknownIn(param, source)));
      const told = new Set<string>();
      const body = (each: (node: AnyNode) => void) => visit(node.body as AnyNode, each);
      // What is taken out of such a value is one too.
      body((inner) => {
        if (inner.type !== 'VariableDeclarator' || !inner.init) return;
        if (inner.id.type !== 'Identifier' && given.has(rootOf(inner.init)))
          for (const name of bound(inner.id)) given.add(name);
        if (inner.id.type === 'Identifier' && isUnknown(inner.id, source)) given.add(inner.id.name);
      });
      body((inner) => {
        if (inner.type === 'UnaryExpression' && inner.operator === 'typeof') told.add(rootOf(inner.argument));
      });
      const wrong = (at: AnyNode, name: string, what: string) =>
        faults.push(`${path}:${source.slice(0, at.start).split('\n').length} ${what} ${name}, which a script gave`);
      body((inner) => {
        if (inner.type === 'CallExpression' && inner.callee.type === 'MemberExpression') {
          const name = rootOf(inner.callee.object);
          const { property } = inner.callee;
          // Texts have no methods of their own; whether it is one was asked.
          const isText = told.has(name) && property.type === 'Identifier' && property.name in String.prototype;
          if (given.has(name) && !isText) wrong(inner, name, 'calls a method of');
        }
        if (inner.type === 'CallExpression' && given.has(rootOf(inner.callee)) && inner.callee.type === 'Identifier')
          wrong(inner, rootOf(inner.callee), 'calls');
        if (inner.type === 'ForOfStatement' && given.has(rootOf(inner.right)))
          wrong(inner, rootOf(inner.right), 'goes through');
        if (inner.type === 'ArrayExpression' || inner.type === 'CallExpression')
          for (const each of inner.type === 'CallExpression' ? inner.arguments : inner.elements)
            if (each?.type === 'SpreadElement' && given.has(rootOf(each.argument)))
              wrong(inner, rootOf(each.argument), 'spreads');
      });
    });
  }
  return [...new Set(faults)];
}

function treeOf(source: string): AnyNode {
  return parse(stripTypeScriptTypes(source), { ecmaVersion: 2025, sourceType: 'module' }) as AnyNode;
}

function visit(node: AnyNode, see: (node: AnyNode, parent: AnyNode | null, key: string) => void): void {
  const open: [AnyNode, AnyNode | null, string][] = [[node, null, '']];
  for (let next = open.pop(); next; next = open.pop()) {
    see(...next);
    for (const [key, value] of Object.entries(next[0])) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child instanceof Object && typeof child.type === 'string') open.push([child as AnyNode, next[0], key]);
      }
    }
  }
}

function isFunction(node: AnyNode): node is AnyFunction & AnyNode {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

function idOf(node: { readonly id?: { readonly name: string } | null }): string[] {
  return node.id ? [node.id.name] : [];
}

/** Whether an identifier stands for a value, not for the name of a property. */
function isUse(_: AnyNode, parent: AnyNode | null, key: string): boolean {
  if (!parent) return false;
  if (parent.type === 'MemberExpression') return key === 'object' || parent.computed;
  if (key === 'key') return 'computed' in parent && parent.computed === true;
  return !/^(Import|Export)\w*Specifier$|^(Labeled|Break|Continue)Statement$/.test(parent.type);
}

/** The name that a chain of members begins with. */
function rootOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return rootOf(node.object);
  if (node.type === 'ChainExpression') return rootOf(node.expression);
  return '';
}

function bound(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => bound(each.type === 'RestElement' ? each.argument : each.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each ? bound(each) : []));
    case 'RestElement':
      return bound(pattern.argument);
    case 'AssignmentPattern':
      return bound(pattern.left);
    default:
      return [];
  }
}

/** Names of a parameter that are annotated `unknown`, or lists of it that the engine did not make. */
function unknownIn(param: Pattern, source: string): string[] {
  if (param.type === 'AssignmentPattern') return unknownIn(param.left, source);
  if (param.type === 'RestElement') return [];
  return isUnknown(param, source) ? bound(param) : [];
}

function isUnknown(node: { readonly end: number }, source: string): boolean {
  return /^\s*\??\s*:\s*(readonly\s+)?(unknown\b(?!\[)|\{[^}]*\bunknown\b)/.test(
    source.slice(node.end, node.end + 200),
  );
}
