/** A summary for people at a terminal, and the line that goes on while a run is under way. */
import type { Book } from './book.ts';
import type { Percentiles } from './latency.ts';
import type { OperationSummary, Summary } from './summary.ts';

/** Milliseconds: three digits that count. */
export function ms(value: number): string {
  if (value >= 1_000) return `${(value / 1_000).toFixed(value >= 10_000 ? 1 : 2)} s`;
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ms`;
}

export function whole(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value >= 10 ? 0 : 1 });
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** What is going on, in a line of at most so many columns. */
export function progressLine(book: Book, totalSeconds: number, clients: number, columns: number): string {
  const { timeline, texts, all } = book;
  const last = timeline.seconds.at(-1);
  const wrong = texts.lost + texts.repeated + texts.reordered + texts.changed;
  const parts = [
    `${Math.floor(timeline.secondsPast)} s of ${Math.ceil(totalSeconds)}`,
    `${timeline.players} of ${clients} clients`,
    `${whole(last?.requests ?? 0)}/s`,
    all.count === 0 ? 'coming in' : `p50 ${ms(all.percentile(50))}, p99 ${ms(all.percentile(99))}`,
    `${whole(book.errors)} errors`,
    ...(texts.sent > 0 ? [`${whole(texts.received)} texts, ${whole(wrong)} wrong`] : []),
  ];
  const line = parts.join(' · ');
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;
}

export function toText(summary: Summary): string {
  const { scenario, url, clients, came, rate, seconds, rampSeconds, requests, perSecond, errors, codes } = summary;
  const wanted = `${whole(clients)} clients × ${rate}/s, ${seconds.toFixed(1)} s after a ramp of ${rampSeconds} s`;
  return [
    `${scenario} on ${url}: ${wanted}${came < clients ? `; ${clients - came} did not come in` : ''}`,
    '',
    ...table('lrrrrrrr', [
      ['', 'requests', 'per second', 'p50', 'p90', 'p99', 'max', 'errors'],
      ...summary.operations.map((operation) => [
        operation.name,
        ...[whole(operation.requests), perSecondOf(operation)],
        ...times(operation.latency),
        whole(operation.errors),
      ]),
      ['all', whole(requests), whole(perSecond), ...times(summary.latency), whole(errors)],
      ...(summary.failed ? [['failed after', whole(summary.failed.count), '', ...times(summary.failed), '']] : []),
      ...(summary.server ? [['of it the server', '', '', ...times(summary.server), '']] : []),
      ...(summary.network ? [['of it the network', '', '', ...times(summary.network), '']] : []),
    ]),
    '',
    ...(codes.length === 0 ? ['No errors.'] : [...errorLines(summary), ...hintLines(codes)]),
    ...textLines(summary),
    ...Object.entries(summary.counts).map(([name, count]) => `${name}: ${whole(count)}`),
    ...warnings(summary),
    '',
    summary.faults.length === 0 ? 'Passed.' : `Failed: ${summary.faults.join('; ')}.`,
  ].join('\n');
}

/** What happened while clients came has no rate. */
export function perSecondOf({ isBefore, perSecond }: OperationSummary): string {
  return isBefore ? 'coming in' : whole(perSecond);
}

/** What never happened took no time. */
export function times({ count, p50, p90, p99, max }: Percentiles): string[] {
  return [p50, p90, p99, max].map((one) => (count === 0 ? '–' : ms(one)));
}

function errorLines({ codes, errors, clientsWithErrors }: Summary): string[] {
  return [
    `${whole(errors)} errors, seen by ${percent(clientsWithErrors)} of the clients:`,
    ...table(
      'lrrl',
      codes.map(({ code, count, clients, message }) => [code, whole(count), `${whole(clients)} clients`, message]),
    ),
  ];
}

/** Codes that are nobody's fault, and what is behind them. */
const hints: readonly (readonly [code: RegExp, hint: string])[] = [
  [
    // One address is meant, and here all clients have the same.
    /^(?:net\.ECONNRESET|session\.too-many|turn\.(?:8|11\/1|12\/1))$/,
    'A server limits what may come from one address, and here everything does: docs/load.md says what to raise for a test.',
  ],
  [
    /^net\.(?:EMFILE|ENFILE|EADDRNOTAVAIL)$/,
    'This machine has no more connections to give: raise `ulimit -n`, take fewer clients, or run several machines.',
  ],
];

export function hintLines(codes: Summary['codes']): string[] {
  return hints.filter(([hinted]) => codes.some(({ code }) => hinted.test(code))).map(([, hint]) => hint);
}

function textLines({ texts }: Summary): string[] {
  if (texts.sent === 0) return [];
  const { sent, received, lost, repeated, reordered, changed, cutOff } = texts;
  const wrong = `${whole(lost)} lost, ${whole(repeated)} repeated, ${whole(reordered)} out of order, ${whole(changed)} changed`;
  return [
    `Texts: ${whole(sent)} sent, ${whole(received)} received; ${wrong}${cutOff > 0 ? `; ${whole(cutOff)} cut off by errors` : ''}.`,
  ];
}

/** What one has to know before one believes the numbers. */
export function warnings(summary: Summary): string[] {
  return [...early(summary), ...missed(summary), ...ofTool(summary)];
}

function early({ isEarly, seconds, secondsWanted }: Summary): string[] {
  return isEarly ? [`Ended early: ${seconds.toFixed(1)} of ${secondsWanted} s were measured.`] : [];
}

/** Steps that nobody made have no time: where they are many, the percentiles are of a gentler load than the wanted one. */
function missed({ stepsMissed, rate, clients, seconds }: Summary): string[] {
  const share = stepsMissed / Math.max(stepsMissed, rate * clients * seconds);
  if (stepsMissed === 0) return [];
  return [
    `Warning: ${percent(share)} of the steps that were due (${whole(stepsMissed)}) were never made, since the answers before them came too late: ` +
      'times are those of a gentler load than was wanted.',
  ];
}

function ofTool({ tool }: Summary): string[] {
  const late = `its event loop was up to ${ms(tool.lateMost)} late`;
  if (tool.isFull)
    return [
      `Warning: this tool was the bottleneck (busy ${percent(tool.busy)} of the time; ${late}): take fewer clients, or run several of it.`,
    ];
  if (tool.isLate) return [`Warning: the machine of this tool was busy (${late}): times are longer than they were.`];
  return [];
}

/** @param flush  Of each column: `l` left, `r` right. */
function table(flush: string, rows: readonly (readonly string[])[]): string[] {
  const widths = [...flush].map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    [...flush]
      .map((side, i) =>
        side === 'l' ? (row[i] ?? '').padEnd(widths[i] ?? 0) : (row[i] ?? '').padStart(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
