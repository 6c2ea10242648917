import type { Json } from './content.ts';

/**
 * How parts of a node (later: nodes) speak without knowing where the other is.
 * Subjects are dotted words built from checked ids. Data is plain and serialisable.
 * In one process now; the same interface over NATS when it grows.
 */
export interface Bus {
  publish(subject: string, data: unknown): void;
  /** A trailing `.>` matches every longer subject. Listeners run in order of subscription, synchronously. */
  subscribe(subject: string, listener: (data: unknown, subject: string) => void): () => void;
  /** Asks the one responder of a subject. Rejects with HostError `call.timeout` after `timeoutMs`. */
  request(subject: string, data: Json, timeoutMs: number): Promise<unknown>;
  respond(subject: string, responder: (data: Json) => Promise<unknown>): () => void;
}
