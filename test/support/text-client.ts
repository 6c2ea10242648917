/** A terminal, or a program, at the text port: bytes in, bytes out. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export class TextClient implements AsyncDisposable {
  /** Everything that came, as text of one byte a character. */
  heard = '';
  isClosed = false;
  readonly #socket: Socket;
  readonly #watchers = new Set<() => void>();
  #read = 0;

  /** @param from  Address of this machine that it comes from. */
  constructor(port: number, from = '127.0.0.1') {
    this.#socket = connect({ port, host: '127.0.0.1', localAddress: from });
    this.#socket.on('data', (bytes: Buffer) => {
      this.heard += bytes.toString('latin1');
      for (const look of this.#watchers) look();
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.isClosed = true;
      for (const look of this.#watchers) look();
    });
  }

  /** UTF-8, or bytes as they are. */
  send(text: string | Uint8Array): void {
    this.#socket.write(text);
  }

  /** A line as telnet ends it. */
  type(line: string): void {
    this.send(`${line}\r\n`);
  }

  /** No more is sent. */
  end(): void {
    this.#socket.end();
  }

  /** Stops reading. */
  pause(): void {
    this.#socket.pause();
  }

  /** Gone without a word. */
  cut(): void {
    this.#socket.destroy();
  }

  /** What came since the last call, up to the end of the first fit. Rejects when the connection closes without it. */
  async until(pattern: RegExp | string): Promise<string> {
    return await this.#wait(() => {
      const rest = this.heard.slice(this.#read);
      const at = typeof pattern === 'string' ? rest.indexOf(pattern) : rest.search(pattern);
      if (at === -1) return undefined;
      const length = typeof pattern === 'string' ? pattern.length : (pattern.exec(rest)?.[0].length ?? 0);
      this.#read += at + length;
      return Buffer.from(rest.slice(0, at + length), 'latin1').toString();
    }, `${pattern}`);
  }

  /** Waits until all that came holds it, read or not. */
  async heardAll(pattern: RegExp): Promise<string> {
    return await this.#wait(() => pattern.exec(this.heard)?.[0], `${pattern}`);
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    return (await this.until(/\r\n|\0/)).replace(/\r\n$|\0$/, '');
  }

  async json<T = Readonly<Record<string, unknown>>>(): Promise<T> {
    return JSON.parse(await this.line()) as T;
  }

  /** The next JSON line that is no event. */
  async answer(): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const told = await this.json();
      if (told.state !== 'EVENT') return told;
    }
  }

  /** Everything that was not read, when the other side has closed. */
  async closed(): Promise<string> {
    return await this.#wait(() => (this.isClosed ? this.heard.slice(this.#read) : undefined), 'the end', true);
  }

  async #wait<T>(look: () => T | undefined, what: string, closes = false): Promise<T> {
    const found = Promise.withResolvers<T>();
    const watch = () => {
      const value = look();
      if (value !== undefined) found.resolve(value);
      else if (this.isClosed && !closes)
        found.reject(new Error(`closed before ${what}:\n${this.heard.slice(this.#read)}`));
    };
    this.#watchers.add(watch);
    watch();
    return await found.promise.finally(() => this.#watchers.delete(watch));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    if (!this.isClosed) await once(this.#socket, 'close');
  }
}

/** A port that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
