/** `/docs/api`: who may see what there is to call, and the page and the document of it, made once for each state of the plugins. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { HostError } from '../contract/errors.ts';
import type { Account, Clock, Presented } from '../contract/ports.ts';
import type { Reference } from '../contract/reference.ts';
import { toLockedPage, toReferencePage } from './api/html.ts';
import { type ApiInfo, toOpenApi } from './api/openapi.ts';
import { Bucket } from './budget.ts';
import { plainRefusal } from './rpc-plain.ts';

/** Setting `apiDocs`. */
export type ApiDocs = 'off' | 'operator' | 'public';

export type ApiDoorOptions = {
  readonly who: ApiDocs;
  readonly info: ApiInfo;
  readonly reference: () => Reference;
  /** Whose token it is. @throws HostError */
  readonly authenticate: (presented: Presented) => Promise<Account | null>;
  readonly clock: Clock;
};

/** Who asks for it, and with what. */
export type ApiRequest = {
  readonly what: 'page' | 'openapi';
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  /** From this machine, through no proxy, on a node in development. */
  readonly loopback: boolean;
};

export type ApiAnswer = {
  readonly status: 200 | 304 | 401 | 403 | 429;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
};

/** As strict as it can be: its own files, and this node to try methods on. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types = { page: 'text/html; charset=utf-8', openapi: 'application/json; charset=utf-8' };

/** Tokens that one address may have looked up: a second in the long run, at once. */
const lookups = { perSecond: 1, burst: 10 };
/** Addresses whose lookups are counted; the first to come are forgotten first. */
const mostAddresses = 1_000;

type Text = { readonly plain: Buffer; readonly gzip: Buffer; readonly etag: string };

export class ApiDoor {
  readonly #options: ApiDoorOptions;
  readonly #lookups = new Map<string, Bucket>();
  #made: { readonly reference: Reference; readonly texts: Map<ApiRequest['what'], Text> } | undefined;

  constructor(options: ApiDoorOptions) {
    this.#options = options;
  }

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const refused = await this.#refusal(request);
    return refused === undefined ? this.#show(request) : toRefusal(request.what, refused);
  }

  /** Why it is not shown to whoever asks; undefined when it is. */
  async #refusal({ headers, address, loopback }: ApiRequest): Promise<401 | 403 | 429 | undefined> {
    const { who, authenticate } = this.#options;
    if (who === 'public' || loopback) return undefined;
    const token = /^Bearer ([\w-]{1,200})$/.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) return 401;
    if (!this.#takeLookup(address)) return 429;
    const account = await authenticate({ token, via: 'http', address, page: false, cookie: false }).catch(nobody);
    if (account === null) return 401;
    const { trusted, privileges } = account;
    return trusted && (privileges.includes('admin') || privileges.includes('operator')) ? undefined : 403;
  }

  #takeLookup(address: string): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const bucket = this.#lookups.get(address) ?? new Bucket(lookups.perSecond, lookups.burst, nowMs);
    const [oldest] = this.#lookups.keys();
    if (!this.#lookups.has(address) && this.#lookups.size >= mostAddresses && oldest !== undefined)
      this.#lookups.delete(oldest);
    this.#lookups.set(address, bucket);
    return bucket.take(nowMs);
  }

  #show({ what, headers }: ApiRequest): ApiAnswer {
    const { plain, gzip, etag } = this.#textOf(what);
    const packed = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
    const common = {
      ...toHeaders(what),
      etag,
      'cache-control': 'private, no-cache',
      vary: 'accept-encoding, authorization',
    };
    if (headers['if-none-match'] === etag) return { status: 304, headers: common, body: '' };
    if (!packed) return { status: 200, headers: common, body: plain };
    return { status: 200, headers: { ...common, 'content-encoding': 'gzip' }, body: gzip };
  }

  /** Made again when a method changes: nobody makes it work by asking. */
  #textOf(what: ApiRequest['what']): Text {
    const { reference: read, info } = this.#options;
    const reference = read();
    if (this.#made?.reference !== reference) this.#made = { reference, texts: new Map() };
    const { texts } = this.#made;
    const text =
      texts.get(what) ?? toText(what === 'page' ? toReferencePage(reference, info) : toJson(reference, info));
    texts.set(what, text);
    return text;
  }
}

function toJson(reference: Reference, info: ApiInfo): string {
  return `${JSON.stringify(toOpenApi(reference, info), null, 1)}\n`;
}

/** Whom the node turns away is nobody here. */
function nobody(error: unknown): null {
  if (error instanceof HostError) return null;
  throw error;
}

function toText(text: string): Text {
  const plain = Buffer.from(text);
  return {
    plain,
    gzip: gzipSync(plain),
    etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
  };
}

function toHeaders(what: ApiRequest['what']): Record<string, string> {
  return { 'content-type': types[what], 'content-security-policy': policy };
}

function toRefusal(what: ApiRequest['what'], status: 401 | 403 | 429): ApiAnswer {
  const headers = {
    ...toHeaders(what),
    'cache-control': 'no-store',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  };
  if (what === 'page') return { status, headers, body: toLockedPage() };
  const { body } = plainRefusal(status === 429 ? 'call.too-fast' : 'call.forbidden');
  return { status, headers, body };
}
