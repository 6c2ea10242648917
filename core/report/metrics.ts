/** The page /metrics. The only file that knows prom-client. */
import { setTimeout as wait } from 'node:timers/promises';
import { collectDefaultMetrics, type Metric as PromMetric, Registry } from 'prom-client';
import type { Figures } from './figures.ts';
import { type LoopDelay, loopLookMs } from './loop-delay.ts';
import { type Metric, metrics } from './metric-table.ts';

export interface MetricsPage {
  /** Content type of the page. */
  readonly type: string;
  /** The page as it is now; the figures are gathered once for it. */
  read(): Promise<string>;
}

/** Milliseconds until the first page: what is watched from then on shall have something to tell. */
const firstMs = 5 * loopLookMs;

/** prom-client's own watch over the event loop counts the time between two looks as delay, and cannot be ended. */
const loopOfLibrary = /^nodejs_eventloop_lag/;
const hardlyEverMs = 3_600_000;

/**
 * The node's own figures and prom-client's of the process (CPU, memory, files, heap, collections). The process is watched
 * from the first reader on, since that costs a fifth of a percent of a core. What prom-client watches stays with the process.
 */
export function createMetricsPage(gather: () => Figures, loop: Pick<LoopDelay, 'start'>): MetricsPage {
  const registry = new Registry();
  let figures: Figures | undefined;
  let watching: Promise<void> | undefined;
  for (const metric of metrics) {
    const get = async () => ({ ...toHead(metric), values: figures ? toValues(metric, figures) : [] });
    // A registry asks its metrics for nothing but this; prom-client's own would be a second copy of every counter.
    registry.registerMetric({ name: metric.name, get } as unknown as PromMetric<string>);
  }
  return {
    type: registry.contentType,
    async read() {
      watching ??= watch(registry, loop);
      await watching;
      figures = gather();
      return await registry.metrics();
    },
  };
}

function watch(register: Registry, loop: Pick<LoopDelay, 'start'>): Promise<void> {
  loop.start();
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: hardlyEverMs });
  for (const { name } of register.getMetricsAsArray()) if (loopOfLibrary.test(name)) register.removeSingleMetric(name);
  return wait(firstMs);
}

type Value = {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
};

function toHead({ name, help, type }: Metric) {
  return { name, help, type, aggregator: 'sum' };
}

function toValues(metric: Metric, figures: Figures): readonly Value[] {
  if (metric.type !== 'histogram') return metric.read(figures).map(({ labels = {}, value }) => ({ labels, value }));
  const { name, bounds } = metric;
  return metric.read(figures).flatMap(({ labels = {}, spread }) => {
    let count = 0;
    const buckets = [...bounds, '+Inf'].map((le, at) => {
      count += spread.counts[at] ?? 0;
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: spread.sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
}
