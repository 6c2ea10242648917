import { describe, expect, it } from 'vitest';
import { toHtml } from '../../core/load/html.ts';
import type { Summary } from '../../core/load/summary.ts';
import { toText } from '../../core/load/text.ts';

const latency = { count: 1234, mean: 5, min: 1, p50: 4.25, p90: 8.5, p99: 42.1, max: 98.7 };
const hostile = '</title><script>alert("1")</script>\u0007';

function summary(more: Partial<Summary> = {}): Summary {
  const second = { requests: 30, errors: 0, codes: {}, players: 6, p50: 4, p99: 40, max: 90 };
  return {
    ...{ scenario: 'turn', doc: 'Pairs.', url: 'http://127.0.0.1:3000', startedAt: '2026-11-21T16:00:00.000Z' },
    ...{ clients: 6, came: 6, rate: 5, seconds: 41, secondsWanted: 41, isEarly: false, rampSeconds: 1, seed: 7 },
    ...{
      options: { text: 'any' },
      requests: 1234,
      perSecond: 30.1,
      latency,
      failed: null,
      server: { ...latency, p50: 0.131 },
      network: latency,
    },
    operations: [
      {
        ...{ name: 'turn send', isBefore: false, requests: 1234, perSecond: 30.1, errors: 0, latency },
        curve: [
          { percent: 0, ms: 1 },
          { percent: 50, ms: 4.25 },
          { percent: 100, ms: 98.7 },
        ],
      },
    ],
    ...{ errors: 0, codes: [], clientsWithErrors: 0 },
    texts: { sent: 1201, received: 1199, lost: 2, repeated: 0, reordered: 0, changed: 0, cutOff: 0 },
    ...{
      counts: { repeats: 31 },
      stepsMissed: 0,
      tool: { lateP99: 2, lateMost: 5, busy: 0.2, cpu: 0.1, isFull: false, isLate: false },
    },
    timeline: Array.from({ length: 42 }, (_, at) => ({ at, ...second })),
    faults: ['2 texts lost'],
    ...more,
  };
}

/** Every tag that is opened is closed, in order: the page is XML as well. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, end, name = '', empty] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*?)?(\/?)>/gi))
    if (end === '/') {
      if (open.pop() !== name) wrong.push(name);
    } else if (empty !== '/') open.push(name);
  return [...wrong, ...open];
}

describe('a report', () => {
  it('holds the numbers, is whole, and loads nothing', () => {
    const page = toHtml(summary());
    for (const number of [
      '1,234',
      '4.25 ms',
      '8.50 ms',
      '42.1 ms',
      '98.7 ms',
      '0.13 ms',
      '1,201',
      '1,199',
      '2 texts lost',
    ])
      expect(page).toContain(number);
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|url\(|@import|NaN|undefined|Infinity/);
    expect(page.match(/<svg/g)).toHaveLength(3);
  });

  it('shows what servers and files say as text', () => {
    const codes = [{ code: hostile, count: 3, clients: 2, message: hostile }];
    const page = toHtml(summary({ codes, errors: 3, doc: hostile, options: { [hostile]: hostile } }));
    expect(page).not.toMatch(/<script|\p{Cc}(?<![\n\t])/u);
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)');
    expect(unbalanced(page)).toEqual([]);
  });

  it('shows a gap where nothing was answered, and no time of nothing', () => {
    const [second] = summary().timeline as [Summary['timeline'][number]];
    const silent = { ...second, requests: 0, p50: 0, p99: 0, max: 0 };
    const timeline = [0, 1, 2, 3, 4].map((at) => ({ ...(at === 2 || at === 3 ? silent : second), at }));
    const [, latencies = ''] = toHtml(summary({ timeline, seconds: 4 })).split('<h3>Latency</h3>');
    for (const [, path = ''] of (latencies.split('</svg>')[0] ?? '').matchAll(/class="line c\d" d="([^"]*)"/g))
      expect(path).toMatch(/^M[\d. ]+h0L[\d. ]+M[\d. ]+h0$/);
    expect(latencies).toContain('slowest –');
  });

  it('says where limits of an address are in the way', () => {
    const codes = [{ code: 'net.ECONNRESET', count: 3, clients: 2, message: 'read ECONNRESET' }];
    for (const shown of [toHtml(summary({ codes })), toText(summary({ codes }))])
      expect(shown).toContain('docs/load.md');
    expect(toText(summary())).not.toContain('docs/load.md');
  });

  it('says when it was ended early, and how much of the wanted load there was not', () => {
    const shown = toText(summary({ isEarly: true, secondsWanted: 60, stepsMissed: 615 }));
    expect(shown).toContain('Ended early: 41.0 of 60 s were measured.');
    expect(shown).toContain('Warning: 50 % of the steps that were due (615) were never made');
    expect(toHtml(summary({ stepsMissed: 615 }))).toContain('50 % of the steps');
  });

  it('says when the tool itself was in the way', () => {
    const tool = { lateP99: 30, lateMost: 80, busy: 0.97, cpu: 0.6, isFull: true, isLate: true };
    expect(toHtml(summary({ tool }))).toContain('this tool was the bottleneck (busy 97 % of the time');
    expect(toText(summary({ tool: { ...tool, isFull: false } }))).toContain('the machine of this tool was busy');
    expect(toText(summary())).not.toContain('Warning');
  });

  it('of a run in which nothing happened, and of a day, can be drawn', () => {
    const none = { count: 0, mean: 0, min: 0, p50: 0, p90: 0, p99: 0, max: 0 };
    const empty = toHtml(
      summary({ operations: [], timeline: [], requests: 0, latency: none, server: null, network: null }),
    );
    const second = summary().timeline[0] as Summary['timeline'][number];
    const codes = Array.from({ length: 9 }, (_, i) => ({ code: `turn.${i}`, count: 9, clients: 1, message: '' }));
    const day = Array.from({ length: 86_400 }, (_, at) => ({
      ...second,
      at,
      errors: 2,
      codes: { 'turn.0': 1, 'turn.8': 1 },
    }));
    const long = toHtml(summary({ timeline: day, seconds: 86_399, codes }));
    for (const page of [empty, long]) {
      expect(unbalanced(page)).toEqual([]);
      expect(page).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(long.length).toBeLessThan(1_000_000);
  });
});
