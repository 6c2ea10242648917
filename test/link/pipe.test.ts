import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createDecoder, encodeFrame, openPipe, type PipeEnd } from '../../core/link/pipe.ts';

function collect(maxBytes?: number) {
  const messages: unknown[] = [];
  return { messages, decoder: createDecoder((message) => messages.push(message), maxBytes) };
}

function header(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

function connect(maxFrameBytes?: number) {
  const wire = new PassThrough();
  const received: unknown[] = [];
  const ended = Promise.withResolvers<PipeEnd>();
  const pipe = openPipe({
    input: wire,
    output: new PassThrough(),
    ...(maxFrameBytes === undefined ? {} : { maxFrameBytes }),
    onMessage: (message) => received.push(message),
    onEnd: ended.resolve,
  });
  return { wire, received, ended: ended.promise, pipe };
}

describe('frames', () => {
  it('LIM-08 come out whole, however the bytes are cut or merged', () => {
    const sent = [{ a: 1 }, { text: 'snö ☃ "[[' }, {}, { deep: [[[{ b: null }]]] }];
    const bytes = Buffer.concat(sent.map((message) => encodeFrame(message) as Buffer));
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const { messages, decoder } = collect();
      for (let at = 0; at < bytes.length; at += size) expect(decoder.push(bytes.subarray(at, at + size))).toBeNull();
      expect(messages).toEqual(sent);
      expect(decoder.whole()).toBe(true);
    }
  });

  it('C-1 longer than the bound are refused on both sides before anything is buffered', () => {
    expect(encodeFrame({ text: 'x'.repeat(100) }, 50)).toBeNull();
    expect(encodeFrame({ text: 'ä'.repeat(40) }, 60)).toBeNull();
    const { decoder } = collect(50);
    expect(decoder.push(header(51))).toMatchObject({ kind: 'too-long' });
  });

  it.each([
    ['no JSON', Buffer.from('{"cmd":')],
    ['nothing', Buffer.alloc(0)],
    ['a value nested a thousand deep', Buffer.from(`${'['.repeat(1000)}${']'.repeat(1000)}`)],
  ])('holding %s are malformed', (_name, body) => {
    const { messages, decoder } = collect();
    expect(decoder.push(Buffer.concat([header(body.length), body]))).toMatchObject({ kind: 'malformed' });
    expect(messages).toEqual([]);
  });
});

describe('a pipe', () => {
  it('C-1 ends in order between two frames and as truncated inside one', async () => {
    const orderly = connect();
    orderly.wire.end(encodeFrame({ a: 1 }));
    expect(await orderly.ended).toEqual({ kind: 'closed' });
    expect(orderly.received).toEqual([{ a: 1 }]);

    const cut = connect();
    cut.wire.end(header(10));
    expect(await cut.ended).toMatchObject({ kind: 'truncated' });
  });

  it('C-1 hands on nothing after a fault', async () => {
    const { wire, received, ended, pipe } = connect(64);
    wire.write(Buffer.concat([encodeFrame({ a: 1 }) as Buffer, header(1000), encodeFrame({ a: 2 }) as Buffer]));
    expect(await ended).toMatchObject({ kind: 'too-long' });
    expect(received).toEqual([{ a: 1 }]);
    expect(pipe.send({ a: 3 })).toBe('closed');
  });

  it('C-1 says full instead of buffering for a side that does not read', () => {
    const stuck = new Writable({ highWaterMark: 1, write() {} });
    const pipe = openPipe({
      input: new PassThrough(),
      output: stuck,
      maxQueuedBytes: 1000,
      onMessage() {},
      onEnd() {},
    });
    const message = { text: 'x'.repeat(400) };
    expect([pipe.send(message), pipe.send(message), pipe.send(message)]).toEqual(['sent', 'sent', 'full']);
    expect(pipe.queuedBytes()).toBeLessThanOrEqual(1000);
    pipe.close();
    pipe.close();
    expect(pipe.send(message)).toBe('closed');
  });
});
