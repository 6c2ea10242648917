/** Reports that the zone itself makes about scripts: what was refused, stopped, logged. */
import type { Program } from '../contract/content.ts';
import type { ObjectId, ScriptReport, ZoneId } from '../contract/link.ts';
import type { Objects } from './objects.ts';

export type ReporterOptions = {
  readonly zone: ZoneId;
  readonly objects: Objects;
  readonly tick: () => number;
  readonly programs: () => readonly Program[];
};

/**
 * Makes a report about an object (null: none, '': the zone itself); `by` names the script when it is not that of its
 * kind. Its place is where the handler is defined, as far as the source says it.
 */
export type MakeReport = (
  object: ObjectId | null,
  what: ScriptReport['what'],
  handler: string,
  message: string,
  by?: { readonly script: string; readonly build: string } | undefined,
) => ScriptReport;

export function createReporter({ zone, objects, tick, programs }: ReporterOptions): MakeReport {
  return (object, what, handler, message, by) => {
    const kind = object ? (objects.find(object)?.kind ?? null) : null;
    const script = by?.script ?? kind ?? '';
    const program = by
      ? programs().find(({ name, build }) => name === script && build === by.build)
      : programs().find(({ role, name }) => role === 'object' && name === script);
    const place = program?.handlers.find(({ name }) => name === handler);
    return {
      zone,
      tick: tick(),
      object: object || null,
      kind,
      script,
      build: by?.build ?? program?.build ?? '',
      handler,
      file: place?.file ?? program?.path ?? '',
      line: place?.line ?? 0,
      column: place?.column ?? 0,
      message,
      what,
      count: 1,
    };
  };
}
