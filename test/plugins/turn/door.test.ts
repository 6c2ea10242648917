/** The plain format of the older turn server, on a real node, at both of its addresses. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { getSeconds, OlderClient, postTurn } from '../../support/older-client.ts';
import { post } from '../auth/people.ts';

/** A port that nobody has, a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  const { port } = server.address() as { readonly port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Times short enough to be waited for, where that is what a test is about. */
const short = { ROOST_TURN_SILENT_MS: '700', ROOST_TURN_EXCHANGE_MS: '900' };

/** Asks until the answer fits: time passes by itself, and nothing waits for it longer than it takes. */
async function until(url: string, body: string, fits: (text: string) => boolean): Promise<string> {
  for (;;) {
    const { text } = await postTurn(url, body);
    if (fits(text)) return text;
  }
}

const counting = new URL('../../support/statements.js', import.meta.url).href;

/** How often the node has asked its database so far. */
async function statementsOf(node: TestNode): Promise<number> {
  const from = node.logs.length;
  process.kill(node.pid, 'SIGUSR2');
  return ((await node.logged(({ msg }) => msg === 'statements', from)).statements as readonly string[]).length;
}

/** A plugin that loads another one anew, as an operator would. */
const reload = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ plugin: z.string() }),
  handle: async ({ params, host }) => (await host.node.reload(params.plugin)).length,
});
`;

describe('the plain format', () => {
  let node: TestNode;
  let url: string;
  let ownUrl: string;
  let plugins: string;

  beforeAll(async () => {
    const port = await freePort();
    plugins = await mkdtemp(join(tmpdir(), 'roost-turn-'));
    await writeFile(join(plugins, 'reload.ts'), reload);
    const env = { NODE_OPTIONS: `--import=${counting}` };
    node = await startTestNode({ flags: ['--turn-port', `${port}`], plugins: [plugins], env });
    url = `${node.url}/turn`;
    ownUrl = `http://127.0.0.1:${port}/`;
  }, 30_000);
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await rm(plugins, { recursive: true, force: true });
  });

  const say = async (body: string) => (await postTurn(url, body)).text;
  const register = async (name: string, partner = '*') => (await postTurn(url, `0,${name},*,${partner},*`)).data;
  /** Two in a match: key and player key of each, as they stand in an update. */
  async function play(one: string, two: string): Promise<readonly [string, string]> {
    const [a, b] = [await register(one, two), await register(two, one)];
    for (const symbol of [2, 3, 4]) for (const key of [b, a]) await say(`${symbol},*,${key},*,*`);
    const seats = [await say(`4,*,${a},*,*`), await say(`4,*,${b},*,*`)].map((text) => text.slice(4).replace('|', ','));
    return seats as [string, string];
  }

  it('TRN-01 TRN-04 registers, pairs the first two with opposite roles, waits until both are ready, and seats them', async () => {
    const [ann, bob] = [await register('Ann'), await register('Bob')];
    expect(ann).toMatch(/^[\w-]{22}$/);
    expect(ann).not.toBe(bob);
    expect(await say(`2,*,${bob},*,*`)).toBe('0/3/Ann');
    expect(await say(`2,*,${ann},*,*`)).toBe('0/4/Bob');
    expect([await say(`3,*,${bob},*,*`), await say(`3,*,${ann},*,*`)]).toEqual(['0/5/', '0/6/']);
    expect(await say(`4,*,${ann},*,*`)).toBe('0/7/*');
    const first = await say(`4,*,${bob},*,*`);
    const second = await say(`4,*,${ann},*,*`);
    expect(first).toMatch(/^0\/8\/[\w-]{22}\|0$/);
    expect(second).toMatch(/^0\/8\/[\w-]{22}\|1$/);
    expect(first.slice(0, -1)).not.toBe(second.slice(0, -1));
  });

  it('TRN-02 TRN-03 pairs who name each other with each other alone, and nobody with himself', async () => {
    const named = await register('Cleo', 'Marc');
    expect(await say(`2,*,${named},*,*`)).toBe('0/2/*');
    const other = await register('Marc');
    expect(await say(`2,*,${other},*,*`)).toBe('0/2/*');
    expect(await say(`2,*,${named},*,*`)).toBe('0/2/*');
    const marc = await register('Marc', 'Cleo');
    expect(await say(`2,*,${marc},*,*`)).toBe('0/3/Cleo');
    expect(await say(`2,*,${named},*,*`)).toBe('0/4/Marc');
    for (const key of [named, other, marc]) expect(await say(`1,*,${key},*,*`)).toBe('0/1/*');
  });

  it('TRN-05 answers every step of the handshake again as before', async () => {
    const [ann, bob] = [await register('Ann', 'Bob'), await register('Bob', 'Ann')];
    const twice = async (body: string) => [await say(body), await say(body), await say(body)];
    const thrice = (text: string) => [text, text, text];
    expect(await twice(`2,*,${ann},*,*`)).toEqual(thrice('0/3/Bob'));
    expect(await twice(`3,*,${ann},*,*`)).toEqual(thrice('0/5/'));
    expect(await twice(`4,*,${ann},*,*`)).toEqual(thrice('0/7/*'));
    expect(await twice(`3,*,${bob},*,*`)).toEqual(thrice('0/6/'));
    const started = await twice(`4,*,${bob},*,*`);
    expect(started).toEqual(thrice(started[0] ?? ''));
    expect(await twice(`1,*,${bob},*,*`)).toEqual(thrice('0/1/*'));
    expect(await say(`2,*,${bob},*,*`)).toBe('5/*/*');
  });

  it('TRN-07 passes any text on unchanged, in order, once for each counter', async () => {
    const [ann, bob] = await play('Ann', 'Bob');
    const texts = [
      'plain',
      'a,b,c',
      'two\nlines\r\n',
      'x|y/z',
      '',
      ' blanks ',
      '*',
      'ünïcødé 🐓',
      '6,*,*,*,*',
      '\u0000\u0007',
    ];
    for (const [counter, text] of texts.entries()) {
      expect(await say(`6,${text},${ann},${counter}`)).toBe('0/10/*');
      expect(await say(`6,ask,${bob},${counter}`)).toBe(`0/9/${text}`);
      await say(`6,read,${ann},${counter}`);
    }
  });

  it('TRN-08 gives a repeat the last answer and what is new, takes its text once, and tells low from high', async () => {
    const [ann, bob] = await play('Ann', 'Bob');
    expect(await say(`6,one,${ann},0`)).toBe('0/10/*');
    expect(await say(`6,again,${ann},0`)).toBe('0/11/*0/10/*|');
    expect(await say(`6,hi,${bob},0`)).toBe('0/9/one');
    expect(await say(`6,again,${ann},0`)).toBe('0/11/*0/10/*|hi');
    expect(await say(`6,two,${ann},1`)).toBe('0/10/*');
    expect(await say(`6,three,${ann},2`)).toBe('0/10/*');
    expect(await say(`6,hi,${bob},0`)).toBe('0/11/*0/9/one|two|three');
    expect(await say(`6,hi,${bob},0`)).toBe('0/11/*0/9/one|two|three|');
    expect(await say(`6,ho,${bob},1`)).toBe('0/10/*');
    expect(await say(`6,low,${bob},0`)).toBe('18/*/*');
    expect(await say(`6,high,${bob},3`)).toBe('19/*/*');
    expect(await say(`6,four,${ann},3`)).toBe('0/9/ho');
  });

  it('TRN-09 grows what is not acknowledged to 131,072 bytes, then says that changes are lost on it, with what there was', async () => {
    const [ann, bob] = await play('Ann', 'Bob');
    await say(`6,start,${ann},0`);
    const block = 'x'.repeat(16_000);
    let last = '';
    for (let counter = 0; ; counter++) {
      await say(`6,${block},${bob},${counter}`);
      const text = await say(`6,start,${ann},0`);
      if (!text.startsWith('0/11/*')) {
        expect(text).toBe(`21/*/${last.slice('0/11/*'.length)}`);
        break;
      }
      expect(text.length).toBeGreaterThan(last.length + 16_000);
      expect(text.length).toBeLessThan(131_072 + 16);
      last = text;
    }
    expect(last.length).toBeGreaterThan(8 * 16_000);
    expect(await say(`6,on,${ann},1`)).toBe(`0/9/${block}`);
  });

  it('TRN-12 answers whatever is malformed with a code, and serves on', async () => {
    const [ann] = await play('Ann', 'Bob');
    const [key] = ann.split(',');
    const table: readonly (readonly [string | Buffer, string])[] = [
      ['', '2/*/*'],
      [' \n', '2/*/*'],
      [Buffer.from([0x36, 0x2c, 0xff, 0xfe]), '2/*/*'],
      ['hello', '4/0/*'],
      ['7,*,*,*,*', '4/0/*'],
      ['-1,*,*,*,*', '4/0/*'],
      ['x,*,*,*,*', '4/0/*'],
      ['2,*,*', '4/0/*'],
      [',,,,', '4/0/*'],
      ['0,Ann,mine,*,*', '4/3/*'],
      ['0,,*,*,*', '7/*/*'],
      [`0,${'n'.repeat(65)},*,*,*`, '7/*/*'],
      ['0,Ann,*,,*', '16/*/*'],
      ['2,*,0,*,*', '5/*/*'],
      ['2,*,-5,*,*', '5/*/*'],
      [`6,x,${key},2,0`, '4/1/*'],
      [`6,x,${key},one,0`, '4/1/*'],
      [`6,x,${key},1,-1`, '4/2/*'],
      [`6,x,${key},1,one`, '4/2/*'],
      ['6,x,99999,0,0', '13/*/*'],
      ['x'.repeat(16_385), '20/*/*'],
      ['x'.repeat(200_000), '20/*/*'],
    ];
    for (const [body, wanted] of table) {
      const { text, status, type } = await postTurn(url, body);
      expect([String(body).slice(0, 40), text, status]).toEqual([String(body).slice(0, 40), wanted, 400]);
      expect(type).toMatch(/^text\/html/);
    }
    expect(await say(`6,${'y'.repeat(16_384 - `6,,${ann},0`.length)},${ann},0`)).toBe('0/10/*');
    expect(await say(`6,still,${ann},1`)).toBe('0/10/*');
  });

  it.each([
    'content-length: many\r\n',
    'content-length: -4\r\n',
    '',
    'transfer-encoding: chunked\r\n',
  ])('TRN-12 answers a request of no known length (%j)', async (header) => {
    for (const to of [ownUrl, url]) {
      const { port, pathname, host } = new URL(to);
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(
        `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${header}\r\n${header.includes('chunked') ? '0\r\n\r\n' : ''}`,
      );
      const answered = await new Promise<string>((done) =>
        socket.once('data', (data: Buffer) => done(data.toString())),
      );
      socket.destroy();
      expect(answered).toMatch(/^HTTP\/1\.1 400 /);
      expect(answered.split('\r\n\r\n')[1]).toBe('1/*/*');
    }
  });

  it('answers a program of the oldest kind, that says no host', async () => {
    for (const [to, version] of [
      [ownUrl, '1.1'],
      [ownUrl, '1.0'],
      [url, '1.0'],
    ] as const) {
      const { port, pathname } = new URL(to);
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`POST ${pathname} HTTP/${version}\r\ncontent-length: 11\r\n\r\n2,*,x,*,*\r\n`);
      const answered = await new Promise<string>((done) =>
        socket.once('data', (data: Buffer) => done(data.toString())),
      );
      socket.destroy();
      expect(answered.split('\r\n\r\n')[1]).toBe('5/*/*');
    }
  });

  it('answers a client that offers another protocol, as that of Java does with every request', async () => {
    for (const to of [ownUrl, url]) {
      const { port, pathname, host } = new URL(to);
      const socket = connect(Number(port), '127.0.0.1');
      const offer = 'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n';
      socket.write(`POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${offer}content-length: 9\r\n\r\n2,*,x,*,*`);
      const answered = await new Promise<string>((done) => {
        socket.once('data', (data: Buffer) => done(data.toString()));
        socket.once('close', () => done('closed'));
      });
      socket.destroy();
      expect(answered.split('\r\n\r\n')[1]).toBe('5/*/*');
    }
  });

  it('asks no database, though it is asked and asked', async () => {
    const [ann, bob] = await play('Ann', 'Bob');
    const [key = '', seat = ''] = bob.split(',');
    expect(seat).toMatch(/^[01]$/);
    const before = await statementsOf(node);
    expect(before).toBeGreaterThan(0);
    for (let asked = 0; asked < 300; asked++) await say(`6,x,${ann},0`);
    for (let asked = 0; asked < 30; asked++) await post(node, 'turn.send', { key, counter: 0 });
    // The node has other reasons to ask it now and then, above all when it has just started.
    expect((await statementsOf(node)) - before).toBeLessThan(60);
  });

  it('TRN-13 ends a match with a quit that the partner is told of when he has read the rest', async () => {
    const [ann, bob] = await play('Ann', 'Bob');
    await say(`6,last words,${ann},0`);
    expect(await say(`5,*,${ann},1`)).toBe('0/1/*');
    expect(await say(`5,*,${ann},1`)).toBe('0/1/*');
    expect(await say(`6,x,${bob},0`)).toBe('0/9/last words');
    expect(await say(`6,x,${bob},1`)).toBe('15/*/*');
    expect(await say(`6,x,${ann},1`)).toBe('13/*/*');
  });

  it('TRN-13 tells the partner of somebody who unregisters on the way into a match', async () => {
    const [ann, bob] = [await register('Ann', 'Bob'), await register('Bob', 'Ann')];
    await say(`2,*,${ann},*,*`);
    expect(await say(`1,*,${bob},*,*`)).toBe('0/1/*');
    expect(await say(`3,*,${ann},*,*`)).toBe('17/*/*');
    expect(await say(`1,*,${ann},*,*`)).toBe('5/*/*');
  });

  it('TRN-14 lets nobody act for a player without his key', async () => {
    const [ann, bob] = await play('Ann', 'Bob');
    const [annKey, annSeat] = ann.split(',');
    const [, bobSeat] = bob.split(',');
    expect(await say(`6,forged,${annKey},${bobSeat},0`)).toBe('14/*/*');
    expect(await say(`5,*,${annKey},${bobSeat},0`)).toBe('14/*/*');
    for (const guess of ['0', '1', '', '*', annKey?.slice(1), `${annKey}x`])
      expect(await say(`6,forged,${guess},${annSeat},0`)).toBe('13/*/*');
    expect(await say(`6,own,${bob},0`)).toBe('0/10/*');
  });

  it('TRN-14 answers no page of another origin, nor another name of this machine', async () => {
    const page = { 'content-type': 'text/plain', origin: 'http://evil.example' };
    expect(await postTurn(url, '0,Eve,*,*,*', page)).toMatchObject({ status: 403, text: '3/*/*' });
    expect(await postTurn(ownUrl, '0,Eve,*,*,*', { host: 'evil.example' })).toMatchObject({
      status: 403,
      text: '3/*/*',
    });
  });

  it('TRN-16 tells what the last request took in the server', async () => {
    const [ann] = await play('Ann', 'Bob');
    await say(`6,x,${ann},0`);
    for (const from of [url, ownUrl]) {
      const seconds = await getSeconds(from);
      expect(seconds).toMatch(/^\d+\.\d+$/);
      expect(Number(seconds)).toBeGreaterThan(0);
    }
  });

  it('TRN-17 shows an operator who waits and what goes on, and no key', async () => {
    const [ann] = await play('Ann', 'Bob');
    const waits = await register('Cleo', 'Nobody');
    await say(`6,hello,${ann},0`);
    const operator = await node.connect();
    const list = await operator.call<{ waiting: unknown[]; matches: unknown[] }>('turn.list');
    expect(list.waiting).toContainEqual(
      expect.objectContaining({ name: 'Cleo', state: 'waiting', wants: 'Nobody', partner: null }),
    );
    expect(list.matches).toContainEqual(
      expect.objectContaining({
        over: false,
        seats: expect.arrayContaining([expect.objectContaining({ name: 'Bob', counter: -1, coming: 6 })]),
      }),
    );
    expect(JSON.stringify(list)).not.toContain(waits);
    expect(JSON.stringify(list)).not.toContain(ann.split(',')[0]);
    await say(`1,*,${waits},*,*`);
  });

  it('TRN-18 TRN-15 plays older clients that go by codes alone, on a port of its own, and none sees an error', async () => {
    const players = Number(process.env.TURN_PLAYERS ?? 6);
    const steps = Number(process.env.TURN_STEPS ?? 60);
    const clients = Array.from({ length: players }, (_, number) => {
      const say = (count: number) =>
        `${number}:${count} ${'text, of some length; '.repeat(1 + ((number * 7 + count) % 40))}`;
      return new OlderClient({ url: ownUrl, name: `Player ${number}`, say });
    });
    await Promise.all(
      clients.map(async (client) => {
        for (let step = 0; step < steps; step++) await client.step();
      }),
    );
    for (const client of clients) {
      expect([...client.errors]).toEqual([]);
      expect(client.plays).toBe(true);
      const partner = clients.find((other) => `${other.partner}` === `Player ${clients.indexOf(client)}`);
      expect(client.read.length).toBeGreaterThan(0);
      expect(client.read).toEqual(partner?.written.slice(0, client.read.length));
    }
  }, 60_000);

  it('goes on in a new build of the plugin with all that waits and plays', async () => {
    const [ann, bob] = await play('Ann', 'Bob');
    const waits = await register('Cleo', 'Nobody');
    await say(`6,before,${ann},0`);
    await post(node, 'reload', { plugin: 'turn' });
    expect(await say(`6,x,${bob},0`)).toBe('0/9/before');
    expect(await say(`6,after,${ann},0`)).toBe('0/11/*0/10/*|x');
    expect(await say(`2,*,${waits},*,*`)).toBe('0/2/*');
    await say(`1,*,${waits},*,*`);
  });
});

describe('time and places', () => {
  const far = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}`, 'content-type': 'text/plain' });

  it('TRN-06 TRN-10 drops who is silent: a random partner waits again, a named one is out', async () => {
    await using node = await startTestNode({ env: short });
    const url = `${node.url}/turn`;
    const say = async (body: string) => (await postTurn(url, body)).text;
    const register = async (name: string, partner = '*', key = '*') =>
      (await postTurn(url, `0,${name},${key},${partner},*`)).data;
    const [ann] = [await register('Ann'), await register('Bob')];
    const [cleo] = [await register('Cleo', 'Marc'), await register('Marc', 'Cleo')];
    const slow = await register('Slow', 'Nobody', 'bibbybabbis');
    expect(await say(`2,*,${ann},*,*`)).toBe('0/3/Bob');
    expect(await say(`2,*,${cleo},*,*`)).toBe('0/3/Marc');
    const [random, named] = await Promise.all([
      until(url, `3,*,${ann},*,*`, (text) => text !== '0/5/'),
      until(url, `4,*,${cleo},*,*`, (text) => !text.startsWith('0/3/')),
    ]);
    expect([random, named]).toEqual(['9/2/*', '17/*/*']);
    expect(await say(`2,*,${ann},*,*`)).toBe('0/2/*');
    expect(await say(`2,*,${cleo},*,*`)).toBe('17/*/*');
    expect(await say(`2,*,${slow},*,*`)).toBe('0/2/*');
    // TRN-03: not again with who dropped out.
    const again = await register('Bob');
    expect([await say(`2,*,${again},*,*`), await say(`2,*,${ann},*,*`)]).toEqual(['0/2/*', '0/2/*']);
  });

  it('TRN-10 drops a match in which nothing is exchanged, though one of the two talks on', async () => {
    await using node = await startTestNode({ env: { ...short, ROOST_TURN_MATCHES: '1' } });
    const url = `${node.url}/turn`;
    const say = async (body: string) => (await postTurn(url, body)).text;
    const start = async () => {
      const [a, b] = [(await postTurn(url, '0,Ann,*,*,*')).data, (await postTurn(url, '0,Bob,*,*,*')).data];
      for (const symbol of [2, 3, 4]) for (const key of [a, b]) await say(`${symbol},*,${key},*,*`);
      return say(`4,*,${b},*,*`);
    };
    const seat = (await start()).slice(4).replace('|', ',');
    let counter = 0;
    for (;;) {
      const text = await say(`6,anybody,${seat},${counter++}`);
      if (text !== '0/10/*') {
        expect(text).toBe('13/*/*');
        break;
      }
    }
    // TRN-11: its place is free again.
    expect(await start()).toMatch(/^0\/8\//);
  });

  it('TRN-11 TRN-14 TRN-19 tells full from full of one address, frees places, and lets nobody starve behind one', async () => {
    await using node = await startTestNode({ env: { ROOST_TURN_WAITING: '6', ROOST_TRUST_PROXY: '127.0.0.1' } });
    const url = `${node.url}/turn`;
    const register = (n: number, name: string, partner = '*') => postTurn(url, `0,${name},*,${partner},*`, far(n));
    const keys: string[] = [];
    for (const name of ['A', 'B', 'C', 'D']) keys.push((await register(1, name, 'Nobody')).data);
    expect((await register(1, 'E')).text).toBe('11/1/*');
    const waits = (await register(2, 'F')).data;
    keys.push((await register(2, 'G', 'Nobody')).data);
    expect((await register(3, 'H')).text).toBe('11/*/*');
    expect((await postTurn(url, `1,*,${keys[0]},*,*`, far(1))).text).toBe('0/1/*');
    const last = await register(3, 'I');
    expect((await postTurn(url, `2,*,${last.data},*,*`, far(3))).text).toBe('0/3/F');
    expect((await postTurn(url, `2,*,${waits},*,*`, far(2))).text).toBe('0/4/I');
  });

  it('TRN-14 answers an address that asks too much with how long to wait, and then not at all for a while', async () => {
    await using node = await startTestNode({ env: { ROOST_TURN_PER_SECOND: '1', ROOST_TRUST_PROXY: '127.0.0.1' } });
    const url = `${node.url}/turn`;
    const answers: string[] = [];
    for (let asked = 0; asked < 150; asked++) answers.push((await postTurn(url, '2,*,x,*,*', far(7))).text);
    expect(answers[0]).toBe('5/*/*');
    expect(answers).toContain('8/1/*');
    expect(answers.at(-1)).toMatch(/^8\/(29|30)\/\*$/);
    expect((await postTurn(url, '2,*,x,*,*', far(8))).text).toBe('5/*/*');
    // However little is allowed, one may register.
    expect((await postTurn(url, '0,Ann,*,*,*', far(9))).text).toMatch(/^0\/0\//);
  });
});
