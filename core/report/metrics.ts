/** The page /metrics. The only file that knows prom-client. */
import { collectDefaultMetrics, type Metric as PromMetric, Registry } from 'prom-client';
import type { Figures } from './figures.ts';
import { type Metric, metrics } from './metric-table.ts';

export interface MetricsPage {
  /** Content type of the page. */
  readonly type: string;
  /** The page as it is now; the figures are gathered once for it. */
  read(): Promise<string>;
}

/** Milliseconds between two looks at the delay of the event loop. */
const loopLookMs = 20;

/**
 * The node's own figures and prom-client's of the process (CPU, memory, files, heap, collections, delay of the event loop).
 * Its two observers stay with the process: prom-client has no way to end them.
 */
export function createMetricsPage(gather: () => Figures): MetricsPage {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopLookMs });
  let figures: Figures | undefined;
  for (const metric of metrics) {
    const get = async () => ({ ...toHead(metric), values: figures ? toValues(metric, figures) : [] });
    // A registry asks its metrics for nothing but this; prom-client's own would be a second copy of every counter.
    registry.registerMetric({ name: metric.name, get } as unknown as PromMetric<string>);
  }
  return {
    type: registry.contentType,
    read() {
      figures = gather();
      return registry.metrics();
    },
  };
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
