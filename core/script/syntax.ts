/** Reading JavaScript: the tree of a text, places in it, and what is wrong with it as a fault. */
import { type AnyNode, type Options, parse } from 'acorn';
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

export type At = { readonly line: number; readonly column: number };

/** @throws Wrong */
export function parseText(path: string, text: string, options: Pick<Options, 'sourceType' | 'onComment'>): AnyNode {
  try {
    return parse(text, { ...options, ecmaVersion: 2025, locations: true, allowHashBang: false }) as AnyNode;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line = 0, column = -1 } = (error as SyntaxError & { loc?: At }).loc ?? {};
    throw new Wrong(path, line, column + 1, error.message.replace(/ \(\d+:\d+\)$/, ''));
  }
}

export function place(node: AnyNode): At {
  const [line, column] = start(node);
  return { line, column };
}

export function start(node: AnyNode): [line: number, column: number] {
  return node.loc ? [node.loc.start.line, node.loc.start.column + 1] : [0, 0];
}
