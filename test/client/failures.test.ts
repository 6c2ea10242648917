/** The client library and everything that can go wrong with a node, each as its own kind of error. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnswerError,
  CallError,
  type Client,
  type ConnectOptions,
  connect,
  EndedError,
  LostError,
  NotConnectedError,
  ProtocolError,
  RefusedError,
  TimeoutError,
  UnreachableError,
} from '../../core/client/client.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

/** `slow.never` has an answer for nobody. */
const never = `import { defineMethod } from 'roost/plugin';
/** Never answers. */
export default defineMethod({ allow: 'anyone', handle: () => new Promise(() => {}) });
`;

let folder: string;
let node: TestNode;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-failures-'));
  await mkdir(join(folder, 'slow'));
  await writeFile(join(folder, 'slow/never.ts'), never);
  const env = { ROOST_SESSIONS_MOST: '3', ROOST_SESSIONS_PRIORITY: '0', ROOST_HANDLER_MS: '60000' };
  node = await startTestNode({ plugins: [folder], env });
}, 60_000);

afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function open(options: ConnectOptions): Client & Disposable {
  const client = connect(options);
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

/** What it failed with. */
async function failed(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
}

/** A server that listens, on a port of its own. */
async function serve<S extends Server>(server: S): Promise<{ url: string; server: S } & AsyncDisposable> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server, [Symbol.asyncDispose]: async () => void server.close() };
}

describe('what a call failed with', () => {
  it('CLI-03 an answer with an error is an AnswerError with its code and details', async () => {
    using client = open({ url: node.url });
    await client.ready();
    const error = await failed(client.call('chat.say', { text: 5 }));
    expect(error).toBeInstanceOf(AnswerError);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ name: 'AnswerError', code: expect.stringMatching(/^call\./) });
  });

  it('CLI-03 no answer in time is a TimeoutError, and the connection goes on', async () => {
    using client = open({ url: node.url, answerMs: 500 });
    const error = await failed(client.call('slow.never'));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: 'call.timeout', message: expect.stringContaining('slow.never') });
    await client.ready();
  });

  it('CLI-03 a closed client is a NotConnectedError, for what waits and for what comes', async () => {
    const client = connect({ url: 'http://127.0.0.1:1' });
    const waiting = failed(client.call('host.info'));
    client.close();
    expect(await waiting).toBeInstanceOf(NotConnectedError);
    expect(await failed(client.ready())).toBeInstanceOf(NotConnectedError);
  });

  it('CLI-03 a node that ends the connection is an EndedError with its reason', async () => {
    using client = open({ url: node.url });
    const { resume } = await client.enter('devtest/den', 'Ended');
    const waiting = failed(client.call('slow.never'));
    using other = open({ url: node.url, resume: resume ?? '' });
    await other.ready();
    const error = await waiting;
    expect(error).toBeInstanceOf(EndedError);
    expect(error).toMatchObject({ code: 'session.replaced' });
  });

  it('CLI-03 a full node is a RefusedError with its reason, after it was tried for a while', async () => {
    using first = open({ url: node.url });
    using second = open({ url: node.url });
    using third = open({ url: node.url });
    await Promise.all([first.ready(), second.ready(), third.ready()]);
    using one = open({ url: node.url, giveUpMs: 800 });
    const error = await failed(one.ready());
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ code: 'session.full' });
  });

  it('CLI-03 a node that says so after it has let one in is a RefusedError too, unless there is a place before the time is over', async () => {
    await using full = await startTestNode({ env: { ROOST_SESSIONS_MOST: '1', ROOST_SESSIONS_PRIORITY: '10' } });
    using first = open({ url: full.url });
    await first.ready();
    using hasty = open({ url: full.url, giveUpMs: 800 });
    expect(await failed(hasty.ready())).toMatchObject({ name: 'RefusedError', code: 'session.full' });
    hasty.close();
    using patient = open({ url: full.url, giveUpMs: 20_000 });
    const sentAway = new Promise((away) => patient.on('disconnect', away));
    const ready = patient.ready();
    expect(await sentAway).toEqual({ reason: 'session.full', again: true });
    first.close();
    await ready;
  }, 60_000);

  it('CLI-03 a node that dies with a call is a LostError: nobody knows whether it was done', async () => {
    await using mortal = await startTestNode({ plugins: [folder], env: { ROOST_HANDLER_MS: '60000' } });
    using client = open({ url: mortal.url });
    await client.ready();
    const waiting = failed(client.call('slow.never'));
    await client.ping();
    await mortal.kill('SIGKILL');
    const error = await waiting;
    expect(error).toBeInstanceOf(LostError);
    expect(error).toMatchObject({ code: 'client.lost' });
  }, 60_000);
});

describe('what connecting failed with', () => {
  it('CLI-03 something that is no node is a ProtocolError', async () => {
    await using web = await serve(createHttp((_request, answer) => answer.writeHead(404).end('no such page')));
    using client = open({ url: web.url, giveUpMs: 800 });
    const error = await failed(client.ready());
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'client.not-roost' });
  });

  it('CLI-03 a node of another protocol is a ProtocolError', async () => {
    // As a node of another major version does it.
    await using web = await serve(createHttp());
    const sockets = new SocketServer(web.server);
    sockets.on('connection', (socket) => {
      socket.emit('notice', {
        code: 'session.protocol',
        message: 'The client speaks another version of the protocol.',
      });
      socket.disconnect(true);
    });
    using client = open({ url: web.url });
    const error = await failed(client.ready());
    await sockets.close();
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'session.protocol' });
  });

  it('CLI-03 nobody there is an UnreachableError, after attempts with growing waits that end after ten seconds', async () => {
    const seen: number[] = [];
    await using silent = await serve(
      createServer((socket: Socket) => {
        seen.push(performance.now());
        socket.on('error', () => {}).destroy();
      }),
    );
    using client = open({ url: silent.url, transports: ['websocket'] });
    const last = new Promise<string>((over) => {
      client.on('unreachable', ({ reason, again }) => !again && over(reason));
    });
    const error = await failed(client.ready());
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ code: 'client.unreachable', message: expect.stringContaining(silent.url) });
    expect(await last).toBe('client.unreachable');
    const waits = seen.slice(1).map((at, index) => at - (seen[index] ?? 0));
    expect(waits.length).toBeGreaterThanOrEqual(3);
    expect(waits[2]).toBeGreaterThan(waits[0] ?? 0);
    // Whoever asks again starts it anew.
    const attempts = seen.length;
    const again = once(silent.server, 'connection');
    client.connectAgain();
    await again;
    expect(seen.length).toBeGreaterThan(attempts);
  }, 30_000);
});
