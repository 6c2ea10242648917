import type { Json } from '../contract/content.ts';

/** A call that was answered with an error, or with nothing in time (`call.timeout`: the outcome is unknown). */
export class CallError extends Error {
  /** Stable: switch on it. docs/errors.md lists the codes. */
  readonly code: string;
  readonly details: Json | undefined;

  constructor(code: string, message: string, details?: Json) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.details = details;
  }
}
