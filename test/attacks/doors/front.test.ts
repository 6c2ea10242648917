/**
 * The doors that strangers push: socket.io byte by byte, JSON-RPC and HTTP, on a real node. Whatever comes, a call that
 * wants an answer gets one with a code or the connection is over, nothing breaks, and a player beside it plays on.
 */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frame, openPoll, openRaw, type RawSocket } from '../../gateway/raw.ts';
import type { TestClient } from '../../support/client.ts';
import { hostile, mutants, runs } from '../../support/fuzz.ts';
import { residentMb } from '../../support/hurt-house.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';

let node: TestNode;
let player: TestClient;
let fromMb = 0;

/** Rates as large as can be: what is refused for coming too often is not read. */
const env = {
  ...{ ROOST_CALLS_PER_SECOND: '100000', ROOST_CALL_BURST: '100000', ROOST_PACKETS_PER_SECOND: '100000' },
  ...{ ROOST_BYTES_PER_SECOND: '100000000', ROOST_METHOD_PER_SECOND: '100000', ROOST_METHOD_BURST: '100000' },
};

beforeAll(async () => {
  node = await startTestNode({ env });
  player = await node.join('Witness', 'devtest/den');
  await witness();
  fromMb = residentMb(node.pid);
});
afterAll(() => node?.[Symbol.asyncDispose]());

/** Somebody else is answered, on the same connection as before. */
async function witness(): Promise<void> {
  expect(await player.call('zone.who')).toMatchObject({ zone: 'devtest/den' });
}

/** It is the same process, it has not complained, and it has not grown. */
function expectSound(): void {
  expect(player.socket.connected).toBe(true);
  const loud = node.logs.filter(({ level }) => level === 'error' || level === 'fatal');
  expect(loud).toEqual([]);
  expect(node.words).not.toMatch(/uncaught|unhandled|RangeError|TypeError: /i);
  expect(residentMb(node.pid)).toBeLessThan(fromMb + 150);
}

const methods = [
  ...['host.info', 'host.ping', 'host.watch', 'host.stats', 'host.lift', 'host.rollback', 'zone.enter', 'zone.leave'],
  ...['zone.snapshot', 'zone.who', 'zone.objects', 'object.call', 'object.activate', 'object.answer', 'object.inspect'],
  ...['object.methods', 'chat.say', 'chat.history', 'script.list', 'script.open', 'script.save', 'input'],
  ...['turn.register', 'turn.pair', 'turn.load', 'turn.ready', 'turn.send', 'turn.quit', 'turn.keep', 'turn.post'],
];
const names = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...methods) },
  fc.constantFrom(
    'connect',
    'disconnect',
    'error',
    'newListener',
    'message',
    '__proto__',
    'constructor',
    'toString',
    '',
    '\u0000',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const params = fc.oneof(
  { weight: 3, arbitrary: hostile },
  mutants(
    fc.constantFrom<object>(
      { zone: 'devtest/den', name: 'Fox' },
      { id: '0001000000000001', method: 'feed', params: { n: 1 }, seq: 1, once: 'x' },
      { text: 'Hello' },
      { seq: 1, x: 1, y: 0 },
      { path: 'scripts/x.ts', text: 'x', build: 'x' },
      { id: '0001000000000001', name: 'q', choice: 'yes' },
      { name: 'Fox', partner: 'Hare' },
      { key: 'AAAAAAAAAAAAAAAAAAAAAA', counter: 0, text: 'x', read: 1 },
    ),
  ),
);

describe('socket.io', () => {
  type Sent = { readonly bytes: Buffer; readonly ack: number | null };

  /** A call as it should be, save what is in it. */
  const calls: fc.Arbitrary<Sent> = fc.tuple(names, params, fc.nat({ max: 1e9 })).map(([name, value, ack]) => {
    const json = JSON.stringify([name, value]);
    const isWhole = json !== undefined && json.length < 16_000 && name !== 'connect' && name !== 'disconnect';
    return { bytes: frame(`42${ack}${json}`), ack: isWhole ? ack : null };
  });
  const packets = fc
    .tuple(
      fc.constantFrom(
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
        '6',
        '40',
        '41',
        '42',
        '43',
        '44',
        '45',
        '46',
        '42/admin,',
        '451-',
        '452-',
        '45999-',
        '461-1',
        '49',
        'b',
        '4',
      ),
      fc.constantFrom('', '7', '999999999999999999999', '-1', '0x1'),
      fc.oneof(
        fc.tuple(names, params).map((pair) => JSON.stringify(pair) ?? ''),
        hostile.map((value) => JSON.stringify(value) ?? ''),
        fc.string({ unit: 'binary' }),
      ),
    )
    .map((parts) => ({ bytes: frame(parts.join('').slice(0, 60_000)), ack: null }));
  const frames = fc
    .tuple(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(0, 1, 2, 3, 8, 9, 10, 15), fc.boolean())
    .map(([bytes, opcode, fin]) => ({
      bytes: frame(Buffer.from(bytes).toString('latin1'), { opcode, fin }),
      ack: null,
    }));
  const noise = fc
    .oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      // A text that is no UTF-8; a length of 2^63; one that is not masked; one that says it is compressed.
      fc.constantFrom(
        Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]),
        Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
        Buffer.from([0x81, 0x02, 0x34, 0x32]),
        Buffer.from([0xc1, 0x82, 0, 0, 0, 0, 0x34, 0x32]),
      ),
    )
    .map((bytes) => ({ bytes, ack: null }));
  const sent: fc.Arbitrary<readonly Sent[]> = fc.array(
    fc.oneof({ weight: 6, arbitrary: calls }, { weight: 3, arbitrary: packets }, frames, noise),
    { minLength: 1, maxLength: 12 },
  );

  async function answered(raw: RawSocket, ack: number): Promise<void> {
    const text = await Promise.race([raw.until(new RegExp(`^43${ack}\\[`)), raw.closed]);
    if (text === undefined) return;
    const [answer] = JSON.parse(text.slice(`43${ack}`.length)) as [
      { ok: boolean; error?: { code: string; message: string } },
    ];
    if (answer.ok) return;
    expect(answer.error?.code).toMatch(/^[a-z]+(\.[a-z-]+)+$/);
    expect(answer.error?.message).not.toMatch(/\/core\/|node_modules|\.ts:\d/);
  }

  it('whatever is sent: each call is answered, or the connection is over', async () => {
    await fc.assert(
      fc.asyncProperty(sent, async (list) => {
        const raw = await openRaw(node.port);
        const wholes = new Set<number>();
        let broken = false;
        for (const { bytes, ack } of list) {
          raw.tcp.write(bytes);
          // What comes after bytes that are no frame of their own may be taken for the rest of them.
          broken ||= ack === null;
          if (ack !== null && !broken) wholes.add(ack);
        }
        await Promise.all([...wholes].map((ack) => answered(raw, ack)));
        await witness();
        raw.tcp.destroy();
      }),
      runs(60),
    );
    expectSound();
  });

  it('the same in the bodies of polling requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.tuple(names, params).map((pair) => `42${JSON.stringify(pair)}`),
            fc.string({ unit: 'binary' }),
            fc.constantFrom(
              '40',
              '41',
              '1',
              '2',
              'b',
              'bAAAA',
              '451-["x",{"_placeholder":true,"num":0}]',
              '0{"sid":1}',
            ),
          ),
          { maxLength: 40 },
        ),
        async (bodies) => {
          const poll = await openPoll(node.url);
          const { status } = await poll.post(bodies.join('\x1e')).catch(() => ({ status: 0 }));
          expect([0, 200, 400, 403, 413]).toContain(status);
          await witness();
        },
      ),
      runs(25),
    );
    expectSound();
  });
});

describe('HTTP', () => {
  const toBody = (value: unknown): string => JSON.stringify(value) ?? '';
  const request = fc.record(
    {
      jsonrpc: fc.constantFrom<unknown>('2.0', '2.0', '1.0', 2),
      id: hostile,
      method: names as fc.Arbitrary<unknown>,
      params,
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    request.map((value) => JSON.stringify(value)),
    fc.array(request, { maxLength: 60 }).map((value) => JSON.stringify(value)),
    mutants(request).map((value) => JSON.stringify(value) ?? ''),
    hostile.map((value) => JSON.stringify(value) ?? ''),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      '[',
      `${'['.repeat(16_000)}`,
      '{"jsonrpc":"2.0","id":1,"method":"host.ping","id":2}',
      `"${'x'.repeat(20_000)}"`,
    ),
  );
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constant('application/json') },
    fc.constantFrom(
      'text/plain',
      'application/json; charset=utf-16',
      'multipart/form-data; boundary=x',
      'application/json;;',
    ),
  );

  it('JSON-RPC answers every body with a code, or says why not', async () => {
    await fc.assert(
      fc.asyncProperty(body, type, async (text, contentType) => {
        const response = await fetch(`${node.url}/rpc`, {
          method: 'POST',
          body: text,
          headers: { 'content-type': contentType },
        });
        const answer = await response.text();
        expect([200, 204, 400, 403, 413, 415]).toContain(response.status);
        if (response.status === 200) {
          const all = JSON.parse(answer) as unknown;
          for (const one of Array.isArray(all) ? all : [all]) {
            expect(one).toMatchObject({ jsonrpc: '2.0' });
            if ('error' in one)
              expect(one.error).toMatchObject({
                code: expect.any(Number),
                data: { code: expect.stringMatching(/^[a-z]+(\.[a-z-]+)+$/) },
              });
          }
        }
        expect(answer).not.toMatch(/node_modules|\/core\/[a-z]|at \w+ \(/);
        await witness();
      }),
      runs(80),
    );
    expectSound();
  });

  it('a method at an address of its own answers every body by its status, and says why not', async () => {
    await fc.assert(
      fc.asyncProperty(names, fc.oneof(body, params.map(toBody)), type, async (name, text, contentType) => {
        const { href, pathname } = new URL(`${node.url}/rpc/${encodeURIComponent(name.toWellFormed())}`);
        fc.pre(pathname.startsWith('/rpc/'));
        const response = await fetch(href, { method: 'POST', body: text, headers: { 'content-type': contentType } });
        const answer = await response.text();
        expect([200, 400, 401, 403, 404, 409, 413, 415, 429, 503, 504]).toContain(response.status);
        if (response.status !== 200)
          expect(JSON.parse(answer)).toEqual({
            error: expect.objectContaining({ code: expect.stringMatching(/^[a-z]+(\.[a-z-]+)+$/) }),
          });
        expect(answer).not.toMatch(/node_modules|\/core\/[a-z]|at \w+ \(/);
        await witness();
      }),
      runs(80),
    );
    expectSound();
  });

  it('/docs/api opens to no header and no path that somebody thinks of', async () => {
    const header = fc.record(
      {
        authorization: fc.oneof(
          fc.constantFrom(
            'Bearer',
            'Bearer  x',
            'Bearer null',
            'Basic YWRtaW46YWRtaW4=',
            'bearer x',
            'Bearer x, Bearer y',
          ),
          fc.base64String({ maxLength: 250 }).map((text) => `Bearer ${text}`),
        ),
        cookie: fc.constantFrom('roost=x', 'roost=0123456789abcdef', '__Host-roost=0123456789abcdef'),
        'x-forwarded-for': fc.constantFrom(
          '127.0.0.1',
          '::1',
          'localhost',
          '',
          ' ',
          '203.0.113.7, 127.0.0.1',
          'x'.repeat(900),
        ),
        'accept-encoding': fc.constantFrom('gzip', 'br', 'gzip;q=0', '*'),
        'if-none-match': fc.constantFrom('*', 'W/"x"', '"'),
      },
      { requiredKeys: ['x-forwarded-for'] },
    );
    const path = fc.oneof(
      fc.constantFrom(
        '',
        '/',
        '/openapi.json',
        '//',
        '/openapi.json/',
        '/page.html',
        '/..%2fpages.ts',
        '/page.ts%00',
        '?x',
      ),
      fc.webPath(),
    );
    await fc.assert(
      fc.asyncProperty(path, header, async (end, headers) => {
        const response = await fetch(`${node.url}/docs/api${end}`, { headers });
        const answer = await response.text();
        expect([304, 400, 401, 403, 404, 429]).toContain(response.status);
        expect(answer).not.toMatch(/chat\.say|node_modules|import |at \w+ \(/);
      }),
      runs(60),
    );
    await witness();
    expectSound();
  });

  it('bytes that are no request end their connection', async () => {
    const line = fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS', 'TRACE', 'X', ''),
        fc.oneof(
          fc.constantFrom(
            '/',
            '/rpc',
            '/%00',
            '/..%2f..%2fetc/passwd',
            '//evil/',
            '/devtest/map/../x.json',
            '/__proto__/',
            '/socket.io/?EIO=4&transport=polling&sid=../../x',
            '/roost/client.js%0d%0aX: y',
            `/${'a'.repeat(9_000)}`,
          ),
          fc.webPath(),
        ),
        fc.constantFrom('HTTP/1.1', 'HTTP/9.9', ''),
      )
      .map((parts) => parts.join(' '));
    const header = fc.oneof(
      fc.constantFrom(
        'Host: 127.0.0.1',
        'Host: evil.example',
        'Content-Length: 5',
        'Content-Length: -1',
        'Transfer-Encoding: chunked',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Expect: 100-continue',
        'Range: bytes=0-,0-,0-',
        'Authorization: Bearer x',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.array(header, { maxLength: 6 }),
        fc.string({ unit: 'binary', maxLength: 60 }),
        async (first, headers, rest) => {
          const tcp = connect(node.port, '127.0.0.1');
          const got: Buffer[] = [];
          tcp.on('data', (chunk) => got.push(chunk));
          const over = new Promise<void>((end) => tcp.on('error', () => end()).on('close', () => end()));
          tcp.end(`${[first, ...headers].join('\r\n')}\r\n\r\n${rest}`);
          await Promise.race([over, new Promise((next) => tcp.once('data', next)), witness()]);
          await witness();
          tcp.destroy();
          const status = /^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(got).toString('latin1'))?.[1];
          if (status !== undefined) expect(Number(status)).toBeLessThan(500);
        },
      ),
      runs(60),
    );
    expectSound();
  });
});
