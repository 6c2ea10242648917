/** The relay by its methods: socket.io with events, JSON-RPC, and both together with the plain format in one match. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { postTurn } from '../../support/older-client.ts';
import { asServer, post, refusalOf } from '../auth/people.ts';

type Sent = {
  readonly counter: number;
  readonly repeated: boolean;
  readonly texts: readonly { readonly text: string }[];
};
type Seat = { readonly key: string; readonly seat: number; readonly match: string; readonly names: readonly string[] };

/** A plugin that opens matches, as one does that has brought players together. */
const opener = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ names: z.array(z.string()), seconds: z.number().optional() }),
  handle: ({ params: { names, ...rest }, caller, host }) =>
    host.call('turn.open', { seats: names.map((name) => ({ name, session: caller.id })), ...rest }, { as: 'server' }),
});
`;

describe('the methods of the relay', () => {
  let node: TestNode;
  let plugins: string;

  beforeAll(async () => {
    plugins = await mkdtemp(join(tmpdir(), 'roost-turn-'));
    await writeFile(join(plugins, 'opener.ts'), opener);
    await mkdir(join(plugins, 'as'));
    await writeFile(join(plugins, 'as/server.ts'), asServer);
    node = await startTestNode({
      plugins: [plugins],
      env: { ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000' },
    });
  }, 30_000);
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await rm(plugins, { recursive: true, force: true });
  });

  const textsOf = ({ texts }: Sent) => texts.map(({ text }) => text);
  /** Two sockets in a match, and what each was given. */
  async function play(one: TestClient, two: TestClient): Promise<readonly [Seat, Seat]> {
    const { key: a } = await one.call<Seat>('turn.register', { name: 'Ann', partner: 'Bob' });
    const { key: b } = await two.call<Seat>('turn.register', { name: 'Bob', partner: 'Ann' });
    await one.call('turn.pair', { key: a });
    for (const method of ['turn.load', 'turn.ready']) await one.call(method, { key: a });
    await two.call('turn.load', { key: b });
    const second = await two.call<Seat>('turn.ready', { key: b });
    return [await one.call<Seat>('turn.ready', { key: a }), second];
  }

  it('TRN-01 TRN-04 pairs two sockets, and each hears what the other does', async () => {
    const [ann, bob] = [await node.connect(), await node.connect()];
    const { key, seconds } = await ann.call<{ key: string; seconds: number }>('turn.register', { name: 'Ann' });
    expect(seconds).toBe(25);
    expect(await ann.call('turn.pair', { key })).toEqual({ state: 'waiting' });
    const { key: other } = await bob.call<Seat>('turn.register', { name: 'Bob' });
    const paired = ann.next('turn');
    expect(await bob.call('turn.pair', { key: other })).toEqual({ state: 'paired', partner: 'Ann', role: 'server' });
    expect(await paired).toEqual({ what: 'paired', partner: 'Bob', role: 'client' });
    expect(await ann.call('turn.load', { key })).toEqual({ state: 'loading', role: 'client' });
    expect(await ann.call('turn.ready', { key })).toEqual({ state: 'ready' });
    await bob.call('turn.load', { key: other });
    const started = ann.next<Seat>('turn', (note) => 'names' in note);
    const seat = await bob.call<Seat>('turn.ready', { key: other });
    expect(seat).toMatchObject({ state: 'playing', seat: 0, names: ['Bob', 'Ann'] });
    const { key: own, ...told } = await started;
    expect(told).toEqual({ what: 'started', match: seat.match, seat: 1, names: ['Bob', 'Ann'] });
    expect(await ann.call('turn.ready', { key })).toMatchObject({ key: own, seat: 1 });
  });

  it('TRN-07 TRN-08 sends texts whole, numbers them, and gives them again until the counter goes on', async () => {
    const [ann, bob] = [await node.connect(), await node.connect()];
    const [a, b] = await play(ann, bob);
    const texts = ['one, two|three', '\u0000 line\n', '', '{"json":true}'];
    for (const [counter, text] of texts.entries()) {
      const heard = bob.next('turn', (note: { what: string }) => note.what === 'text');
      await ann.call('turn.send', { key: a.key, counter, text });
      expect(await heard).toEqual({ what: 'text', match: a.match, n: counter + 1, from: a.seat, text });
    }
    const all = await bob.call<Sent>('turn.send', { key: b.key, counter: 0 });
    expect(all.texts).toEqual(texts.map((text, at) => ({ n: at + 1, from: a.seat, text })));
    await ann.call('turn.send', { key: a.key, counter: texts.length, text: 'new' });
    const again = await bob.call<Sent>('turn.send', { key: b.key, counter: 0 });
    expect([again.repeated, textsOf(again)]).toEqual([true, [...texts, 'new']]);
    expect(textsOf(await bob.call<Sent>('turn.send', { key: b.key, counter: 1, read: 4 }))).toEqual(['new']);
    expect(textsOf(await bob.call<Sent>('turn.send', { key: b.key, counter: 2 }))).toEqual([]);
    expect(await refusalOf(bob.call('turn.send', { key: b.key, counter: 1 }))).toEqual({
      code: 'turn.behind',
      details: { counter: 2 },
    });
    expect((await refusalOf(bob.call('turn.send', { key: b.key, counter: 4 }))).code).toBe('turn.ahead');
  });

  it('TRN-07 refuses half a character, which no answer in UTF-8 could give unchanged', async () => {
    const [ann, bob] = [await node.connect(), await node.connect()];
    const [a] = await play(ann, bob);
    for (const method of ['turn.send', 'turn.quit'])
      expect(
        await refusalOf(
          ann.call(method, { key: a.key, ...(method === 'turn.send' && { counter: 0 }), text: 'x\ud83d' }),
        ),
      ).toEqual({
        code: 'call.bad-params',
        details: [{ key: 'text', problem: 'has half a character' }],
      });
    expect(textsOf(await ann.call<Sent>('turn.send', { key: a.key, counter: 0, text: '\ud83d\udc14' }))).toEqual([]);
  });

  it('TRN-17 an operator sees as many as fit where there are more, and plugins learn which there are no more', async () => {
    const operator = await node.connect();
    const names = Array.from({ length: 64 }, (_, seat) => `Player ${seat}`);
    const opened: string[] = [];
    for (let n = 0; n < 60; n++) opened.push((await operator.call<Seat>('opener', { names })).match);
    const { matches, more } = await operator.call<{ matches: { match: string }[]; more: boolean }>('turn.list');
    expect([more, matches.some(({ match }) => opened.includes(match))]).toEqual([true, true]);
    const asServer = (method: string, params: object) => operator.call('as.server', { method, params });
    for (const match of opened) await asServer('turn.close', { match });
    expect(await asServer('turn.ended', { matches: opened.slice(0, 2) })).toEqual({ ended: opened.slice(0, 2) });
    expect(await operator.call('turn.list')).toMatchObject({ more: false });
  });

  it('whoever is muted plays on without a word: neither a text nor a last one goes out', async () => {
    const [ann, bob] = [await node.join('Muted', 'devtest/hall'), await node.connect()];
    const [a, b] = await play(ann, bob);
    await ann.call('turn.send', { key: a.key, counter: 0, text: 'fine' });
    await bob.call('as.server', { method: 'admin.mute', params: { name: 'Muted' } });
    expect(await refusalOf(ann.call('turn.send', { key: a.key, counter: 1, text: 'rude' }))).toEqual({
      code: 'chat.muted',
      details: { until: null },
    });
    expect((await refusalOf(ann.call('turn.quit', { key: a.key, text: 'rude' }))).code).toBe('chat.muted');
    expect(textsOf(await bob.call<Sent>('turn.send', { key: b.key, counter: 0, text: 'shh' }))).toEqual(['fine']);
    expect(textsOf(await ann.call<Sent>('turn.send', { key: a.key, counter: 1 }))).toEqual(['shh']);
    await bob.call('as.server', { method: 'admin.unmute', params: { name: 'Muted' } });
    await ann.call('turn.send', { key: a.key, counter: 2, text: 'sorry' });
    expect(textsOf(await bob.call<Sent>('turn.send', { key: b.key, counter: 1 }))).toEqual(['sorry']);
  });

  it('TRN-13 TRN-14 goes on over another connection by the key alone, and tells of a quit', async () => {
    const [ann, bob] = [await node.connect(), await node.connect()];
    const [a, b] = await play(ann, bob);
    ann.close();
    const again = await node.connect();
    await again.call('turn.send', { key: a.key, counter: 0, text: 'back' });
    const heard = again.next('turn');
    await bob.call('turn.send', { key: b.key, counter: 0, text: 'good' });
    expect(await heard).toMatchObject({ what: 'text', text: 'good' });
    const quit = bob.next('turn', (note: { what: string }) => note.what === 'quit');
    await again.call('turn.quit', { key: a.key, text: 'bye' });
    expect(await quit).toEqual({ what: 'quit', match: a.match, seat: a.seat });
    expect(textsOf(await bob.call<Sent>('turn.send', { key: b.key, counter: 1 }))).toEqual(['bye']);
    expect((await refusalOf(bob.call('turn.send', { key: b.key, counter: 2 }))).code).toBe('turn.alone');
    expect((await refusalOf(bob.call('turn.send', { key: `${b.key}x`, counter: 2 }))).code).toBe('turn.no-match');
    expect((await refusalOf(bob.call('turn.open', { seats: [{ name: 'A' }, { name: 'B' }] }))).code).toBe(
      'call.forbidden',
    );
  });

  it('TRN-03 TRN-06 tells a socket at once that its partner is gone', async () => {
    const [ann, bob] = [await node.connect(), await node.connect()];
    const { key } = await ann.call<Seat>('turn.register', { name: 'Ann' });
    const { key: other } = await bob.call<Seat>('turn.register', { name: 'Bob' });
    await ann.call('turn.pair', { key });
    const gone = ann.next('turn');
    await bob.call('turn.unregister', { key: other });
    expect(await gone).toEqual({ what: 'partner-gone', waiting: true });
    expect((await refusalOf(ann.call('turn.load', { key }))).code).toBe('turn.partner-gone');
    const { key: again } = await bob.call<Seat>('turn.register', { name: 'Bob' });
    expect(await bob.call('turn.pair', { key: again })).toEqual({ state: 'waiting' });
    for (const [client, own] of [
      [ann, key],
      [bob, again],
    ] as const)
      await client.call('turn.unregister', { key: own });
  });

  it('is one match through three doors', async () => {
    const url = `${node.url}/turn`;
    const socket = await node.connect();
    const rpc = async <T>(method: string, params: object) => (await post<T>(node, method, params)).result;
    const { key: a } = await socket.call<Seat>('turn.register', { name: 'Ann', partner: 'Bob' });
    const { data: b } = await postTurn(url, '0,Bob,*,Ann,*');
    expect((await postTurn(url, `2,*,${b},*,*`)).text).toBe('0/3/Ann');
    for (const method of ['turn.pair', 'turn.load', 'turn.ready']) await rpc(method, { key: a });
    await postTurn(url, `3,*,${b},*,*`);
    const [key = '', player = ''] = (await postTurn(url, `4,*,${b},*,*`)).data.split('|');
    const seat = await rpc<Seat>('turn.ready', { key: a });
    await socket.call('turn.send', { key: seat.key, counter: 0, text: 'from a socket' });
    expect((await postTurn(url, `6,from a line,${key},${player},0`)).text).toBe('0/9/from a socket');
    expect(textsOf(await rpc<Sent>('turn.send', { key: seat.key, counter: 1, text: 'from rpc' }))).toEqual([
      'from a line',
    ]);
    expect((await postTurn(url, `6,x,${key},${player},1`)).text).toBe('0/9/from rpc');
  });

  it('TRN-20 opens a match of three for players who are known, and goes on while two are left', async () => {
    const client = await node.connect();
    const opened = await client.call<{ match: string; seats: readonly Seat[] }>('opener', { names: ['A', 'B', 'C'] });
    const [a, b, c] = opened.seats as [Seat, Seat, Seat];
    const heard = client.next('turn', (note: { what: string; text?: string }) => note.text === 'hello');
    await client.call('turn.send', { key: a.key, counter: 0, text: 'hello' });
    expect(await heard).toMatchObject({ match: opened.match, from: 0 });
    await client.call('turn.send', { key: b.key, counter: 0, text: 'hi' });
    expect((await client.call<Sent>('turn.send', { key: c.key, counter: 0 })).texts).toEqual([
      { n: 1, from: 0, text: 'hello' },
      { n: 2, from: 1, text: 'hi' },
    ]);
    expect((await postTurn(`${node.url}/turn`, `6,plain,${c.key},2,1`)).text).toBe('0/10/*');
    expect((await postTurn(`${node.url}/turn`, `6,x,${a.key},0,1`)).text).toBe('0/9/1:hi|2:plain');
    await client.call('turn.quit', { key: a.key });
    expect(await client.call('turn.keep', { key: b.key })).toEqual({});
    expect(textsOf(await client.call<Sent>('turn.send', { key: b.key, counter: 1 }))).toEqual(['plain', 'x']);
  });
});
