/** `POST /rpc/chat.say`: one method at an address of its own. The body is its params, the answer its result, or a refusal. */
import type { Json } from '../contract/content.ts';
import { type ErrorCode, errorTable } from '../contract/errors.ts';
import type { Answer } from '../contract/protocol.ts';
import { type RefusalStatus, statusOf } from './http-status.ts';

export type PlainResult = { readonly status: 200 | RefusalStatus; readonly body: string };

/** Where the method stands in the address. */
const base = '/rpc/';
/** Characters of a method's name, as over JSON-RPC. */
const mostName = 200;

/** The method that an address names; undefined where JSON-RPC is spoken. */
export function methodOf(url: string): string | undefined {
  if (!url.startsWith(base)) return undefined;
  const end = url.indexOf('?');
  return url.slice(base.length, end === -1 ? undefined : end);
}

/** Carries out one call. `call` never rejects. @param text  The body; empty for no params. */
export async function answerPlain(
  method: string,
  text: string,
  call: (method: string, params: unknown) => Promise<Answer>,
): Promise<PlainResult> {
  let params: unknown = {};
  try {
    if (text !== '') params = JSON.parse(text);
  } catch {
    return plainRefusal('call.malformed', 'The body is not JSON');
  }
  if (method.length > mostName) return plainRefusal('call.unknown-method');
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    return plainRefusal('call.bad-params', 'Give the params by name, as an object');
  const answer = await call(method, params);
  if (!answer.ok) return plainRefusal(answer.error.code, answer.error.message, answer.error.details);
  try {
    return { status: 200, body: JSON.stringify(answer.result) };
  } catch {
    // A handler gave back what JSON cannot say; dispatch has logged it.
    return plainRefusal('call.failed');
  }
}

/** The body of every refusal at such an address, and the status that goes with its code. */
export function plainRefusal(code: string, message?: string, details?: Json): PlainResult {
  const told = message ?? errorTable[code as ErrorCode] ?? code;
  const error = { code, message: told, ...(details === undefined ? {} : { details }) };
  return { status: statusOf(code), body: JSON.stringify({ error }) };
}
