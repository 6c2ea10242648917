/** Row logins: what a flood of logins takes from a zone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../row.ts';
import { pasture } from '../support/pasture.ts';
import { type RoostServer, startRoost } from '../support/roost.ts';
import { openVisitor } from '../support/visitor.ts';

const zone = 'bench/pasture-0';
const players = 10;
const accounts = 40;
const password = 'what everybody here has';
/** 2,000 in a minute. */
const perSecond = 34;
/** All of them come from one address here. */
const flags = ['--calls-in-flight', '1000'];
/** Milliseconds of a tick. */
const period = 50;

/** Upper bound in seconds → ticks that were at most so late, since the node began. */
type Late = ReadonlyMap<number, number>;

export const row: Row = {
  name: 'logins',
  what: `2,000 logins a minute with the right password: how late the ticks of a zone with ${players} players and 200 sheep begin, in 99 of 100`,
  against: 'the same zone while nobody logs in',
  figures: {
    'p99 late': { unit: 'ms', target: { of: 'ours', atMost: period } },
    'p50 late': { unit: 'ms' },
    'let in': { unit: 'logins per second' },
  },
  async run(context) {
    const { quick, rounds, say } = context;
    const roost = await startRoost(context, { files: pasture({ zones: 1, sheep: 200 }), game: 'bench', flags });
    const visitors = await Promise.all(Array.from({ length: players }, () => openVisitor(roost.url)));
    for (const visitor of visitors) await visitor.call('zone.enter', { zone });
    for (let at = 0; at < accounts; at++) await post(roost, 'auth.register', { name: `user${at}`, password });
    const seconds = quick ? 3 : 20;
    const flood = { p99: [] as number[], p50: [] as number[], letIn: [] as number[] };
    const calm = { p99: [] as number[], p50: [] as number[] };
    const answers = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      const before = await readLate(roost);
      await sleep(seconds * 1_000);
      const between = await readLate(roost);
      const codes = await logInFor(roost, seconds);
      const after = await readLate(roost);
      calm.p99.push(lateness(before, between, 0.99));
      calm.p50.push(lateness(before, between, 0.5));
      flood.p99.push(lateness(between, after, 0.99));
      flood.p50.push(lateness(between, after, 0.5));
      flood.letIn.push((codes.get('ok') ?? 0) / seconds);
      for (const [code, count] of codes) answers.set(code, (answers.get(code) ?? 0) + count);
      say(`round ${round + 1}: ${[...codes].map(([code, count]) => `${count} ${code}`).join(', ')}`);
    }
    const wrong = [...answers.keys()].filter((code) => code !== 'ok' && code !== 'auth.busy');
    if (wrong.length > 0) throw new Error(`logins were answered ${wrong.join(', ')}`);
    for (const visitor of visitors) visitor.close();
    return {
      figures: {
        'p99 late': { ours: flood.p99, theirs: calm.p99 },
        'p50 late': { ours: flood.p50, theirs: calm.p50 },
        'let in': { ours: flood.letIn },
      },
      notes: [`Answers: ${[...answers].map(([code, count]) => `${count} ${code}`).join(', ')}.`],
    };
  },
};

/** Logs in so often, whether or not the logins before were answered. @returns code → answers */
async function logInFor(roost: RoostServer, seconds: number): Promise<ReadonlyMap<string, number>> {
  const codes = new Map<string, number>();
  const logins: Promise<void>[] = [];
  const startMs = performance.now();
  for (let at = 0; at < seconds * perSecond; at++) {
    await sleep(Math.max(0, startMs + (at * 1_000) / perSecond - performance.now()));
    const login = post(roost, 'auth.login', { name: `user${at % accounts}`, password });
    logins.push(login.then((code) => void codes.set(code, (codes.get(code) ?? 0) + 1)));
  }
  await Promise.all(logins);
  return codes;
}

/** @returns `ok`, or the code of the error */
async function post({ url }: RoostServer, method: string, params: object): Promise<string> {
  const answer = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { error } = (await answer.json()) as { readonly error?: { readonly data: { readonly code: string } } };
  return error?.data.code ?? 'ok';
}

async function readLate({ url }: RoostServer): Promise<Late> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const late = new Map<number, number>();
  for (const [, labels = '', count] of page.matchAll(/^roost_zone_tick_late_seconds_bucket\{(.*)\} (\d+)$/gm)) {
    const bound = /le="([^"]+)"/.exec(labels)?.[1];
    if (labels.includes(`zone="${zone}"`))
      late.set(bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), Number(count));
  }
  if (late.size === 0) throw new Error(`/metrics says nothing about ${zone}`);
  return late;
}

/**
 * Milliseconds that so large a share of the ticks between two readings were late at most, evenly spread within a bucket.
 * @source Prometheus, `histogram_quantile`.
 */
function lateness(before: Late, after: Late, share: number): number {
  const counts = [...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)] as const);
  const wanted = share * (counts.at(-1)?.[1] ?? 0);
  let [from, below] = [0, 0];
  for (const [bound, count] of counts) {
    if (count >= wanted && bound !== Number.POSITIVE_INFINITY)
      return 1_000 * (from + (bound - from) * ((wanted - below) / Math.max(1, count - below)));
    [from, below] = [bound === Number.POSITIVE_INFINITY ? from : bound, count];
  }
  return 1_000 * from;
}
