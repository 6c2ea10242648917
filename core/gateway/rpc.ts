/** JSON-RPC 2.0: requests in, calls, responses out. Parameters are given by name. */
import type { Json } from '../contract/content.ts';
import { type ErrorCode, errorTable } from '../contract/errors.ts';
import type { Answer } from '../contract/protocol.ts';

/** Requests in one batch. */
const mostInBatch = 50;
/** Characters of answers to one batch; what is left after it is not carried out. */
const mostAnswered = 262_144;

export type RpcResult = {
  readonly status: 200 | 204 | 400;
  /** Text of the body; empty with 204. */
  readonly body: string;
};

type Id = string | number | null;

/** Carries out a parsed body, one request after the other. `call` never rejects. */
export async function answerRpc(
  body: unknown,
  call: (method: string, params: unknown) => Promise<Answer>,
): Promise<RpcResult> {
  if (!Array.isArray(body)) {
    const { text, malformed } = await answerOne(body, call);
    if (malformed) return { status: 400, body: text ?? '' };
    return text === undefined ? { status: 204, body: '' } : { status: 200, body: text };
  }
  if (body.length === 0 || body.length > mostInBatch) {
    return { status: 400, body: toError(null, 'call.malformed', `A batch has 1 to ${mostInBatch} requests`) };
  }
  const answers: string[] = [];
  let length = 0;
  for (const request of body) {
    const { text } = length > mostAnswered ? refuseRest(request) : await answerOne(request, call);
    if (text === undefined) continue;
    answers.push(text);
    length += text.length;
  }
  return answers.length === 0 ? { status: 204, body: '' } : { status: 200, body: `[${answers.join(',')}]` };
}

/** The response to a body that is not JSON. */
export function parseError(): RpcResult {
  return { status: 400, body: toError(null, 'call.malformed', 'The body is not JSON', undefined, -32700) };
}

/** An error that stands alone, for refusals before a request was read. */
export function refusalBody(code: ErrorCode, message?: string): string {
  return toError(null, code, message ?? errorTable[code]);
}

type One = { readonly text: string | undefined; readonly malformed?: true };

async function answerOne(request: unknown, call: (method: string, params: unknown) => Promise<Answer>): Promise<One> {
  const id = idOf(request);
  if (!isRequest(request) || id === false) {
    return {
      text: toError(id === false ? null : (id ?? null), 'call.malformed', errorTable['call.malformed']),
      malformed: true,
    };
  }
  const { params = {} } = request;
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    return {
      text: id === undefined ? undefined : toError(id, 'call.bad-params', 'Give the params by name, as an object'),
    };
  }
  const answer = await call(request.method, params);
  if (id === undefined) return { text: undefined };
  if (!answer.ok) return { text: toError(id, answer.error.code, answer.error.message, answer.error.details) };
  return { text: toResult(id, answer.result) };
}

function toResult(id: Id, result: Json): string {
  try {
    return JSON.stringify({ jsonrpc: '2.0', id, result });
  } catch {
    // A handler gave back what JSON cannot say; dispatch has logged it.
    return toError(id, 'call.failed', errorTable['call.failed']);
  }
}

function refuseRest(request: unknown): One {
  const id = idOf(request);
  if (id === undefined) return { text: undefined };
  return { text: toError(id === false ? null : id, 'call.too-many', 'The answers before it fill the response') };
}

function isRequest(request: unknown): request is { readonly method: string; readonly params?: unknown } {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return false;
  const { jsonrpc, method } = request as { readonly jsonrpc?: unknown; readonly method?: unknown };
  return jsonrpc === '2.0' && typeof method === 'string' && method.length <= 200;
}

/** Undefined for a notification, false for something that cannot be an id. */
function idOf(request: unknown): Id | undefined | false {
  if (typeof request !== 'object' || request === null || !Object.hasOwn(request, 'id')) return undefined;
  const { id } = request as { readonly id: unknown };
  return id === null || typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : false;
}

const numbers: ReadonlyMap<string, number> = new Map([
  ['call.unknown-method', -32601],
  ['call.bad-params', -32602],
  ['call.malformed', -32600],
]);

function toError(id: Id, code: string, message: string, details?: Json, number = numbers.get(code) ?? -32000): string {
  const error = { code: number, message, data: { code, details: details ?? null } };
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}
