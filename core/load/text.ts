/** A summary for people at a terminal, and the line that goes on while a run is under way. */
import type { Book } from './book.ts';
import type { Percentiles } from './latency.ts';
import type { OperationSummary, Summary } from './summary.ts';

/** Milliseconds: three digits that count. */
export function ms(value: number): string {
  if (value >= 10_000) return `${(value / 1_000).toFixed(1)} s`;
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
      ...(summary.server ? [['of it the server', '', '', ...times(summary.server), '']] : []),
      ...(summary.network ? [['of it the network', '', '', ...times(summary.network), '']] : []),
    ]),
    '',
    ...(codes.length === 0 ? ['No errors.'] : [...errorLines(summary), ...hintLines(codes)]),
    ...textLines(summary),
    ...Object.entries(summary.counts).map(([name, count]) => `${name}: ${whole(count)}`),
    ...(summary.stepsMissed > 0
      ? [`${whole(summary.stepsMissed)} steps were due and not made: answers came too late.`]
      : []),
    ...toolLines(summary),
    '',
    summary.faults.length === 0 ? 'Passed.' : `Failed: ${summary.faults.join('; ')}.`,
  ].join('\n');
}

/** What happened while clients came has no rate. */
export function perSecondOf({ isBefore, perSecond }: OperationSummary): string {
  return isBefore ? 'coming in' : whole(perSecond);
}

function times({ p50, p90, p99, max }: Percentiles): string[] {
  return [p50, p90, p99, max].map(ms);
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

/** Codes of a server that means one address by it, and here all clients have the same. */
const ofAddress = /^(?:net\.ECONNRESET|session\.too-many|turn\.(?:8|11\/1|12\/1))$/;

export function hintLines(codes: Summary['codes']): string[] {
  if (!codes.some(({ code }) => ofAddress.test(code))) return [];
  return [
    'A server limits what may come from one address, and here everything does: docs/load.md says what to raise for a test.',
  ];
}

function textLines({ texts }: Summary): string[] {
  if (texts.sent === 0) return [];
  const { sent, received, lost, repeated, reordered, changed, cutOff } = texts;
  const wrong = `${whole(lost)} lost, ${whole(repeated)} repeated, ${whole(reordered)} out of order, ${whole(changed)} changed`;
  return [
    `Texts: ${whole(sent)} sent, ${whole(received)} received; ${wrong}${cutOff > 0 ? `; ${whole(cutOff)} cut off by errors` : ''}.`,
  ];
}

export function toolLines({ tool }: Pick<Summary, 'tool'>): string[] {
  const late = `its event loop was up to ${ms(tool.lateMost)} late`;
  if (tool.isFull)
    return [
      `Warning: this tool was the bottleneck (${percent(tool.cpu)} of a core; ${late}): take fewer clients, or run several of it.`,
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
