/** The text port against who means harm: what one connection may cost, who it may become, and what a ban does to it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { data } from '../../../core/cli/data.ts';
import { Allowances } from '../../../core/gateway/allowances.ts';
import { TextConnection } from '../../../core/gateway/text/connection.ts';
import type { TextOptions } from '../../../core/gateway/text/options.ts';
import { TextStream } from '../../../core/gateway/text/stream.ts';
import { tellEvent } from '../../../core/shell/news.ts';
import { renderAnswer } from '../../../core/shell/render.ts';
import { splitWords } from '../../../core/shell/words.ts';
import { defaults } from '../../gateway/house.ts';
import { call, openPort } from '../../gateway/text-house.ts';
import { startShell } from '../../shell/house.ts';
import { TextClient } from '../../support/text-client.ts';

/** One socket of ours with whoever connects to it. */
async function pair(): Promise<{ readonly socket: Socket; readonly client: TextClient; close(): void }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new TextClient((server.address() as AddressInfo).port);
  const [socket] = (await once(server, 'connection')) as [Socket];
  return { socket, client, close: () => server.close() };
}

/** A clock that stands still until it is set. */
const byHand = () => {
  const clock = { ms: 0, now: () => 0, monotonicMs: () => clock.ms };
  return clock;
};

const allowancesOf = () => new Allowances({ ...defaults, inputsPerSecond: 30 });

describe('what one connection may cost', () => {
  it('M-12 a line of brackets that are never closed is taken apart as fast as any other', () => {
    // In a minute, and not in a quarter of an hour.
    for (const piece of ['{ ', 'a={ ', '[{" ']) expect(splitWords(piece.repeat(100_000)).length).toBeGreaterThan(1);
    expect(splitWords(`${'{ '.repeat(8)}{"a": 1}`).at(-1)?.text).toBe('1}');
    expect(splitWords(`${'{ '.repeat(7)}{"a": 1}`).at(-1)?.text).toBe('{"a": 1}');
  });

  it('H-19 who asks for much is read on when he could have been told it: a line of twelve bytes is no lever', async () => {
    const { socket, client, close } = await pair();
    const clock = byHand();
    let read = 0;
    const stream: TextStream = new TextStream({
      ...{ socket, clock, allowance: allowancesOf().take('127.0.0.1', 0), slowBytes: 1e9 },
      ...{ read: () => {}, wrote: () => {}, isReady: () => true, isAnswer: () => true },
      onRead() {
        read += 1;
        stream.write(`${'x'.repeat(99_999)}\n`);
      },
      ...{ onTelnet: () => {}, onEnd: () => {}, onSlow: () => {} },
    });
    client.send('history 200\n'.repeat(20));
    await client.until('x\n');
    expect(read).toBe(6);
    for (let index = 1; index < 20; index++) {
      clock.ms += 10_000;
      await client.until('x\n');
    }
    stream.cut();
    close();
  });

  it('who sends more bytes than he may has them counted, however many came at once', async () => {
    const { socket, client, close } = await pair();
    const allowance = allowancesOf().take('127.0.0.1', 0);
    const clock = byHand();
    const taken = Promise.withResolvers<void>();
    let bytes = 0;
    const stream = new TextStream({
      ...{ socket, clock, allowance, slowBytes: 1e9, wrote: () => {}, isReady: () => true, isAnswer: () => false },
      read(more: number) {
        bytes += more;
        if (allowance.bytes.isInDebt(0) || bytes > 2 * defaults.bytesPerSecond) taken.resolve();
      },
      ...{ onRead: () => {}, onTelnet: () => {}, onEnd: () => {}, onSlow: () => {} },
    });
    client.send(`${'x'.repeat(999)}\n`.repeat(1_000));
    await taken.promise;
    await new Promise((done) => setImmediate(done));
    expect(allowance.bytes.isInDebt(0)).toBe(true);
    stream.cut();
    close();
  });

  it('a token is looked up as often as a method may be called', async () => {
    await using port = await openPort({ callsPerSecond: 1, callBurst: 2 });
    const client = await port.program();
    for (let index = 0; index < 2; index++) {
      client.type('MODE CLIENT guessed');
      await client.until('Mode: CLIENT"}\r\n');
    }
    client.type('MODE CLIENT guessed');
    expect(await client.answer()).toMatchObject({ state: 'ERROR', code: 'call.too-fast' });
  });

  it('a flood of connections that are refused is not told why one by one', async () => {
    await using port = await openPort({ textMost: 1 });
    await port.program();
    const sockets: Socket[] = [];
    const told = await Promise.all(
      Array.from({ length: 60 }, async () => {
        // It does not hang up by itself.
        const socket = connect({ port: port.textPort, host: '127.0.0.1', allowHalfOpen: true });
        let heard = '';
        socket.on('data', (piece: Buffer) => {
          heard += piece.toString();
        });
        await new Promise((done) => socket.on('error', done).once('end', done));
        sockets.push(socket);
        return heard.includes('Server full.');
      }),
    );
    for (const socket of sockets) socket.destroy();
    expect(told.filter((one) => one).length).toBe(32);
  });

  it('who says nothing but that he is there has not said what he is', async () => {
    const { socket, client, close } = await pair();
    const clock = byHand();
    const arrived = Promise.withResolvers<void>();
    const options = {
      clock,
      limits: { ...defaults, textIdleMs: 10_000 },
      read: () => arrived.resolve(),
      wrote: () => {},
    };
    const peer = { address: '127.0.0.1', local: true, loopback: true };
    const connection = new TextConnection(
      socket,
      peer,
      allowancesOf().take('127.0.0.1', 0),
      // Nothing else is asked for before there is a session.
      options as unknown as TextOptions,
    );
    clock.ms = 29_000;
    client.send('\r\n');
    await arrived.promise;
    await new Promise((done) => setImmediate(done));
    connection.sweep(29_999);
    connection.sweep(30_001);
    expect(await client.closed()).toBe('');
    close();
  });
});

describe('who it may become', () => {
  it('H-18 the token of a guest who has gone leaves no ghost behind where one plays already', async () => {
    await using port = await openPort();
    const gone = await port.program();
    const { result } = await call(gone, 'zone.enter', { zone: 'devtest/meadow', name: 'Robin' });
    await call(gone, 'zone.leave');
    const ghost = await port.program();
    await call(ghost, 'zone.enter', { zone: 'devtest/meadow', name: 'Ghost' });
    ghost.type(`MODE CLIENT ${(result as { readonly resume: string }).resume}`);
    await ghost.heardAll(/session\.unknown-resume/);
    const ended = port.house.untilLogged('session closed');
    ghost.cut();
    await ended;
    const hare = port.house.connect();
    await hare.enter('devtest/meadow', 'Hare');
    expect(await hare.call('zone.who')).toMatchObject({
      result: [
        { name: 'Ghost', connected: false },
        { name: 'Hare', connected: true },
      ],
    });
  });

  it('whoever is logged in takes up no guest beside', async () => {
    await using port = await openPort();
    const guest = await port.program();
    const { result } = await call(guest, 'zone.enter', { zone: 'devtest/meadow', name: 'Robin' });
    const fox = await port.program(`fox-phone-${'0'.repeat(40)}`);
    fox.type(`MODE CLIENT ${(result as { readonly resume: string }).resume}`);
    await fox.heardAll(/session\.unknown-resume/);
    await fox.until('Mode: CLIENT"}\r\n');
    expect(await call(guest, 'zone.who')).toMatchObject({ result: [{ name: 'Robin', connected: true }] });
    expect(await call(fox, 'auth.me')).toMatchObject({ result: { id: 'fox' } });
    expect(fox.heard).not.toContain('"event":"resumed"');
  });
});

describe('a ban', () => {
  it('ends connections that have not said yet what they are', async () => {
    await using port = await openPort();
    const text = port.connect('127.0.0.4');
    await text.json();
    port.house.gateway.bar(new Map([['127.0.0.4', null]]));
    expect(await text.closed()).toBe('');
  });

  it('ends those of socket.io that have shaken hands and not come in', async () => {
    await using port = await openPort();
    const at = `${port.house.url}/socket.io/?EIO=4&transport=polling`;
    const { sid } = JSON.parse((await (await fetch(at)).text()).slice(1)) as { readonly sid: string };
    port.house.gateway.bar(new Map([['127.0.0.1', null]]));
    await fetch(`${at}&sid=${sid}`, { method: 'POST', body: '40', headers: { 'content-type': 'text/plain' } });
    expect([...port.house.gateway.sessions()]).toEqual([]);
  });
});

describe('what comes from others', () => {
  it('a time that can be none is shown as a number', () => {
    expect(renderAnswer({ until: 1e300, at: 1e13, seen: 1_795_275_667 }, 80)).toEqual([
      'until: 1e+300',
      'at: 10000000000000',
      'seen: 2026-11-21 15:41:07',
    ]);
    expect(tellEvent('chat', { from: 'Fox', text: 'hi', at: 1e300 }, 0)[0]).toContain('<Fox> hi');
  });

  it('no name completes to what a terminal obeys', async () => {
    const { shell } = startShell({
      'host.info': () => ({
        ...{ name: 'roost', version: '1', game: 'farm', games: [] },
        methods: ['evil.\u001b]0;owned\u0007', 'evil.plain'].map((name) => ({
          ...{ name, doc: '', plugin: 'evil', allow: 'anyone', rate: { perSecond: 1, burst: 1 }, params: null },
        })),
      }),
    });
    await shell.learn();
    expect(shell.complete('evil').options).toEqual(['evil.plain']);
  });

  it('roost data shows what players wrote without what a terminal obeys', async () => {
    const row = { id: 'a', name: '\u009b2J\u001b]0;x\u0007', state: '{"text":"\u009b31m\u202e"}', token_hash: 'x' };
    const fields = ['id', 'name', 'state', 'token_hash'].map((name) => ({
      ...{ name, takes: 'text' as const, required: false, nullable: true, isKey: name === 'id' },
    }));
    const type = { name: 'objects', fields };
    const said: string[] = [];
    const none = () => Promise.reject(new Error('not asked for'));
    const desk = {
      ...{ init: none, types: none, create: none, createObject: none },
      find: async (_type: string, where: (of: typeof type) => unknown) => (where(type) ? [row] : []),
    };
    await data(['show', 'objects', 'a'], desk, (line) => said.push(line));
    await data(['find', 'objects'], desk, (line) => said.push(line));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    expect(said.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(said.join('\n')).toContain('(not shown)');
  });
});
