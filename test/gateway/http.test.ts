import { symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

const meadow = 'devtest/meadow';

async function rpc(house: House, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${house.url}/rpc`, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answer = await response.text();
  return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer) };
}

/** What is answered to bytes until the server ends the connection. */
function sendRaw({ port }: House, bytes: string): Promise<string> {
  const tcp = connect(port, '127.0.0.1').setEncoding('latin1');
  let heard = '';
  tcp.on('data', (part: string) => {
    heard += part;
  });
  tcp.on('error', () => undefined);
  tcp.write(bytes);
  return new Promise((resolve) => tcp.on('close', () => resolve(heard)));
}

const request = (method: string, params: object = {}, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

describe('JSON-RPC', () => {
  it('answers calls with 200, whatever their outcome, and puts the code into data', async () => {
    await using house = await openHouse();
    expect(await rpc(house, request('test.echo', { a: 1 }, 'x'))).toEqual({
      status: 200,
      body: { jsonrpc: '2.0', id: 'x', result: { a: 1 } },
    });
    expect(await rpc(house, request('no.such'))).toMatchObject({
      status: 200,
      body: { error: { code: -32601, data: { code: 'call.unknown-method' } } },
    });
    expect(await rpc(house, request('chat.say', { text: 'x' }))).toMatchObject({
      status: 200,
      body: { error: { code: -32000, data: { code: 'zone.none' } } },
    });
    expect(await rpc(house, { ...request('test.echo'), params: [1] })).toMatchObject({
      status: 200,
      body: { error: { code: -32602, data: { code: 'call.bad-params' } } },
    });
    expect((await rpc(house, request('test.deep'))).body.error.data.code).toBe('call.failed');
  });

  it('C-9 tells what is not JSON, not a request, not of its type, or too long', async () => {
    await using house = await openHouse();
    expect(await rpc(house, '{"half')).toMatchObject({ status: 400, body: { id: null, error: { code: -32700 } } });
    for (const odd of [
      '1',
      'null',
      '"a"',
      '{}',
      '{"jsonrpc":"1.0","method":"a","id":1}',
      '[]',
      '{"jsonrpc":"2.0","method":1}',
    ]) {
      expect(await rpc(house, odd)).toMatchObject({ status: 400, body: { error: { code: -32600 } } });
    }
    expect((await rpc(house, request('test.echo'), { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await rpc(house, request('test.echo', { text: 'x'.repeat(20_000) }))).status).toBe(413);
    expect((await rpc(house, request('test.echo'), { origin: 'https://evil.example' })).status).toBe(403);
    expect((await rpc(house, `${'['.repeat(8_000)}${']'.repeat(8_000)}`)).status).toBe(200);
  });

  it('C-9 a body that is too long ends the connection, announced or in parts; one that breaks off harms nobody', async () => {
    await using house = await openHouse();
    const head = 'POST /rpc HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
    const announced = await sendRaw(house, `${head}content-length: 99999999\r\n\r\n`);
    expect(announced).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
    const part = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const inParts = await sendRaw(house, `${head}transfer-encoding: chunked\r\n\r\n${part.repeat(8)}`);
    expect(inParts).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
    const tcp = connect(house.port, '127.0.0.1');
    await new Promise<void>((sent) => tcp.write(`${head}content-length: 100\r\n\r\n{"json`, () => sent()));
    await new Promise<void>((over) => tcp.on('close', () => over()).resetAndDestroy());
    expect((await rpc(house, request('test.echo'))).status).toBe(200);
    expect(house.gateway.stats().sessions).toBe(0);
  });

  it('H-15 its answers carry what every answer carries, also refusals', async () => {
    await using house = await openHouse();
    const post = (body: string, headers = {}) =>
      fetch(`${house.url}/rpc`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
    const call = JSON.stringify(request('test.echo', { text: 'Grüße 🦊' }));
    const answers = [
      await post(call),
      await post(call, { 'content-type': 'application/json; charset=utf-8' }),
      await post('{"half'),
      await post(call, { 'content-type': 'text/plain' }),
      await post(call, { origin: 'https://evil.example' }),
      await post(JSON.stringify({ jsonrpc: '2.0', method: 'test.echo' })),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 415, 403, 204]);
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
      });
    }
    expect(await (answers[0] as Response).json()).toMatchObject({ result: { text: 'Grüße 🦊' } });
    expect((await fetch(`${house.url}/rpc`)).status).toBe(405);
  });

  it('carries out batches in order, answers no notifications, and counts every call', async () => {
    await using house = await openHouse({ callBurst: 20, callsPerSecond: 1 });
    const batch = [
      request('test.echo', { n: 1 }, 1),
      { jsonrpc: '2.0', method: 'test.echo' },
      7,
      request('no.such', {}, 2),
    ];
    const answered = await rpc(house, batch);
    expect(answered.status).toBe(200);
    expect(answered.body).toMatchObject([
      { id: 1, result: { n: 1 } },
      { id: null, error: { code: -32600 } },
      { id: 2 },
    ]);
    expect(await rpc(house, { jsonrpc: '2.0', method: 'test.echo' })).toEqual({ status: 204, body: undefined });
    expect((await rpc(house, new Array(51).fill(request('test.echo')))).status).toBe(400);
    const flood = await rpc(house, new Array(50).fill(request('test.echo')));
    const codes = (flood.body as { error?: { data: { code: string } } }[]).map(({ error }) => error?.data.code);
    expect(codes.filter((code) => code === 'call.too-fast').length).toBeGreaterThan(25);
  });

  it('CLI-04 a client that only polls enters, moves, sees what changed since, and leaves', async () => {
    await using house = await openHouse();
    const { body } = await rpc(house, request('zone.enter', { zone: meadow, name: 'Fox' }));
    const { resume, character } = body.result as { resume: string; character: string };
    const auth = { authorization: `Bearer ${resume}` };
    const zone = house.zones.get(meadow);
    const crate = zone.spawn({ x: 2_100, y: 2_000, state: { full: true } });
    zone.step();
    const all = (await rpc(house, request('zone.objects'), auth)).body.result as { id: string; changed: number }[];
    expect(all.map(({ id }) => id).sort()).toEqual([character, crate.id].sort());
    expect(all[0]).toMatchObject({ id: crate.id, x: 21, y: 20, state: { full: true } });
    const since = all[0]?.changed as number;
    await rpc(house, request('input', { seq: 1, x: 100 }), auth);
    zone.step();
    const changed = (await rpc(house, request('zone.objects', { since: since + 1 }), auth)).body.result;
    expect(changed).toMatchObject([{ id: character, x: 21 }]);
    expect((await rpc(house, request('zone.objects', { since: since + 2 }), auth)).body.result).toEqual([]);
    const far = zone.spawn({ x: 5_000, y: 2_000 });
    zone.step();
    const { tick } = zone;
    await rpc(house, request('input', { seq: 2, x: 2_000 }), auth);
    zone.step();
    const came = (await rpc(house, request('zone.objects', { since: tick + 1 }), auth)).body.result as { id: string }[];
    expect(came.map(({ id }) => id).sort()).toEqual([character, far.id].sort());
    await rpc(house, request('input', { seq: 3, x: -2_000 }), auth);
    zone.step();
    zone.say(crate, 'Creak.');
    zone.step();
    expect((await rpc(house, request('chat.history'), auth)).body.result).toMatchObject([{ text: 'Creak.' }]);
    expect((await rpc(house, request('zone.who'), auth)).body.result).toMatchObject([{ name: 'Fox', connected: true }]);
    await rpc(house, request('zone.leave'), auth);
    expect(house.gateway.who(meadow)).toEqual([]);
    expect((await rpc(house, request('zone.who'), auth)).body.error.data.code).toBe('session.unknown-resume');
    expect(house.gateway.stats().sessions).toBe(0);
  });

  it('a polling character is gone when nobody asks any more', async () => {
    await using house = await openHouse({ graceS: 0 });
    const left = new Promise<string>((resolve) => {
      house.gateway.onClosed((_session, reason) => resolve(reason));
    });
    await rpc(house, request('zone.enter', { zone: meadow, name: 'Fox' }));
    expect(await left).toBe('stopped asking');
    expect(house.gateway.who(meadow)).toEqual([]);
    expect(house.zones.get(meadow).audience).toBe(0);
  });

  it('a bearer token acts as the character of an open connection', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    const { resume } = await fox.enter(meadow, 'Fox');
    const { body } = await rpc(house, request('zone.who'), { authorization: `Bearer ${resume}` });
    expect(body.result).toMatchObject([{ name: 'Fox' }]);
    expect(fox.socket.connected).toBe(true);
  });
});

it('M-20 a client that does not read its answers does not keep the node from stopping', async () => {
  const house = await openHouse();
  const tcp = connect(house.port, '127.0.0.1');
  const over = new Promise<void>((resolve) => {
    tcp.on('error', () => resolve()).on('close', () => resolve());
  });
  tcp.pause();
  tcp.write(`GET /socket.io/socket.io.js HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`.repeat(40));
  await (await fetch(`${house.url}/healthz`)).text();
  await house[Symbol.asyncDispose]();
  tcp.resume();
  await over;
});

it.each([
  ['an address', false, 4],
  ['this machine in development, with its dozens of clients,', true, 32],
] as const)('H-17 %s may hold so many connections and no more', async (_who, dev, most) => {
  await using house = await openHouse({ dev, connectionsPerAddress: 1 });
  const asked = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n';
  const held = Array.from({ length: most }, () => connect(house.port, '127.0.0.1'));
  for (const tcp of held)
    await new Promise((heard) =>
      tcp
        .on('error', () => undefined)
        .once('data', heard)
        .write(`${asked}\r\n`),
    );
  const closing = `${asked}connection: close\r\n\r\n`;
  expect(await sendRaw(house, closing)).toBe('');
  held.pop()?.destroy();
  // The node has to come to it first.
  while (!(await sendRaw(house, closing)).startsWith('HTTP/1.1 200'));
  for (const tcp of held) tcp.destroy();
});

it('H-15 a page is not the operator of this machine, a program is', async () => {
  await using house = await openHouse();
  const program = house.connect();
  const page = house.connect({ headers: { origin: house.url } });
  await Promise.all([program.call('test.echo'), page.call('test.echo')]);
  const rights = [...house.gateway.sessions()].map((session) => session.has('operator'));
  expect(rights.sort()).toEqual([false, true]);
  const asked: boolean[] = [];
  house.gateway.onOpened((session) => asked.push(session.has('operator')));
  await rpc(house, { jsonrpc: '2.0', id: 1, method: 'test.echo' });
  await rpc(house, { jsonrpc: '2.0', id: 1, method: 'test.echo' }, { origin: house.url });
  expect(asked).toEqual([true, false]);
});

describe('pages', () => {
  async function fill({ clientFolder }: House) {
    const page =
      '<!doctype html><title>x</title><script>var inline = 1;</script><script type="module" src="main.ts"></script>';
    await writeFile(join(clientFolder, 'index.html'), page);
    await writeFile(
      join(clientFolder, 'main.ts'),
      'const n: number = 1;\nexport type { X } from "./x.ts";\nexport { n };\n',
    );
    await writeFile(join(clientFolder, 'broken.ts'), 'const n: = ;');
    await writeFile(join(clientFolder, '.secret.ts'), 'export {}');
    await writeFile(join(clientFolder, 'map.tmj'), '{}');
    await symlink('/etc/passwd', join(clientFolder, 'passwd.txt'));
  }

  it('have the import map, a policy for their inline scripts, and types stripped from their files', async () => {
    await using house = await openHouse();
    await fill(house);
    const page = await fetch(`${house.url}/`);
    const html = await page.text();
    expect(html).toContain('"roost/client":"/roost/client.js"');
    const shared = /"roost":"(.*?)"/.exec(html)?.[1] ?? '';
    expect(await (await fetch(`${house.url}${shared}`)).text()).toContain('export function distance(a');
    expect(html.indexOf('importmap')).toBeLessThan(html.indexOf('main.ts'));
    expect(page.headers.get('content-security-policy')?.match(/'sha256-/g)).toHaveLength(2);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('x-powered-by')).toBeNull();
    const named = await fetch(`${house.url}/devtest`);
    expect(named.url).toBe(`${house.url}/devtest/`);
    const script = await fetch(`${house.url}/devtest/main.ts`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    const code = await script.text();
    expect(code).toContain('const n');
    expect(code).not.toContain('number');
    const again = await fetch(`${house.url}/main.ts`, {
      headers: { 'if-none-match': script.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
    await writeFile(join(house.clientFolder, 'main.ts'), 'export const n: number = 2;');
    expect(await (await fetch(`${house.url}/main.ts`)).text()).toContain('= 2');
  });

  it('H-15 every answer is what its type says, is framed by nobody, and is no document that does something', async () => {
    await using house = await openHouse();
    await fill(house);
    await writeFile(join(house.clientFolder, 'hen.svg'), '<svg xmlns="http://www.w3.org/2000/svg"></svg>');
    await writeFile(join(house.clientFolder, 'helper.js'), 'postMessage(1);');
    const poll = '/socket.io/?EIO=4&transport=polling';
    const client = '/socket.io/socket.io.esm.min.js';
    const paths = ['/', '/main.ts', '/helper.js', '/hen.svg', '/nosuch', '/healthz', '/roost/client.js', poll, client];
    for (const path of [...paths, '/devtest/map/meadow.json']) {
      const { headers } = await fetch(house.url + path);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      const policy = headers.get('content-security-policy');
      for (const part of [
        "default-src '(?:none|self)'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ])
        expect(policy, path).toMatch(new RegExp(part));
      expect(headers.get('service-worker-allowed'), path).toBeNull();
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
      expect(headers.get('server'), path).toBeNull();
    }
    const worker = await fetch(`${house.url}/helper.js`, { headers: { 'service-worker': 'script' } });
    expect(worker.status).toBe(404);
  });

  it('M-10 nothing else is served: no dotfiles, links, maps, folders above', async () => {
    await using house = await openHouse();
    await fill(house);
    for (const path of [
      '.secret.ts',
      'passwd.txt',
      'map.tmj',
      '../package.json',
      '..%2f..%2fpackage.json',
      '%2e%2e/package.json',
      'x//y.ts',
      'roost/lib/gateway/http.ts',
      'roost/lib/contract/errors.ts',
      'nosuch.html',
    ]) {
      expect((await fetch(`${house.url}/${path}`)).status, path).toBe(404);
    }
    const broken = await fetch(`${house.url}/broken.ts`);
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain(house.clientFolder);
    expect((await fetch(`${house.url}/`, { headers: { host: 'evil.example' } })).status).toBe(200);
  });

  it('the client library is plain JavaScript with relative imports that lead somewhere', async () => {
    await using house = await openHouse();
    const seen = new Set<string>();
    const visit = async (url: string): Promise<void> => {
      if (seen.has(url)) return;
      seen.add(url);
      const response = await fetch(url);
      expect(response.status, url).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/javascript');
      const code = await response.text();
      for (const [, to = ''] of code.matchAll(/(?:from|import)\s+'(\.[^']+)'/g)) await visit(new URL(to, url).href);
    };
    await visit(`${house.url}/roost/client.js`);
    expect([...seen].join()).toContain('/sync/mirror.ts');
    expect((await fetch(`${house.url}/socket.io/socket.io.esm.min.js`)).status).toBe(200);
  });

  it('maps come without their objects, health without secrets', async () => {
    await using house = await openHouse();
    const map = await fetch(`${house.url}/devtest/map/meadow.json`);
    expect(await map.json()).toEqual({
      width: 60,
      height: 40,
      pixelsPerMetre: 16,
      layers: [],
      tiles: [],
      solids: [],
      areas: [],
    });
    expect((await fetch(`${house.url}/devtest/map/nosuch.json`)).status).toBe(404);
    expect(await (await fetch(`${house.url}/healthz`)).json()).toMatchObject({
      status: 'ok',
      pid: process.pid,
      version: '0.0.0',
    });
  });
});
