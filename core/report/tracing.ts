/** Spans of calls, by OpenTelemetry's API. The only file that knows it; it is loaded when an operator wants traces. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Trace } from '../contract/link.ts';
import type { Log, TracedCall, TracedPart, Tracing } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';

/** Spans go to the provider that was registered with OpenTelemetry's API, which is one for the process. */
export function createTracing(version: string, log: Log): Tracing {
  const tracer = trace.getTracer('roost', version);
  // A span that is never ended goes nowhere.
  if (!isSpanContextValid(tracer.startSpan('roost').spanContext()))
    log.warn({}, 'telemetry: the module has registered no tracer provider, so there are no traces');
  /** Whatever context manager the operator has, or none: a call knows the one that made it. */
  const running = new AsyncLocalStorage<Context>();

  return {
    call: (call, work) => follow(tracer, running, call, work),
    current() {
      const span = trace.getSpan(running.getStore() ?? ROOT_CONTEXT);
      return span && toTrace(span);
    },
    part(of, part) {
      const parent = toContext(of);
      if (parent) write(tracer, parent, part);
    },
  };
}

async function follow(
  tracer: Tracer,
  running: AsyncLocalStorage<Context>,
  { method, session: { via, zone }, inner }: TracedCall,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const parent = running.getStore() ?? context.active();
  const attributes = { 'roost.method': method, 'roost.via': via, ...(zone === null ? {} : { 'roost.zone': zone }) };
  const span = tracer.startSpan(method, { kind: inner ? SpanKind.INTERNAL : SpanKind.SERVER, attributes }, parent);
  const inside = trace.setSpan(parent, span);
  try {
    const answer = await running.run(inside, () => context.with(inside, work));
    finish(span, answer.ok ? undefined : answer.error.code);
    return answer;
  } finally {
    span.end();
  }
}

function write(tracer: Tracer, parent: Context, { name, from, to, facts, code }: TracedPart): void {
  const attributes = Object.fromEntries(Object.entries(facts).map(([key, value]) => [`roost.${key}`, value]));
  const span = tracer.startSpan(name, { attributes, startTime: toTime(from) }, parent);
  finish(span, code);
  span.end(toTime(Math.max(from, to)));
}

function finish(span: Span, code: string | undefined): void {
  span.setAttribute('roost.code', code ?? 'ok');
  if (code !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}

/** Seconds and nanoseconds: a plain number could be taken for one of another clock. */
function toTime(seconds: number): [number, number] {
  const whole = Math.floor(seconds);
  return [whole, Math.round((seconds - whole) * 1e9)];
}

/** Undefined when nobody keeps it: then its parts need not be told either. */
function toTrace(span: Span): Trace | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if ((traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function toContext(of: Trace): Context | undefined {
  const [, traceId = '', spanId = '', traceFlags = ''] = of.split('-');
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(traceFlags, 16), isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : undefined;
}
