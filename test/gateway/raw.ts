/** Clients that do not behave: bytes on a TCP socket, bodies by hand. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A WebSocket spoken byte by byte. */
export type RawSocket = {
  readonly tcp: Socket;
  /** Texts received so far, in order. */
  readonly texts: string[];
  /** Resolves with the first text that matches, received or to come. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
};

/** A masked text frame as a client sends it. `fin` false begins, opcode 0 continues a fragmented message. */
export function frame(text: string, { opcode = 1, fin = true } = {}): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const head =
    payload.length < 126
      ? Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | payload.length])
      : Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at % 4] as number))]);
}

/** Opens a WebSocket to socket.io and joins its namespace, so often in one piece. */
export async function openRaw(port: number, joins = 1): Promise<RawSocket> {
  const tcp = connect(port, '127.0.0.1');
  const texts: string[] = [];
  const waiting: { pattern: RegExp; found: (text: string) => void }[] = [];
  let buffered = Buffer.alloc(0);
  let upgraded = false;
  tcp.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    if (!upgraded) {
      const end = buffered.indexOf('\r\n\r\n');
      if (end === -1) return;
      upgraded = true;
      buffered = buffered.subarray(end + 4);
    }
    for (let text = take(); text !== undefined; text = take()) {
      texts.push(text);
      for (const one of waiting) if (one.pattern.test(text)) one.found(text);
    }
  });
  const closed = new Promise<void>((resolve) => {
    tcp.on('error', () => resolve()).on('close', () => resolve());
  });

  /** The next whole text frame of the server, which masks nothing. */
  function take(): string | undefined {
    if (buffered.length < 2) return undefined;
    const short = (buffered[1] as number) & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (buffered.length < start) return undefined;
    const length =
      short === 126 ? buffered.readUInt16BE(2) : short === 127 ? Number(buffered.readBigUInt64BE(2)) : short;
    if (buffered.length < start + length) return undefined;
    const text = buffered.subarray(start, start + length).toString();
    buffered = buffered.subarray(start + length);
    return text;
  }

  const raw: RawSocket = {
    tcp,
    texts,
    closed,
    until(pattern) {
      const found = texts.find((text) => pattern.test(text));
      return found ? Promise.resolve(found) : new Promise((resolve) => waiting.push({ pattern, found: resolve }));
    },
  };
  tcp.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
      `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  await raw.until(/^0/);
  tcp.write(Buffer.concat(Array.from({ length: joins }, () => frame('40'))));
  await raw.until(/^40/);
  return raw;
}

/** A polling session by hand. @param headers  Of every request with that method. */
export async function openPoll(
  url: string,
  headers: { readonly GET?: Record<string, string>; readonly POST?: Record<string, string> } = {},
): Promise<{ post(body: string): Promise<Response>; poll(): Promise<string> }> {
  const base = `${url}/socket.io/?EIO=4&transport=polling`;
  const opened = (await (await fetch(base, { headers: headers.GET ?? {} })).text()).slice(1);
  const { sid } = JSON.parse(opened) as { readonly sid: string };
  const at = `${base}&sid=${sid}`;
  const session = {
    post: (body: string) =>
      fetch(at, { method: 'POST', body, headers: { 'content-type': 'text/plain', ...headers.POST } }),
    poll: async () => (await fetch(at, { headers: headers.GET ?? {} })).text(),
  };
  await session.post('40');
  await session.poll();
  return session;
}
