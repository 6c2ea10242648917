/** Runs against small servers that do what no server should. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/load/definition.ts';
import { defineScenario } from '../../core/load/load.ts';
import { runLoad } from '../../core/load/run.ts';
import { summarize } from '../../core/load/summary.ts';

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
