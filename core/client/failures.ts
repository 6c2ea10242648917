/**
 * Why a call, or a connection, did not come about: one class for each kind of failure. All of them are CallErrors, so that
 * whoever only wants to know that it failed, and its code, catches one class.
 */
import { CallError } from './call-error.ts';

/** The node answered, with an error. The code says which: docs/errors.md. */
export class AnswerError extends CallError {
  override readonly name: string = 'AnswerError';
}

/** `call.timeout`: the connection is there and no answer came in time. The outcome is unknown. */
export class TimeoutError extends CallError {
  override readonly name: string = 'TimeoutError';

  constructor(method: string, afterMs: number) {
    super('call.timeout', `No answer to ${method} within ${afterMs / 1_000} s: whether it was done is not known`);
  }
}

/** `client.lost`: the connection broke before the answer came. The outcome is unknown. */
export class LostError extends CallError {
  override readonly name: string = 'LostError';

  constructor(method: string) {
    super('client.lost', `The connection was lost before ${method} was answered: whether it was done is not known`);
  }
}

/** `client.closed`: there is no connection and none is wanted, since `close()` was called. Nothing was sent. */
export class NotConnectedError extends CallError {
  override readonly name: string = 'NotConnectedError';

  constructor() {
    super('client.closed', 'Not connected: this client was closed');
  }
}

/** `client.unreachable`: no node could be reached within the time that is tried. Nothing was sent. */
export class UnreachableError extends CallError {
  override readonly name: string = 'UnreachableError';
  /** What the last attempt said. */
  readonly why: string;

  constructor(url: string, triedMs: number, why: string) {
    super('client.unreachable', `No node answers at ${url}: tried for ${Math.round(triedMs / 1_000)} s (${why})`);
    this.why = why;
  }
}

/** The node is there and lets this client not in: `session.full`, `session.too-many`, `session.barred`, `session.origin` … */
export class RefusedError extends CallError {
  override readonly name: string = 'RefusedError';
}

/** The two do not speak the same: `session.protocol`, `session.version`, or `client.not-roost` where something else answers. */
export class ProtocolError extends CallError {
  override readonly name: string = 'ProtocolError';
}

/** The node ended the connection, with its reason as the code: `session.replaced`, `admin.kicked`, `session.closing` … */
export class EndedError extends CallError {
  override readonly name: string = 'EndedError';
}

const refusals = new Set([
  ...['session.full', 'session.crowded', 'session.too-many', 'session.barred', 'session.origin'],
  'session.unknown-token',
]);
const misunderstandings = new Set(['session.protocol', 'session.version']);
/** Refused so, there is no use in trying again a moment later. */
const lasting = new Set(['session.barred', 'session.origin', 'session.unknown-token']);

/** What a node means that says this before it ends a connection. */
export function toEnd(code: string, message: string): CallError {
  if (misunderstandings.has(code)) return new ProtocolError(code, message);
  return refusals.has(code) ? new RefusedError(code, message) : new EndedError(code, message);
}

/** Whether the next attempt would be refused like this one. */
export function isLasting(error: CallError): boolean {
  return lasting.has(error.code) || misunderstandings.has(error.code);
}

/** What socket.io's client tells of an attempt that failed: with polling the status and the body of the answer. */
type ConnectError = Error & {
  readonly description?: unknown;
  readonly context?: { readonly responseText?: unknown } | undefined;
};

/** What the other side said to an attempt to connect; undefined when nobody said anything. */
export function toRefusal(error: Error): RefusedError | ProtocolError | undefined {
  const { description, context } = error as ConnectError;
  const status = statusOf(description);
  if (status === undefined) return undefined;
  const code = codeIn(context?.responseText);
  if (code !== undefined) return new RefusedError(code, `The node lets nobody in here: ${code}`);
  // A proxy that waits for its node says 502 to 504.
  if (status >= 500) return undefined;
  if (status === 403) return new RefusedError('client.refused', 'The node refused the connection and did not say why');
  return new ProtocolError('client.not-roost', `What answers there is no Roost node: it said ${status}`);
}

/** A WebSocket that is not let in tells its status in words, and in browsers not at all. */
function statusOf(description: unknown): number | undefined {
  if (typeof description === 'number') return description === 0 ? undefined : description;
  const { message } = (description ?? {}) as { readonly message?: unknown };
  const said = /^Unexpected server response: (\d{3})$/.exec(String(message))?.[1];
  return said === undefined ? undefined : Number(said);
}

/** `{ "code": 4, "message": "session.full" }` is how a node refuses. */
function codeIn(body: unknown): string | undefined {
  if (typeof body !== 'string') return undefined;
  return /"message":"(session\.[a-z-]+)"/.exec(body)?.[1];
}
