/** Limits of the text port, and that whoever comes through it is a session like any other: a gateway with zones by hand. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Allowances } from '../../core/gateway/allowances.ts';
import { TextConnection } from '../../core/gateway/text/connection.ts';
import type { TextOptions } from '../../core/gateway/text/options.ts';
import { TextClient } from '../support/text-client.ts';
import { defaults } from './house.ts';
import { call, openPort } from './text-house.ts';

/** Tokens of guests are shorter than those of logins. */
const login = (name: string) => `${name}-phone-${'0'.repeat(40)}`;

describe('limits', () => {
  it('LIM-01 so many connections of an address, and in all; the next is told why and closed, the others go on', async () => {
    await using port = await openPort({ textMost: 5, textPerAddress: 3 });
    const first = await port.program();
    await port.program();
    await port.program();
    const over = port.connect();
    expect(await over.json()).toEqual({ state: 'ERROR', msg: 'Too many connections.' });
    await over.closed();
    for (let index = 0; index < 2; index++)
      expect(await port.connect('127.0.0.2').json()).toMatchObject({ state: 'OK' });
    const full = port.connect('127.0.0.3');
    expect(await full.json()).toEqual({ state: 'ERROR', msg: 'Server full.' });
    await full.closed();
    expect(await call(first, 'test.echo', { a: 1 })).toEqual({ state: 'OK', msg: 'OK', result: { a: 1 } });
    first.cut();
    await port.house.untilLogged('session closed');
    expect(await port.connect().json()).toMatchObject({ state: 'OK' });
  });
  it('LIM-02 a program that is silent for too long is closed, a person is not', async () => {
    await using port = await openPort({ textIdleMs: 300, textPeopleIdleMs: 600_000 });
    const person = port.connect();
    person.type('human');
    await person.until('> ');
    const typist = port.connect();
    typist.type('mode kv');
    await typist.until('status=0');
    const program = await port.program();
    const unsaid = port.connect();
    expect(await program.closed()).toContain('session.silent');
    await unsaid.closed();
    person.type('echo still here');
    expect(await person.until('> ')).toContain('still here');
    typist.type('msg=test.echo&a=1');
    expect(await typist.until(/msg=test\.echo[^\n]*\n/)).toContain('status=0');
  });
  it('who does not read is cut off', async () => {
    const roomy = { bytesPerSecond: 1e9, packetsPerSecond: 1e6, callsPerSecond: 1e6, callBurst: 1e6 };
    await using port = await openPort({ slowBytes: 100_000, ...roomy });
    const slow = await port.program();
    slow.pause();
    const line = `${JSON.stringify({ cmd: 'test.echo', args: { a: 'x'.repeat(4_000) } })}\n`;
    const gone = port.house.untilLogged('session closed');
    for (let index = 0; index < 5_000; index++) slow.send(line);
    expect(await gone).toMatchObject({ reason: 'session.slow' });
  });
  it('who sends more than he may is held back, and loses nothing', async () => {
    await using port = await openPort({ packetsPerSecond: 50 });
    const client = await port.program();
    const other = await port.program();
    client.send('{"cmd":"hw"}\n'.repeat(120));
    expect(await call(other, 'test.echo', {})).toMatchObject({ state: 'OK' });
    for (let index = 0; index < 120; index++) expect(await client.json()).toMatchObject({ msg: 'Hello, world!' });
  });
  it('what a handler cannot answer breaks nothing but its answer', async () => {
    await using port = await openPort();
    const client = port.connect();
    client.type('MODE RPC');
    await client.until('Mode: RPC"}\r\n');
    client.type('{"jsonrpc":"2.0","id":1,"method":"test.deep"}');
    expect(await client.json()).toMatchObject({ id: 1, error: { data: { code: 'call.failed' } } });
    client.type('{"jsonrpc":"2.0","id":2,"method":"test.echo","params":{"a":1}}');
    expect(await client.json()).toMatchObject({ id: 2, result: { a: 1 } });
  });
  it('M-12 a line that was begun has to end within ten seconds where no person types it', async () => {
    const clock = { now: () => 0, monotonicMs: () => 0 };
    const arrived = Promise.withResolvers<TextConnection>();
    const accept = (socket: Socket) => {
      const allowances = new Allowances({ ...defaults, inputsPerSecond: 30 });
      const peer = { address: '127.0.0.1', local: true, loopback: true };
      const limits = { ...defaults, textIdleMs: 1_000_000 };
      const options = { clock, limits, read: () => arrived.resolve(connection), wrote: () => {} };
      const connection: TextConnection = new TextConnection(
        socket,
        peer,
        allowances.take('127.0.0.1', 0),
        // Nothing else is asked for before there is a session.
        options as unknown as TextOptions,
      );
    };
    const server = createServer(accept).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using client = new TextClient((server.address() as AddressInfo).port);
    client.send('MODE CLI');
    const connection = await arrived.promise;
    connection.sweep(9_999);
    client.send('ENT');
    connection.sweep(10_001);
    expect(await client.closed()).toBe('');
    server.close();
  });
  it('a last line without an end is told so, and what came before is answered', async () => {
    await using port = await openPort();
    const client = port.connect();
    client.send('MODE CLIENT\n{"cmd":"test.echo","args":{}}\n{"cmd":"test.ec');
    client.end();
    const told = await client.closed();
    expect(told).toMatch(/"result":\{\}.*\r\n.*The last line has no end[^\n]*call\.malformed[^\n]*\r\n$/);
  });
  it('an address that is barred gets no word', async () => {
    await using port = await openPort();
    port.house.gateway.bar(new Map([['127.0.0.4', null]]));
    expect(await port.connect('127.0.0.4').closed()).toBe('');
  });
  it('a node that stops says so', async () => {
    await using port = await openPort();
    const client = await port.program();
    await port.house.gateway.stop('test over');
    expect(await client.closed()).toContain('session.closing');
  });
});

describe('a session like any other', () => {
  it('has the account of its token, and gives way to the next connection of it', async () => {
    await using port = await openPort();
    const text = await port.program(login('fox'));
    expect(await call(text, 'auth.me')).toMatchObject({ result: { id: 'fox' } });
    expect([...port.house.gateway.sessions()].map(({ via }) => via)).toEqual(['text']);
    await call(text, 'character.choose', { name: 'Fox' });
    expect(await call(text, 'zone.enter', { zone: 'devtest/meadow' })).toMatchObject({ state: 'OK' });
    const page = port.house.connect({ token: 'fox-page' });
    expect(await page.next('resumed')).toMatchObject({ zone: 'devtest/meadow', name: 'Fox' });
    expect(await text.closed()).toContain('session.replaced');
  });
  it('takes its character back from a connection that was lost, with what was sent meanwhile', async () => {
    await using port = await openPort();
    const first = await port.program();
    const entered = await call(first, 'zone.enter', { zone: 'devtest/meadow', name: 'Robin' });
    const { resume, character } = entered.result as { readonly resume: string; readonly character: string };
    const [session] = port.house.gateway.sessions();
    first.cut();
    await port.house.untilLogged('session closed');
    expect(port.house.gateway.deliver({ owner: session?.owner ?? '' }, 'chat', { from: 'Fox', text: 'psst' })).toBe(
      true,
    );
    const second = await port.program(resume);
    await second.heardAll(/"event":"resumed"[^\n]*/);
    await second.heardAll(/"event":"chat"[^\n]*psst/);
    const who = await call(second, 'zone.who');
    expect(who.result).toMatchObject([{ id: character, name: 'Robin', connected: true }]);
  });
  it('a token that nobody has ends the connection, as it does everywhere', async () => {
    await using port = await openPort();
    const client = port.connect();
    await client.json();
    client.type(`MODE HUMAN ${'x'.repeat(43)}`);
    expect(await client.closed()).not.toContain('Welcome');
  });
  it('hears what is said near its character, where it is said in metres', async () => {
    await using port = await openPort();
    const client = await port.program();
    await call(client, 'zone.enter', { zone: 'devtest/meadow', name: 'Robin' });
    const hare = port.house.connect();
    await hare.enter('devtest/meadow', 'Hare');
    port.house.zones.get('devtest/meadow').step();
    await hare.call('chat.say', { text: 'hello' });
    port.house.zones.get('devtest/meadow').step();
    const event = JSON.parse(await client.heardAll(/\{"state":"EVENT"[^\n]*hello[^\n]*\}/)) as {
      readonly data: { readonly x: number };
    };
    expect(event).toMatchObject({ event: 'say', msg: expect.stringContaining('<Hare> hello'), data: { p: 1 } });
    expect(event.data.x).toBeLessThan(100);
  });
  it('hears at once what is said to it, also while a command of a person is at work', async () => {
    await using port = await openPort();
    const person = port.connect();
    person.type('human');
    await person.until('> ');
    person.type('zone.enter zone=devtest/meadow name=Ada');
    await person.until('> ');
    person.type('test.never');
    const hare = port.house.connect();
    await hare.enter('devtest/meadow', 'Hare');
    const ada = [...port.house.gateway.sessions()].find(({ via }) => via === 'text');
    port.house.gateway.deliver({ owner: ada?.owner ?? '' }, 'chat', { from: 'Hare', text: 'psst' });
    expect(await person.until('psst\r\n')).toMatch(/^\[[\d:]+\] <Hare> psst\r\n$/);
  });
  it('is gone at once when a person quits, and waits for one whose connection broke', async () => {
    await using port = await openPort();
    const quitter = port.connect();
    const lost = port.connect();
    for (const [client, name] of [
      [quitter, 'Quit'],
      [lost, 'Lost'],
    ] as const) {
      client.type('human');
      await client.until('> ');
      client.type(`zone.enter zone=devtest/meadow name=${name}`);
      await client.until('> ');
    }
    quitter.type('quit');
    await quitter.closed();
    lost.cut();
    await port.house.untilLogged('session closed');
    const hare = port.house.connect();
    await hare.enter('devtest/meadow', 'Hare');
    const { result } = (await hare.call('zone.who')) as unknown as {
      readonly result: readonly { readonly name: string }[];
    };
    expect(result.map(({ name }) => name)).toEqual(['Hare', 'Lost']);
  });
});
