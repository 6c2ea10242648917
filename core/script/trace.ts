/**
 * Programs that say where they are, for replays: a mark before each statement, so that the very line is known of a loop
 * that was stopped or an allocation that took the process along. What a program does is the same; it is slower.
 */
import { type AnyNode, parse } from 'acorn';
import type { Program } from '../contract/content.ts';
import type { Place } from '../contract/replay.ts';
import { locate } from './joined.ts';

export type Traced = { readonly program: Program; readonly places: readonly Place[] };

type Insert = { readonly at: number; readonly text: string; readonly closes: boolean };

const opening = /^'use strict';/;

/** @param first  The number of its first mark: those of several programs are told apart. */
export function traceProgram(program: Program, first: number): Traced {
  const { code } = program;
  let name = '$line';
  while (code.includes(name)) name += '_';
  const places: Place[] = [];
  const inserts: Insert[] = [];

  function mark(node: AnyNode): string {
    const at = node.loc?.start ?? { line: 0, column: 0 };
    const found = locate(program.files, at.line);
    places.push({ file: found?.path ?? program.path, line: found?.line ?? 0, column: at.column + 1 });
    return `${name}(${first + places.length - 1})`;
  }

  const before = (node: AnyNode, text: string) => inserts.push({ at: node.start, text, closes: false });
  const behind = (node: AnyNode, text: string) => inserts.push({ at: node.end, text, closes: true });

  function inList(statements: readonly AnyNode[]): void {
    for (const statement of statements) {
      const isDirective = statement.type === 'ExpressionStatement' && statement.directive !== undefined;
      if (!isDirective && statement.type !== 'FunctionDeclaration') before(statement, `${mark(statement)};`);
      visit(statement);
    }
  }

  /** The one statement of a loop or a condition. */
  function alone(statement: AnyNode): void {
    if (statement.type === 'BlockStatement' || statement.type === 'FunctionDeclaration') return visit(statement);
    before(statement, `{${mark(statement)};`);
    visit(statement);
    behind(statement, '}');
  }

  function visit(node: AnyNode): void {
    switch (node.type) {
      case 'BlockStatement':
      case 'StaticBlock':
        return inList(node.body);
      case 'SwitchCase':
        if (node.test) visit(node.test);
        return inList(node.consequent);
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        each(node, node.body);
        return alone(node.body);
      case 'IfStatement':
        visit(node.test);
        alone(node.consequent);
        return node.alternate ? alone(node.alternate) : undefined;
      case 'ArrowFunctionExpression':
        if (node.body.type === 'BlockStatement') return each(node, null);
        each(node, node.body);
        before(node.body, `(${mark(node.body)},(`);
        visit(node.body);
        behind(node.body, '))');
        return;
      default:
        return each(node, null);
    }
  }

  /** Everything below, but one part. */
  function each(node: AnyNode, but: AnyNode | null): void {
    for (const value of Object.values(node)) {
      for (const part of Array.isArray(value) ? value : [value]) if (isNode(part) && part !== but) visit(part);
    }
  }

  visit(parse(code, { ecmaVersion: 'latest', sourceType: 'script', locations: true }));
  const traced = insert(code, inserts).replace(opening, '').trim().replace(/;$/, '');
  return { program: { ...program, code: `'use strict';(roost,${name})=>(${traced})(roost)\n` }, places };
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** What closes at a place comes before what opens there; the rest in the order it was found. */
function insert(code: string, inserts: readonly Insert[]): string {
  let text = '';
  let from = 0;
  for (const { at, text: piece } of inserts.toSorted((a, b) => a.at - b.at || Number(b.closes) - Number(a.closes))) {
    text += code.slice(from, at) + piece;
    from = at;
  }
  return text + code.slice(from);
}
