/** Runs against small servers that do what no server should. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/load/definition.ts';
import { defineScenario } from '../../core/load/load.ts';
import { runLoad } from '../../core/load/run.ts';
import turn from '../../core/load/scenarios/turn.ts';
import { summarize } from '../../core/load/summary.ts';
import { createRelay } from '../support/turn-relay.ts';

async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
}

async function run(scenario: Scenario, url: string, more: { clients?: number; rate?: number; seconds?: number } = {}) {
  const { clients = 1, rate = 20, seconds = 1 } = more;
  const options = { ...scenario.options };
  const ran = { scenario, name: 'own', url, clients, rate, seconds, rampSeconds: 0, options, seed: 1 };
  return summarize(await runLoad(ran), { count: 0 });
}

const asks = defineScenario({
  doc: 'Asks.',
  player: (player) => ({ step: () => player.request({ path: '/' }) }),
});

describe('a run', () => {
  it('counts what a stall of the server held back from when it was due, not as if nobody had asked', async () => {
    let asked = 0;
    using server = await serve((_request, response) => {
      asked += 1;
      if (asked === 5) setTimeout(() => response.end(), 1_000);
      else response.end();
    });
    const { operations } = await run(asks, server.url, { seconds: 3 });
    const [{ curve, requests } = { curve: [], requests: 0 }] = operations;
    // One answer was late; the twenty that were due meanwhile waited for half a second in the mean.
    const quick = curve.filter(({ ms }) => ms < 100).at(-1)?.percent ?? 0;
    expect(((100 - quick) / 100) * requests).toBeGreaterThan(8);
  });

  it('keeps what was refused apart: a quick refusal is no quick answer', async () => {
    let asked = 0;
    using server = await serve((_request, response) => {
      asked += 1;
      response.statusCode = asked % 2 === 0 ? 429 : 200;
      if (asked % 2 === 0) response.end();
      else setTimeout(() => response.end(), 30);
    });
    const { requests, latency, failed, errors } = await run(asks, server.url);
    expect(requests).toBeGreaterThan(3);
    expect(latency.min).toBeGreaterThan(25);
    expect(failed?.count).toBe(errors);
  });

  it('does not wait for what never ends, where that is wished, and tells what it has', async () => {
    using server = await serve((_request, response) => void response.end());
    const [enough, atOnce] = [new AbortController(), new AbortController()];
    const stuck = defineScenario({
      doc: 'Never ends.',
      async player(player) {
        player.run.thread().sent('a text');
        await player.request({ path: '/' });
        setTimeout(() => enough.abort(), 10);
        return { step: () => new Promise(() => {}), end: () => new Promise(() => {}) };
      },
    });
    enough.signal.addEventListener('abort', () => setTimeout(() => atOnce.abort(), 10));
    const ran = { scenario: stuck, name: 'own', url: server.url, clients: 1, rate: 20, seconds: 60, rampSeconds: 0 };
    const outcome = await runLoad({ ...ran, options: {}, seed: 1, signal: enough.signal, atOnce: atOnce.signal });
    expect(summarize(outcome, { count: 0 })).toMatchObject({ isEarly: true, texts: { lost: 0, cutOff: 1 }, errors: 0 });
  });

  it('calls cut off, and not lost, what a relay that has died could not deliver', async () => {
    const relay = createRelay();
    let posts = 0;
    using server = await serve(async (request, response) => {
      if (request.method !== 'POST') return void response.end('0.001');
      posts += 1;
      if (posts > 30) return void request.socket.destroy();
      const answer = relay(await text(request));
      response.statusCode = answer.startsWith('0/') ? 200 : 400;
      response.end(answer);
    });
    const { texts, codes } = await run(turn, server.url, { clients: 2, rate: 50 });
    expect(texts).toMatchObject({ lost: 0, repeated: 0 });
    expect(texts.cutOff).toBeGreaterThan(0);
    expect(codes[0]?.code).toBe('net.ECONNRESET');
  });

  it('says so when it was busy all the time itself, and ends in time though no step ever waits', async () => {
    using server = await serve((_request, response) => void response.end());
    const spins = defineScenario({
      doc: 'Spins.',
      player: () => ({
        step() {
          for (const untilMs = performance.now() + 5; performance.now() < untilMs; );
        },
      }),
    });
    const { tool } = await run(spins, server.url, { rate: 1_000, seconds: 0.5 });
    expect(tool).toMatchObject({ isFull: true });
  });

  it('tells what was due and never asked', async () => {
    using server = await serve((_request, response) => {
      setTimeout(() => response.end(), 400);
    });
    const { stepsMissed, requests } = await run(asks, server.url, { seconds: 2 });
    expect(stepsMissed).toBeGreaterThan(10);
    expect(requests).toBeLessThan(10);
  });

  it('lets a client that was refused try again, and tells who never came in', async () => {
    let asked = 0;
    using server = await serve((request, response) => {
      if (request.url === '/in') asked += 1;
      response.statusCode = request.url === '/in' && asked !== 3 ? 503 : 200;
      response.end();
    });
    const enters = defineScenario({
      doc: 'Comes in.',
      async player(player) {
        await player.request({ path: '/in' });
        return { step: () => {} };
      },
    });
    const { came, codes, clientsWithErrors, faults } = await run(enters, server.url, { clients: 2, seconds: 2.5 });
    expect(came).toBe(1);
    expect(codes).toMatchObject([{ code: 'http.503', clients: 2 }]);
    expect(clientsWithErrors).toBe(1);
    expect(faults).toContain('1 of 2 clients did not come in');
  });

  it('gives all players what was prepared once, and what `end` waits for counts as arrived', async () => {
    using server = await serve((_request, response) => void response.end());
    let prepared = 0;
    const sends = defineScenario({
      doc: 'Sends itself texts.',
      options: { letters: 3 },
      prepare: (run) => {
        prepared += 1;
        return { thread: run.thread(), under: [] as string[] };
      },
      player: (player, { thread, under }) => ({
        step() {
          const text = `${player.number} ${player.dueMs} ${player.random.text(player.options.letters)}`;
          thread.sent(text);
          under.push(text);
        },
        end() {
          for (const text of under.splice(0)) thread.heard(text);
        },
      }),
    });
    const { texts, faults } = await run(sends, server.url, { clients: 3 });
    expect(prepared).toBe(1);
    expect(texts.sent).toBeGreaterThan(30);
    expect(texts).toMatchObject({ received: texts.sent, lost: 0 });
    expect(faults).toEqual(['nothing was measured']);
  });

  it('counts a connection that the server breaks, and one that nobody takes', async () => {
    using server = await serve((request, response) => {
      if (request.url === '/cut') request.socket.destroy();
      else response.end();
    });
    const cut = defineScenario({
      doc: 'Is cut off.',
      player: (player) => ({ step: () => player.request({ path: '/cut' }) }),
    });
    const { codes } = await run(cut, server.url);
    expect(codes).toMatchObject([{ code: 'net.ECONNRESET' }]);
    const refused = defineScenario({
      doc: 'Finds no socket.io.',
      async player(player) {
        await player.connect();
        return { step: () => {} };
      },
    });
    const { came, codes: why } = await run(refused, server.url);
    expect([came, why.length]).toEqual([0, 1]);
  });
});
