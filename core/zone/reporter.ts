/** Reports that the zone itself makes about scripts: what was refused, stopped, logged. */
import type { Program } from '../contract/content.ts';
import type { ObjectId, ScriptReport, ZoneId } from '../contract/link.ts';
import type { Objects } from './objects.ts';
import type { Reports } from './reports.ts';

export type ReporterOptions = {
  readonly zone: ZoneId;
  readonly objects: Objects;
  readonly reports: Reports;
  readonly tick: () => number;
  readonly programs: () => readonly Program[];
};

/** Reports about an object (null: none, '': the zone itself); `by` names the script when it is not that of its kind. */
export type Reporter = (
  object: ObjectId | null,
  what: ScriptReport['what'],
  handler: string,
  message: string,
  by?: { readonly script: string; readonly build: string } | undefined,
) => void;

export function createReporter({ zone, objects, reports, tick, programs }: ReporterOptions): Reporter {
  return (object, what, handler, message, by) => {
    const kind = object ? (objects.find(object)?.kind ?? null) : null;
    const script = by?.script ?? kind ?? '';
    const program = programs().find(({ role, name }) => role === 'object' && name === script);
    reports.add({
      zone,
      tick: tick(),
      object: object || null,
      kind,
      script,
      build: by?.build ?? program?.build ?? '',
      handler,
      file: program?.path ?? '',
      line: 0,
      column: 0,
      message,
      what,
      count: 1,
    });
  };
}
