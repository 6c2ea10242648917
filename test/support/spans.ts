/**
 * What an operator would give to `--telemetry`: the real SDK, whose spans are written to the file `SPANS_FILE` when the
 * process ends. Loaded by the node under test, never by a test.
 */
import { writeFileSync } from 'node:fs';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
let stopped = false;

process.once('exit', () => {
  // Not a helper process that inherits the environment.
  if (!process.argv.includes('start')) return;
  const spans = exporter.getFinishedSpans().map((span) => ({
    name: span.name,
    kind: span.kind,
    trace: span.spanContext().traceId,
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId ?? null,
    from: span.startTime[0] + span.startTime[1] / 1e9,
    to: span.endTime[0] + span.endTime[1] / 1e9,
    facts: span.attributes,
    status: span.status.code,
  }));
  writeFileSync(process.env.SPANS_FILE ?? '', JSON.stringify({ stopped, spans }));
});

/** The node has stopped. */
export async function stop(): Promise<void> {
  stopped = true;
}
