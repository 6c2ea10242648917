/** What scripts cannot use of JavaScript. */
import type { AnyNode } from 'acorn';
import { start, Wrong } from './syntax.ts';

/** @throws Wrong with the place and the reason */
export function refuseForbidden(path: string, program: AnyNode): void {
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
