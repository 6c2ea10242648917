/** A mail host on a free port of this machine: takes every mail, or refuses it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Mail = {
  readonly from: string;
  /** Of the envelope: where it goes. */
  readonly to: readonly string[];
  /** As it came, headers and all. */
  readonly raw: string;
  readonly headers: string;
  /** Decoded. */
  readonly text: string;
};

export class Smtp implements AsyncDisposable {
  readonly mails: Mail[] = [];
  /** What a receiver is told instead of "ok". */
  refusal: string | null = null;
  readonly #watchers = new Set<() => void>();
  readonly #server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username }),
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => done(this.refusal === null ? null : new Error(this.refusal)),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        this.#take(Buffer.concat(chunks).toString(), envelope);
        done();
      });
    },
  });

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server.server, 'listening');
  }

  #take(raw: string, { mailFrom, rcptTo }: { mailFrom: unknown; rcptTo: readonly { address: string }[] }): void {
    const [headers = '', ...body] = raw.split('\r\n\r\n');
    const from = typeof mailFrom === 'object' && mailFrom !== null && 'address' in mailFrom ? mailFrom.address : '';
    const to = rcptTo.map(({ address }) => address);
    this.mails.push({ from: String(from), to, raw, headers, text: decode(headers, body.join('\r\n\r\n')) });
    for (const look of this.#watchers) look();
  }

  /** So many mails, from now or earlier. */
  async have(count: number): Promise<readonly Mail[]> {
    const done = Promise.withResolvers<void>();
    const look = () => {
      if (this.mails.length >= count) done.resolve();
    };
    this.#watchers.add(look);
    look();
    await done.promise.finally(() => this.#watchers.delete(look));
    return this.mails;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((done) => this.#server.close(done));
  }
}

/** `await using` ends it. */
export async function startSmtp(): Promise<Smtp> {
  const smtp = new Smtp();
  await smtp.start();
  return smtp;
}

function decode(headers: string, body: string): string {
  if (!/^content-transfer-encoding: quoted-printable/im.test(headers)) return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
