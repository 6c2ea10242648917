/** Which clients are too old, or too new, to be understood. */
import type { ErrorCode } from '../contract/errors.ts';
import { protocolVersion } from '../contract/protocol.ts';

/** What a client tells of itself when it connects. Who tells nothing is taken at its word. */
export type ClientVersions = { readonly protocol?: unknown; readonly client?: unknown };

const pattern = /^\d{1,6}(\.\d{1,6}){0,3}$/;

/**
 * Why the client cannot be served: another major version of the protocol, or an own version before `least`.
 * @param least  Empty: any.
 */
export function findOld({ protocol, client }: ClientVersions, least: string): ErrorCode | undefined {
  if (protocol !== undefined && majorOf(protocol) !== majorOf(protocolVersion)) return 'session.protocol';
  if (least === '' || client === undefined) return undefined;
  return typeof client === 'string' && pattern.test(client) && !isBefore(client, least) ? undefined : 'session.version';
}

/** Undefined for what is no version: a stranger says it, and what is no text need not even become one. */
function majorOf(version: unknown): string | undefined {
  return typeof version === 'string' || typeof version === 'number' ? String(version).split('.')[0] : undefined;
}

function isBefore(version: string, least: string): boolean {
  const [mine, wanted] = [version, least].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 4; at++) {
    const difference = (mine?.[at] ?? 0) - (wanted?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
