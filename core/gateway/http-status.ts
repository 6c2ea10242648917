/**
 * Code of a refusal → status over HTTP, where a method has an address of its own (`POST /rpc/chat.say`). The status says what
 * kind of thing it is, to proxies and tools; clients switch on the code.
 */
import type { ErrorCode } from '../contract/errors.ts';

export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503 | 504;

/** What the words alone would put elsewhere. */
const table: ReadonlyMap<string, RefusalStatus> = new Map<ErrorCode, RefusalStatus>([
  ['session.unknown-token', 401],
  ['session.unknown-resume', 401],
  ['session.logged-out', 401],
  ['session.origin', 403],
  ['session.barred', 403],
  ['object.too-far', 409],
  ['call.disabled', 503],
  ['session.full', 503],
  ['session.crowded', 503],
  ['session.closing', 503],
  ['zone.unavailable', 503],
  ['zone.interrupted', 503],
  ['zone.moving', 503],
]);

/** Last word of a code → status: plugins name theirs in the same words. */
const words: readonly (readonly [RegExp, RefusalStatus])[] = [
  [/^(?:malformed|bad-.+|wrong|wrong-.+|illegal|illegal-.+|too-long)$/, 400],
  [/^(?:forbidden|dev-only|account-needed)$/, 403],
  [/^(?:unknown|unknown-.+|not-found)$/, 404],
  [/^(?:too-fast|too-many|throttled)$/, 429],
  [/^(?:failed|not-written)$/, 500],
  [/^busy$/, 503],
  [/^timeout$/, 504],
];

/** 409 for what the words do not say: the request was right, and things are not so that it could be done. */
export function statusOf(code: string): RefusalStatus {
  const last = code.slice(code.lastIndexOf('.') + 1);
  return table.get(code) ?? words.find(([word]) => word.test(last))?.[1] ?? 409;
}
