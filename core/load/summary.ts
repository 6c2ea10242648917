/** What a run came to: the numbers of the report, and what `--json` prints. */

import type { Options } from './definition.ts';
import type { CurvePoint, Latencies, Percentiles } from './latency.ts';
import type { Outcome } from './run.ts';
import type { TextCounts } from './thread.ts';
import type { Second } from './timeline.ts';
import type { ToolFigures } from './tool.ts';

/**
 * Latencies in milliseconds. `requests`, `perSecond` and `latency` are of what was answered well within the measured time; errors
 * and texts of the whole run.
 */
export type Summary = {
  readonly scenario: string;
  readonly doc: string;
  readonly url: string;
  readonly startedAt: string;
  readonly clients: number;
  /** Clients that came in. */
  readonly came: number;
  /** Steps a second of each client, as wanted. */
  readonly rate: number;
  /** Measured. */
  readonly seconds: number;
  /** That were to be measured. */
  readonly secondsWanted: number;
  /** It was ended before its time. */
  readonly isEarly: boolean;
  readonly rampSeconds: number;
  readonly seed: number;
  readonly options: Options;
  readonly requests: number;
  readonly perSecond: number;
  readonly latency: Percentiles;
  /** How long it took until requests failed, refused or unanswered; null when none did. */
  readonly failed: Percentiles | null;
  /** What the server says that it took, and the rest of the same requests; null when it says nothing. */
  readonly server: Percentiles | null;
  readonly network: Percentiles | null;
  /** The most used first. */
  readonly operations: readonly OperationSummary[];
  readonly errors: number;
  /** The most frequent first. */
  readonly codes: readonly CodeSummary[];
  /** Share of the clients that saw an error, 0 to 1. */
  readonly clientsWithErrors: number;
  readonly texts: TextCounts;
  readonly counts: Readonly<Record<string, number>>;
  /** Steps that were due while the client still waited for an answer, and never made: no percentile knows of them. */
  readonly stepsMissed: number;
  readonly tool: ToolFigures;
  readonly timeline: readonly Second[];
  /** Why the run failed, in words; none when it passed. */
  readonly faults: readonly string[];
};

export type OperationSummary = {
  readonly name: string;
  /** It happened only while clients came: these are the numbers of then. */
  readonly isBefore: boolean;
  readonly requests: number;
  /** 0 where `isBefore`. */
  readonly perSecond: number;
  /** Of the whole run. */
  readonly errors: number;
  readonly latency: Percentiles;
  readonly curve: readonly CurvePoint[];
};

export type CodeSummary = {
  readonly code: string;
  readonly count: number;
  /** Clients that saw it. */
  readonly clients: number;
  /** What was said the first time. */
  readonly message: string;
};

/** How many errors a run may have: so many, or such a share of requests and errors together, 0 to 1. */
export type MostErrors = { readonly count: number } | { readonly share: number };

export function summarize(
  { options, book, tool, startedAt, seconds, came, isEarly }: Outcome,
  most: MostErrors,
): Summary {
  const { scenario, name: called, url, clients, rate, rampSeconds, seed } = options;
  const perSecond = (count: number) => (seconds > 0 ? count / seconds : 0);
  const failed = new Set([...book.failures.values()].flatMap(({ players }) => [...players]));
  const summary = {
    ...{ scenario: called, doc: scenario.doc, url, startedAt: startedAt.toISOString() },
    ...{ clients, came, rate, seconds, secondsWanted: options.seconds, isEarly },
    ...{ rampSeconds, seed, options: options.options },
    ...{ requests: book.requests, perSecond: perSecond(book.requests), latency: book.all.percentiles },
    ...{ failed: unlessEmpty(book.failed), server: unlessEmpty(book.server), network: unlessEmpty(book.network) },
    operations: [...book.operations]
      .map(([name, { measured, before, errors }]) => {
        const isBefore = measured.count === 0 && before.count > 0;
        const { percentiles: latency, curve } = isBefore ? before : measured;
        return {
          name,
          isBefore,
          requests: latency.count,
          perSecond: perSecond(measured.count),
          errors,
          latency,
          curve,
        };
      })
      .sort((a, b) => Number(a.isBefore) - Number(b.isBefore) || b.requests - a.requests),
    errors: book.errors,
    codes: [...book.failures]
      .map(([code, { count, players, message }]) => ({ code, count, clients: players.size, message }))
      .sort((a, b) => b.count - a.count),
    clientsWithErrors: failed.size / clients,
    texts: { ...book.texts },
    counts: Object.fromEntries([...book.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...{ stepsMissed: book.stepsMissed, tool, timeline: book.timeline.seconds },
  };
  return { ...summary, faults: faultsOf(summary, most) };
}

function unlessEmpty(latencies: Latencies): Percentiles | null {
  return latencies.count === 0 ? null : latencies.percentiles;
}

function faultsOf({ came, clients, requests, errors, texts }: Omit<Summary, 'faults'>, most: MostErrors): string[] {
  const faults: string[] = [];
  if (came < clients) faults.push(`${clients - came} of ${clients} clients did not come in`);
  if (requests === 0) faults.push('nothing was measured');
  for (const what of ['lost', 'repeated', 'reordered', 'changed'] as const)
    if (texts[what] > 0) faults.push(`${texts[what]} ${texts[what] === 1 ? 'text' : 'texts'} ${what}`);
  const allowed = 'count' in most ? most.count : most.share * (requests + errors);
  if (errors > allowed)
    faults.push(`${errors} ${errors === 1 ? 'error' : 'errors'}, where at most ${toText(most)} may be`);
  return faults;
}

function toText(most: MostErrors): string {
  return 'count' in most ? String(most.count) : `${most.share * 100} %`;
}
