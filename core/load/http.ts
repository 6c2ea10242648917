/** HTTP as a client has it: one connection that is kept open, one request after another. */
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { RequestError } from './request-error.ts';

export type HttpRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the address of the run: `/turn`, `/rpc`. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type HttpReply = { readonly status: number; readonly text: string };

/** No answer after this long: `http.timeout`. The client library waits as long. */
export const answerLimitMs = 30_000;
const bytesMost = 8_388_608;

export class HttpConnection {
  readonly #base: URL;
  readonly #isSecure: boolean;
  readonly #agent: PlainAgent | SecureAgent;

  constructor(url: string) {
    this.#base = new URL(url);
    this.#isSecure = this.#base.protocol === 'https:';
    this.#agent = new (this.#isSecure ? SecureAgent : PlainAgent)({ keepAlive: true, maxSockets: 1 });
  }

  /** Any answer is one, whatever its status. @throws RequestError `http.timeout`, `http.too-long`, `net.…` when none came */
  send({ method = 'GET', path, body, headers = {} }: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const ask = this.#isSecure ? secureRequest : plainRequest;
    const sent = ask(
      new URL(path, this.#base),
      { method, agent: this.#agent, signal, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > bytesMost) sent.destroy(new RequestError('http.too-long', `more than ${bytesMost} bytes`));
          else chunks.push(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: `${Buffer.concat(chunks)}` }));
        response.on('error', reject);
      },
    );
    const late = setTimeout(() => sent.destroy(new RequestError('http.timeout', 'no answer in time')), answerLimitMs);
    sent.on('error', reject);
    sent.end(body);
    return promise
      .catch((error: unknown) => {
        throw toRequestError(error);
      })
      .finally(() => clearTimeout(late));
  }

  close(): void {
    this.#agent.destroy();
  }
}

function toRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  const { code = 'error', message } = error as NodeJS.ErrnoException;
  return new RequestError(`net.${code}`, message);
}
