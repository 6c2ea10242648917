/** Traces, when an operator wants them: loads the module that takes them, and what makes them. */
import { pathToFileURL } from 'node:url';
import { HostError } from '../contract/errors.ts';
import type { Log, Tracing } from '../contract/ports.ts';

export type Telemetry = {
  readonly tracing: Tracing;
  /** Lets the module send what it still has. */
  close(): Promise<void>;
};

/**
 * @param file  Module that registers a tracer provider when it is loaded. It may export `stop`, which is called, and waited
 *              for, when the node has stopped.
 * @throws HostError `config.wrong` when it cannot be loaded.
 */
export async function openTelemetry(file: string, version: string, log: Log): Promise<Telemetry> {
  const { stop } = await load(file);
  const { createTracing } = await import('./tracing.ts');
  return {
    tracing: createTracing(version, log),
    async close() {
      if (typeof stop === 'function') await stop();
    },
  };
}

async function load(file: string): Promise<{ readonly stop?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { readonly stop?: unknown };
  } catch (error) {
    throw new HostError('config.wrong', `telemetry: ${file} cannot be loaded: ${String(error)}`);
  }
}
