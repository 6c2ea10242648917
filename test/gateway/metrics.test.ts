import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metrics } from '../../core/report/metric-table.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

const top = join(import.meta.dirname, '../..');
const token = 'a-token-of-the-operator';

type Page = { readonly status: number; readonly body: string; readonly headers: NodeJS.Dict<string | string[]> };

/** Headers as they are given: fetch would not let a test set all of them. */
function get(node: TestNode, headers: Record<string, string> = {}, host = '127.0.0.1'): Promise<Page> {
  const { promise, resolve, reject } = Promise.withResolvers<Page>();
  const asked = request({ host, port: node.port, path: '/metrics', headers }, (answer) => {
    let body = '';
    answer.setEncoding('utf8');
    answer.on('data', (part: string) => {
      body += part;
    });
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }));
  });
  asked.on('error', reject);
  asked.end();
  return promise;
}

/** The value of a series by how its line begins; undefined when there is none. */
function read(page: string, series: string): number | undefined {
  const line = page.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** The page, once it has what is waited for: a worker tells of its zones twice a second. */
async function readUntil(node: TestNode, has: (page: string) => boolean): Promise<string> {
  for (;;) {
    const { body } = await get(node);
    if (has(body)) return body;
  }
}

/** An address of this machine that is not loopback. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('/metrics', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startTestNode({ game: 'farmyard', flags: ['--host', '0.0.0.0', '--no-dev'] });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it('tells ticks, scripts, calls, flushes, sessions and workers of a node that is played on', async () => {
    const fox = await node.join('Fox', 'farmyard/meadow');
    await expect(fox.call('no.such-method')).rejects.toMatchObject({ code: 'call.unknown-method' });
    await expect(fox.call('__proto__')).rejects.toMatchObject({ code: 'call.unknown-method' });
    await expect(fox.call('chat.say', { text: 7 })).rejects.toMatchObject({ code: 'call.bad-params' });
    const page = await readUntil(
      node,
      (body) =>
        (read(body, 'roost_zone_tick_seconds_count{zone="farmyard/meadow"}') ?? 0) > 5 &&
        (read(body, 'roost_flush_seconds_count') ?? 0) > 0,
    );
    const late = 'roost_zone_tick_late_seconds_count{zone="farmyard/meadow"}';
    expect(read(page, late)).toBe(read(page, 'roost_zone_tick_seconds_count{zone="farmyard/meadow"}'));
    expect(read(page, 'roost_zone_tick_seconds_bucket{zone="farmyard/meadow",le="+Inf"}')).toBe(read(page, late));
    expect(read(page, 'roost_zone_frames_total{zone="farmyard/meadow"}')).toBeGreaterThan(0);
    expect(read(page, 'roost_zone_isolate_heap_bytes{zone="farmyard/meadow"}')).toBeGreaterThan(100_000);
    expect(read(page, 'roost_zone_players{zone="farmyard/meadow"}')).toBe(1);
    expect(page).toMatch(/^roost_script_cpu_seconds_total\{game="farmyard",kind="chicken",build="[0-9a-f]{12}"\} /m);
    expect(read(page, 'roost_calls_total{method="zone.enter",code="ok"}')).toBe(1);
    expect(read(page, 'roost_calls_total{method="chat.say",code="call.bad-params"}')).toBe(1);
    expect(read(page, 'roost_calls_total{method="unknown",code="call.unknown-method"}')).toBe(2);
    expect(page).not.toContain('no.such-method');
    expect(read(page, 'roost_sessions{via="socket"}')).toBe(1);
    expect(read(page, 'roost_sent_bytes_total')).toBeGreaterThan(1_000);
    expect(read(page, 'roost_workers{state="ready"}')).toBe(1);
    expect(read(page, 'roost_worker_restarts_total')).toBe(0);
    expect(read(page, 'roost_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThanOrEqual(0);
    expect(page).not.toContain('nodejs_eventloop_lag');
    expect(read(page, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('counts on when a worker dies, and counts that', async () => {
    const ticks = 'roost_zone_tick_seconds_count{zone="farmyard/meadow"}';
    const before = read((await get(node)).body, ticks) ?? Number.POSITIVE_INFINITY;
    const from = node.logs.length;
    const [first = 0] = await node.workerPids();
    process.kill(first, 'SIGKILL');
    await node.logged(({ msg }) => msg === 'zone runs', from);
    const page = await readUntil(node, (body) => (read(body, ticks) ?? 0) > before);
    expect(read(page, 'roost_worker_restarts_total')).toBe(1);
  });

  it('has a help text, a type and a line in docs/operations.md for every metric', async () => {
    const { body, headers } = await get(node);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const docs = readFileSync(join(top, 'docs/operations.md'), 'utf8');
    for (const { name, help, type } of metrics) {
      expect(body).toContain(`# HELP ${name} ${help}`);
      expect(body).toContain(`# TYPE ${name} ${type}`);
      expect(docs).toContain(`| \`${name}\` | ${type} |`);
      expect(name).toMatch(/^roost_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
    }
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  });

  it('has everything that the dashboard shows, and the dashboard shows all of Roost', async () => {
    const { body } = await get(node);
    const dashboard = readFileSync(join(top, 'deploy/grafana/roost.json'), 'utf8');
    const shown = new Set(dashboard.match(/\b(?:roost|process|nodejs)_[a-z0-9_]+\b/g));
    const known = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const missing = [...shown].filter((name) => !known.has(name) && !known.has(name.replace(/_bucket$/, '')));
    expect(missing).toEqual([]);
    expect(metrics.map(({ name }) => name).filter((name) => !dashboard.includes(name))).toEqual([]);
  });

  it('has the labels that the dashboard asks for, and the dashboard shows no other program', () => {
    const dashboard = readFileSync(join(top, 'deploy/grafana/roost.json'), 'utf8');
    type Panel = { readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[] };
    const { panels } = JSON.parse(dashboard) as { readonly panels: readonly Panel[] };
    for (const { expr, legendFormat } of panels.flatMap(({ targets = [] }) => targets)) {
      const name = /\b(?:roost|process)_\w+?(?=_bucket\b|\{)/.exec(expr)?.[0];
      const known = ['instance', 'le', ...(metrics.find((metric) => metric.name === name)?.labels ?? [])];
      const kept = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(', ') ?? (/\b(sum|max)\(/.test(expr) ? [] : known);
      const told = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label as string);
      const asked = [...expr.matchAll(/(\w+)(?:=~|!?=)"/g)].map(([, label]) => label as string);
      expect(
        [...asked, ...kept].filter((label) => !known.includes(label)),
        expr,
      ).toEqual([]);
      expect(
        told.filter((label) => !kept.includes(label)),
        expr,
      ).toEqual([]);
    }
    // All nodes are those that the variable lists: a pattern for everything has the memory of other programs too.
    expect(dashboard).not.toContain('allValue');
  });

  it.each<[string, Record<string, string>]>([
    ['somebody behind a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['somebody behind another proxy', { forwarded: 'for=203.0.113.7' }],
    ['a page of this node', { 'sec-fetch-site': 'same-origin' }],
    ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['an old browser with a page', { origin: 'http://127.0.0.1' }],
    ['a page that bent its name to this machine', { host: 'evil.example' }],
  ])('is not for %s', async (_, headers) => {
    const { status, body } = await get(node, headers);
    expect(status).toBe(403);
    expect(body).not.toContain('roost_');
  });

  it('is for a person who types its address', async () => {
    expect((await get(node, { 'sec-fetch-site': 'none' })).status).toBe(200);
  });

  it.skipIf(outside === undefined)('is not for other machines', async () => {
    expect((await get(node, {}, outside)).status).toBe(403);
  });
});

describe('/metrics with a token', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startTestNode({ env: { ROOST_METRICS_TOKEN: token }, flags: ['--host', '0.0.0.0', '--no-dev'] });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it('is for whoever has it, from wherever', async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect((await get(node, headers)).status).toBe(200);
    expect((await get(node, { ...headers, 'x-forwarded-for': '203.0.113.7' })).status).toBe(200);
    if (outside !== undefined) expect((await get(node, headers, outside)).status).toBe(200);
  });

  it('is for nobody else, and for no page that has it', async () => {
    const { status, headers } = await get(node);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect((await get(node, { authorization: `Bearer ${token}x` })).status).toBe(401);
    expect((await get(node, { authorization: `Basic ${token}` })).status).toBe(401);
    expect((await get(node, { authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-origin' })).status).toBe(401);
  });

  it('is not in the log', () => {
    expect(node.words).not.toContain(token);
  });
});
