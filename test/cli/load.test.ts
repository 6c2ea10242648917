/** `roost load` as a person types it, against a node of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from '../../core/cli/load.ts';
import type { Summary } from '../../core/load/summary.ts';
import { startTestNode, type TestNode } from '../support/node.ts';
import { runNode } from '../support/run.ts';
import { createRelay } from '../support/turn-relay.ts';

const home = resolve(import.meta.dirname, '../..');
const roost = join(home, 'bin/roost.js');

let folder: string;
let node: TestNode;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-load-'));
  node = await startTestNode({ game: 'farmyard' });
});
afterAll(async () => {
  await node?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const run = (...words: string[]) => runNode([roost, 'load', ...words], { cwd: folder });
const short = ['--ramp', '0.5', '--seconds', '2'];

describe('roost load', { timeout: 120_000 }, () => {
  it.each([
    ['zone', /input +\d+ +\d/],
    ['chat', /heard +\d+[\s\S]*0 lost, 0 repeated, 0 out of order, 0 changed/],
  ])('CLI-07 simulates clients by the scenario %s and prints a summary', async (scenario, wanted) => {
    const ran = await run('--scenario', scenario, '--clients', '4', ...short, node.url);
    expect(ran).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(wanted) });
    expect(ran.stdout).toMatch(/p50 +p90 +p99 +max +errors/);
    expect(ran.stdout).toMatch(/No errors\.[\s\S]*Passed\.\n$/);
  });

  it('TRN-15 thirty turn clients at five requests a second see no error: percentiles, codes, the share of clients', async () => {
    const words = [
      '--clients',
      '30',
      '--rate',
      '5',
      '--ramp',
      '1',
      '--seconds',
      '4',
      '--json',
      '--report',
      'turn.html',
    ];
    const { code, stdout } = await run('--scenario', 'turn', ...words, '--with', 'repeat=0.1', node.url);
    const summary = JSON.parse(stdout) as Summary;
    expect(summary).toMatchObject({ came: 30, errors: 0, codes: [], clientsWithErrors: 0, faults: [] });
    const { texts, latency, requests } = summary;
    expect(texts.sent).toBeGreaterThan(300);
    expect(texts).toEqual({
      ...texts,
      received: texts.sent,
      lost: 0,
      repeated: 0,
      reordered: 0,
      changed: 0,
      cutOff: 0,
    });
    expect(summary.counts.repeats).toBeGreaterThan(10);
    expect([latency.p50, latency.p90, latency.p99, latency.max].toSorted((a, b) => a - b)).toEqual([
      ...[latency.p50, latency.p90, latency.p99, latency.max],
    ]);
    expect(summary.server?.count).toBeGreaterThan(0);
    expect(code).toBe(0);
    const report = await readFile(join(folder, 'turn.html'), 'utf8');
    for (const number of [requests, texts.sent]) expect(report).toContain(number.toLocaleString('en'));
    expect(report).toContain('Passed');
  });

  it('counts errors by code and by who saw them, and ends with 1 when there are more than may be', async () => {
    // A line is due ten times a second; the method takes two.
    const words = ['--scenario', 'chat', '--clients', '2', '--rate', '10', ...short, node.url];
    const { code, stdout } = await run(...words);
    expect(code).toBe(1);
    expect(stdout).toMatch(/errors, seen by 100 % of the clients:\ncall\.too-fast +\d+ +2 clients/);
    expect(stdout).toMatch(/0 lost, 0 repeated[\s\S]*Failed: \d+ errors, where at most 0 may be\./);
    expect(await run(...words, '--most-errors', '100%')).toMatchObject({ code: 0 });
  });

  it('finds the one text that a relay loses, and the one that it says twice', async () => {
    const relay = createRelay();
    let texts = 0;
    const server = createServer(async (request, response) => {
      if (request.method !== 'POST') return void response.end('0.001');
      const answer = relay(await text(request));
      const isText = answer.startsWith('0/9/') && !answer.includes('|');
      if (isText) texts += 1;
      const spoilt = isText && texts === 3 ? '0/10/*' : isText && texts === 6 ? `${answer}|${answer.slice(4)}` : answer;
      response.statusCode = answer.startsWith('0/') ? 200 : 400;
      response.end(spoilt);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const quiet = ['--with', 'text=plain', '--with', 'letters=10', '--with', 'repeat=0'];
    const { code, stdout } = await run('--clients', '2', '--rate', '10', ...quiet, ...short, '--json', url);
    server.close();
    expect((JSON.parse(stdout) as Summary).faults).toEqual(['1 text lost', '1 text repeated']);
    expect(code).toBe(1);
  });

  it('runs the scenario of docs/load.md as it stands', async () => {
    const page = await readFile(join(home, 'docs/load.md'), 'utf8');
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
    await writeFile(join(folder, 'errand.ts'), example);
    const ran = await run('--scenario', 'errand.ts', '--clients', '3', '--rate', '1', ...short, node.url);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/zone\.who +\d+[\s\S]*characters seen: [1-9]/);
    const lost = await run(
      '--scenario',
      'errand.ts',
      '--clients',
      '2',
      ...short,
      '--with',
      'zone=farmyard/nowhere',
      node.url,
    );
    expect(lost).toMatchObject({ code: 1, stderr: '', stdout: expect.stringMatching(/zone\.unknown +\d+ +2 clients/) });
  });

  it('tells what it has when it is interrupted', async () => {
    const words = [roost, 'load', '--clients', '2', '--ramp', '0', '--seconds', '600', '--json', node.url];
    const child = spawn(process.execPath, words, { stdio: 'pipe' });
    const [said, told] = [text(child.stdout), text(child.stderr)];
    await expect.poll(() => matchesOf(node), { timeout: 30_000, interval: 100 }).toBe(1);
    // As npm does that passes on what the terminal has sent already.
    child.kill('SIGINT');
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    const summary = JSON.parse(await said) as Summary;
    expect(summary).toMatchObject({ isEarly: true, secondsWanted: 600 });
    expect(summary.seconds).toBeLessThan(600);
    expect([code, summary.faults]).toEqual([0, []]);
    expect(await told).toBe('Ending: what is under way is waited for. Once more to end at once.\n');
  });
});

describe('what is wrong is said in one line', () => {
  const said = (...words: string[]) => {
    const terminal = { write: () => true };
    return load({ words, cwd: folder, say: () => {}, terminal, signal: new AbortController().signal }).catch(
      ({ message }: Error) => message,
    );
  };

  it.each([
    [['--clinets', '3'], "Unknown option '--clinets'; roost load --help lists the flags"],
    [['--clients', '-3'], '--clients wants a value; one that begins with - is written --clients=…'],
    [['--json=yes'], '--json takes no value'],
    [['--clients', '0'], '--clients wants a whole number from 1 to 100000, found 0'],
    [['--rate', 'much'], '--rate wants a number from 0.001 to 10000, found much'],
    [['--most-errors', '5.5'], '--most-errors wants a number such as 5, or a share such as 1%, found 5.5'],
    [['--scenario', ''], 'there is no scenario (empty): wanted turn, zone, chat or the path of a file'],
    [['--scenario', '.'], 'there is no scenario .: wanted turn, zone, chat or the path of a file'],
    [['--report', 'nowhere/r.html'], /^the report cannot be written: ENOENT/],
    [['--report', '.'], /^the report cannot be written: .* is a folder$/],
    [['--scenario', 'tern'], 'there is no scenario tern: wanted turn, zone, chat or the path of a file'],
    [
      ['--with', 'color=red'],
      '--with wants one of door=…, letters=…, text=…, repeat=…, server-time=…, found color=red',
    ],
    [['--with', 'letters=few'], '--with letters=… wants a number, found few'],
    [['a', 'b'], 'wanted one URL, found a b'],
    [['ftp://127.0.0.1'], 'wanted a URL such as http://127.0.0.1:3000, found ftp://127.0.0.1'],
    [
      ['http://127.0.0.1:3000/turn'],
      'wanted the address of a server without a path, such as http://127.0.0.1:3000, found http://127.0.0.1:3000/turn',
    ],
    [['http://127.0.0.1:1'], /^Cannot load http:\/\/127\.0\.0\.1:1: nothing answers there \(.*ECONNREFUSED.*\)$/],
    [['1'], /^Cannot load http:\/\/127\.0\.0\.1:1: /],
  ])('%j', async (words, line) => {
    const told = await said(...words);
    if (typeof line === 'string') expect(told).toBe(line);
    else expect(told).toMatch(line);
  });

  it('nobody else is loaded without --yes', async () => {
    for (const url of ['http://roost.invalid', 'https://127.0.0.1.example', 'http://10.0.0.1:3000'])
      expect(await said(url)).toMatch(/is not this machine: .* Say --yes when the server is yours$/);
    expect(await said('--yes', 'http://roost.invalid')).toMatch(
      /^Cannot load http:\/\/roost\.invalid: nothing answers there/,
    );
  });

  it.each([
    ['export default {', /^wrong\d+\.ts cannot be read: /],
    [
      'export const scenario = 1;',
      /^wrong\d+\.ts: wanted `export default defineScenario\(\{ … \}\)`, found undefined$/,
    ],
    [
      "export default { doc: 'x', rate: 0, player() {} };",
      /^wrong\d+\.ts: A scenario's "rate" is a number from 0\.001/,
    ],
    [
      "export default { doc: 'x', options: { deep: {} }, player() {} };",
      /A scenario's option "deep" is a text or a number$/,
    ],
    ["export default { doc: 'x', stpe() {} };", /^wrong\d+\.ts: A scenario has no "stpe"; it may have doc, rate/],
    ["export default { doc: 'x' };", /^wrong\d+\.ts: A scenario needs "player"$/],
  ])('a file that says %s', async (source, line) => {
    // Node reads a file once.
    const name = `wrong${source.length}.ts`;
    await writeFile(join(folder, name), source);
    expect(await said('--scenario', name)).toMatch(line);
  });

  it('a server without a turn door', async () => {
    const server = createServer((_request, response) => void response.end('<html>'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await said(url)).toBe(`There is no turn door at ${url}/turn or ${url}/`);
    server.close();
  });

  it('a scenario that breaks ends the run', async () => {
    const source = (step: string) => `export default { doc: 'x', player: (player) => ({ ${step} }) };`;
    await writeFile(join(folder, 'breaks.ts'), source("step() { throw new Error('no such hen'); }"));
    await writeFile(
      join(folder, 'floats.ts'),
      source("step() { setTimeout(() => { throw new Error('stray hen'); }); }"),
    );
    await writeFile(join(folder, 'slips.ts'), source('step() {}, ende() {}'));
    await writeFile(join(folder, 'half.ts'), source('step() {\n return f(1 }'));
    for (const [name, what] of [
      ['breaks.ts', /^The scenario breaks\.ts is at fault\. Error: no such hen\n +at .*breaks\.ts:1:\d+\)\n$/],
      ['floats.ts', /^The scenario floats\.ts is at fault\. Error: stray hen\n +at .*floats\.ts:1:\d+\)\n$/],
      ['half.ts', /half\.ts:2 cannot be read: /],
      ['slips.ts', /at fault\. TypeError: A scenario's player gives back { step, end }, found "ende"\n$/],
    ] as const) {
      const ran = await run('--scenario', name, '--clients', '2', '--ramp', '0', '--seconds', '60', node.url);
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(what) });
    }
  });

  it('a request that nobody waits for is counted, and does not end the run', async () => {
    const step = "step() { void player.request({ path: '/nosuch' }); return player.request({ path: '/healthz' }); }";
    await writeFile(
      join(folder, 'void.ts'),
      `export default { doc: 'x', rate: 10, player: (player) => ({ ${step} }) };`,
    );
    const { code, stdout } = await run('--scenario', 'void.ts', '--clients', '1', ...short, node.url);
    expect(code).toBe(1);
    expect(stdout).toMatch(/GET \/healthz +[\s\S]*failed after +\d+[\s\S]*http\.404 +\d+ +1 clients/);
  });
});

/** Matches of the relay that go on. */
async function matchesOf({ url }: TestNode): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'turn.list', params: {} });
  const answer = await fetch(`${url}/rpc`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result } = (await answer.json()) as {
    readonly result: { readonly matches: readonly { readonly over: boolean }[] };
  };
  return result.matches.filter(({ over }) => !over).length;
}
