/** What who sits at the machine may do, in development. */
import { buildPrivilege } from './dev-token.ts';

/** Of who runs the node: `allow: 'operator'`. */
const operatorPrivilege = 'operator';
const operators: ReadonlySet<string> = new Set([operatorPrivilege]);
/** What the token of the start gives: whoever could open that link sits at the machine. */
const builders: ReadonlySet<string> = new Set([buildPrivilege, operatorPrivilege]);

/** The operator is a program on this machine, or the page that was given the token of the start; no other page. */
export function privilegesOf(
  { loopback, page }: { readonly loopback: boolean; readonly page: boolean },
  hasToken: boolean,
): ReadonlySet<string> | undefined {
  if (hasToken) return builders;
  return loopback && !page ? operators : undefined;
}
