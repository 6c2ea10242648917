/** The report as one page: nothing in it is loaded from elsewhere, nothing in it runs. */
import { type Chart, drawChart, type Series, type Tick } from './chart.ts';
import type { Percentiles } from './latency.ts';
import { html, Markup } from './markup.ts';
import { style } from './style.ts';
import type { OperationSummary, Summary } from './summary.ts';
import { hintLines, ms, percent, perSecondOf, times, warnings, whole } from './text.ts';
import type { Second } from './timeline.ts';

/** Points of a line; longer runs have several seconds in one. */
const pointsMost = 240;
/** Lines in one chart that can still be told apart. */
const linesMost = 6;
const othersName = 'others';
/** Of the most frequent codes. */
const errorColours = ['c2', 'c5', 'c6', 'c4', 'c3'];

export function toHtml(summary: Summary): string {
  const { scenario, url, startedAt, doc, faults } = summary;
  const title = `${scenario} on ${new URL(url).host}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<header>
<p class="when">roost load · ${startedAt.replace('T', ' ').slice(0, 19)} UTC</p>
<h1>${title}</h1>
<p>${doc}</p>
<p class="verdict ${faults.length === 0 ? 'good' : 'bad'}">${faults.length === 0 ? 'Passed' : `Failed: ${faults.join('; ')}`}</p>
${warnings(summary).map((line) => html`<p class="verdict warn">${line}</p>`)}
</header>
${tiles(summary)}
<section>
<h2>Over time</h2>
${overTime(summary).map(drawChart)}
</section>
<section>
<h2>Latency</h2>
${summary.requests > 0 ? drawChart(curves(summary.operations)) : null}
${operations(summary)}
</section>
${errors(summary)}
${texts(summary)}
${setup(summary)}
</main>
</body>
</html>
`.text;
}

/** On an axis there are powers of ten only. */
const durations = { show: ms, showTick: (value: number) => (value >= 1_000 ? `${value / 1_000} s` : `${value} ms`) };

function tiles(summary: Summary): Markup {
  const { latency, perSecond, requests, errors, clientsWithErrors, texts, came, clients } = summary;
  const [p50 = '', p90 = '', p99 = '', max = ''] = times(latency);
  const wrong = texts.lost + texts.repeated + texts.reordered + texts.changed;
  const all: [string, string, string][] = [
    ['requests a second', whole(perSecond), `${whole(requests)} measured`],
    ['half are answered within', p50, `90 % within ${p90}`],
    ['99 % are answered within', p99, `the slowest took ${max}`],
    ['errors', whole(errors), `seen by ${percent(clientsWithErrors)} of the clients`],
    ...(texts.sent > 0
      ? [
          ['texts that went wrong', whole(wrong), `${whole(texts.received)} received of ${whole(texts.sent)} sent`] as [
            string,
            string,
            string,
          ],
        ]
      : []),
    ['clients', whole(came), came === clients ? 'all came in' : `of ${whole(clients)}`],
  ];
  return html`<dl class="tiles">
${all.map(([name, value, note]) => html`<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>\n`)}</dl>`;
}

function overTime({ timeline, rampSeconds, codes, seconds: measured }: Summary): Chart[] {
  const span = Math.max(1, Math.ceil(timeline.length / pointsMost));
  const seconds = merge(timeline, span).filter(({ at }) => at + 0.5 < rampSeconds + measured);
  const each = span === 1 ? 'each second' : `each ${span} seconds`;
  const line = (name: string, colour: string, value: (second: Second) => number | null): Series => ({
    ...{ name, colour },
    points: seconds.map((second) => ({ x: second.at + span / 2, y: value(second) })),
  });
  // Where nothing was answered there is no time, least of all a short one.
  const time = (name: string, colour: string, value: (second: Second) => number) =>
    line(name, colour, (second) => (second.requests > 0 ? value(second) : null));
  const xMost = Math.max(1, ...seconds.map(({ at }) => at + span));
  const common = {
    xMost,
    xTicks: timeTicks(xMost),
    shadeTo: Math.min(rampSeconds, xMost),
    showX: (x: number) => `${x - span / 2} s`,
  };
  const frequent = codes.slice(0, errorColours.length).map(({ code }) => code);
  const ofOthers = ({ codes: found, errors: all }: Second) =>
    all - frequent.reduce((sum, code) => sum + (found[code] ?? 0), 0);
  return [
    {
      ...common,
      title: 'Requests a second',
      about: `Requests that were answered in ${each}; grey until all clients had come.`,
      series: [line('answered', 'c1', ({ requests }) => requests)],
      show: whole,
    },
    {
      ...common,
      title: 'Latency',
      about: `How long the answers of ${each} had taken: half of them, 99 of 100, and the slowest.`,
      series: [
        time('slowest', 'c3', ({ max }) => max),
        time('p99', 'c2', ({ p99 }) => p99),
        time('p50', 'c1', ({ p50 }) => p50),
      ],
      isLog: true,
      ...durations,
    },
    ...(codes.length === 0
      ? []
      : [
          {
            ...common,
            title: 'Errors a second',
            about: `Errors of ${each} by their codes.`,
            series: [
              ...frequent.map((code, i) => line(code, errorColours[i] ?? 'c1', ({ codes: found }) => found[code] ?? 0)),
              ...(codes.length > frequent.length ? [line(othersName, 'c1', ofOthers)] : []),
            ],
            isBars: true,
            show: whole,
          },
        ]),
  ];
}

/** Several seconds as one: the mean of what is counted and of p50, the worst of the rest. */
function merge(timeline: readonly Second[], span: number): readonly Second[] {
  if (span === 1) return timeline;
  return Array.from({ length: Math.ceil(timeline.length / span) }, (_, i) => {
    const part = timeline.slice(i * span, (i + 1) * span);
    const mean = (value: (second: Second) => number) =>
      part.reduce((sum, second) => sum + value(second), 0) / part.length;
    const most = (value: (second: Second) => number) => Math.max(...part.map(value));
    const names = new Set(part.flatMap(({ codes }) => Object.keys(codes)));
    return {
      at: i * span,
      ...{ requests: mean(({ requests }) => requests), errors: mean(({ errors }) => errors) },
      codes: Object.fromEntries([...names].map((name) => [name, mean(({ codes }) => codes[name] ?? 0)])),
      ...{ players: most(({ players }) => players), p50: mean(({ p50 }) => p50) },
      ...{ p99: most(({ p99 }) => p99), max: most(({ max }) => max) },
    };
  });
}

function timeTicks(seconds: number): readonly Tick[] {
  const step =
    [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400].find((one) => seconds / one <= 8) ?? 604_800;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => ({ at: i * step, label: `${i * step} s` }));
}

/** Each further 9 takes the same room. */
const nines = [0, 50, 90, 99, 99.9, 99.99, 99.999];

function curves(all: readonly OperationSummary[]): Chart {
  const used = all.filter(({ isBefore, requests }) => !isBefore && requests > 0).slice(0, linesMost);
  const most = Math.max(...used.map(({ requests }) => requests));
  const place = (percentile: number) => -Math.log10(1 - Math.min(percentile, 100 - 100 / most) / 100);
  const xMost = Math.max(1, place(100));
  return {
    title: 'By percentile',
    about: 'How long so many percent of the requests took at most.',
    series: used.map(({ name, curve }, i) => ({
      ...{ name, colour: `c${i + 1}` },
      points: curve.map((point) => ({ x: place(point.percent), y: point.ms })),
    })),
    xMost,
    xTicks: nines
      .filter((nine) => place(nine) <= xMost && nine <= 100 - 100 / most)
      .map((nine) => ({ at: place(nine), label: `${nine} %` })),
    isLog: true,
    ...durations,
    showX: (x) => `${Number((100 - 10 ** -x * 100).toPrecision(6))} %`,
  };
}

function operations({
  operations: all,
  latency,
  requests,
  perSecond,
  errors: wrong,
  failed,
  server,
  network,
}: Summary): Markup {
  const row = (name: string, cells: readonly string[], took: Percentiles) =>
    html`<tr><th scope="row">${name}</th>${[...cells, ...times(took)].map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">request</th><th scope="col">requests</th><th scope="col">a second</th><th scope="col">errors</th><th scope="col">p50</th><th scope="col">p90</th><th scope="col">p99</th><th scope="col">max</th></tr></thead>
<tbody>
${all.map((one) => row(one.name, [whole(one.requests), perSecondOf(one), whole(one.errors)], one.latency))}${row('all', [whole(requests), whole(perSecond), whole(wrong)], latency)}${failed && row('failed after', [whole(failed.count), '', ''], failed)}${server && row('of it the server', ['', '', ''], server)}${network && row('of it the network', ['', '', ''], network)}</tbody>
</table></div>`;
}

function errors({ codes, clientsWithErrors }: Summary): Markup {
  if (codes.length === 0) return html`<section><h2>Errors</h2><p>None.</p></section>`;
  return html`<section>
<h2>Errors</h2>
<p>${percent(clientsWithErrors)} of the clients saw one, in the whole run.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">code</th><th scope="col">errors</th><th scope="col">clients</th><th scope="col" class="words">the first said</th></tr></thead>
<tbody>
${codes.map(({ code, count, clients, message }) => html`<tr><th scope="row">${code}</th><td>${whole(count)}</td><td>${whole(clients)}</td><td class="words">${message}</td></tr>\n`)}</tbody>
</table></div>
${hintLines(codes).map((line) => html`<p>${line}</p>`)}
</section>`;
}

function texts({ texts: { sent, received, lost, repeated, reordered, changed, cutOff } }: Summary): Markup | null {
  if (sent === 0) return null;
  const counts = { sent, received, lost, repeated, 'out of order': reordered, changed, 'cut off by errors': cutOff };
  return html`<section>
<h2>Texts</h2>
<p>Every text was held against what arrived, in the whole run.</p>
${pairs(Object.entries(counts).map(([name, count]) => [name, whole(count)]))}
</section>`;
}

function pairs(rows: readonly (readonly [string, string])[]): Markup {
  return html`<div class="scroll"><table class="pairs"><tbody>
${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="words">${value}</td></tr>\n`)}</tbody></table></div>`;
}

function setup(summary: Summary): Markup {
  const { clients, rate, seconds, rampSeconds, seed, options, url, tool, stepsMissed, counts } = summary;
  const rows: [string, string][] = [
    ['server', url],
    [
      'load',
      `${whole(clients)} clients × ${rate} steps a second, ${seconds.toFixed(1)} s after a ramp of ${rampSeconds} s`,
    ],
    ...Object.entries(options).map(([name, value]): [string, string] => [`option ${name}`, String(value) || '(none)']),
    ...Object.entries(counts).map(([name, count]): [string, string] => [name, whole(count)]),
    ['steps due and not made', whole(stepsMissed)],
    [
      'the tool itself',
      `busy ${percent(tool.busy)} of the time, with ${percent(tool.cpu)} of a core; its event loop was ${ms(tool.lateP99)} late at p99, ${ms(tool.lateMost)} at most`,
    ],
    ['seed', String(seed)],
  ];
  return html`<section>
<h2>The run</h2>
${pairs(rows)}
<p class="note">A request that could not be sent when it was due counts from then on, so a server that stalls is not flattered.</p>
</section>`;
}
