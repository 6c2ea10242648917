/** From a worker's last words to the object, script, build and handler that ended it. */
import type { Program } from '../contract/content.ts';
import type { HandlerNames, ObjectId, ScriptReport, ZoneId } from '../contract/link.ts';
import { readVerdict } from './verdict.ts';

/** A failure with the program whose doing it was. */
export type Blamed = { readonly program: Program; readonly report: ScriptReport };

/** How a worker ended that had this zone, and what the zone's numbers stood for. */
export type Death = {
  readonly zone: ZoneId;
  readonly tick: number;
  readonly why: string;
  /** Its last words, oldest first. */
  readonly blame: readonly string[];
  readonly handlers: HandlerNames;
  readonly objectAt: (slot: number) => ObjectId | null;
  readonly kindOf: (object: ObjectId) => string | null;
};

/**
 * Whose doing it was, when its last words say so: one of these programs, at the place where its handler is defined.
 * Words are claims: what the zone did not have is not believed.
 */
export function nameDeath(death: Death, programs: readonly Program[]): Blamed | null {
  const verdict = readVerdict(death.why, death.blame);
  if (verdict.kind !== 'handler' || verdict.zone !== death.zone) return null;
  const named = death.handlers[verdict.handler];
  const program = programs.find(({ name, build }) => name === named?.script && build === named?.build);
  if (!named || !program) return null;
  const object = verdict.slot < 0 ? null : death.objectAt(verdict.slot);
  const kind = object === null ? null : death.kindOf(object);
  return { program, report: toReport(death, program, { object, kind, handler: named.handler, message: verdict.why }) };
}

/** It is this program's doing, but nobody knows which handler's: its file is not run again. */
export function nothingNamed(zone: ZoneId, program: Program, why: string): Blamed {
  const nothing = { object: null, kind: null, handler: '' };
  return { program, report: toReport({ zone, tick: 0 }, program, { ...nothing, message: why }) };
}

function toReport(
  { zone, tick }: Pick<Death, 'zone' | 'tick'>,
  program: Program,
  what: Pick<ScriptReport, 'object' | 'kind' | 'handler' | 'message'>,
): ScriptReport {
  const { name: script, build, path } = program;
  const place = program.handlers.find(({ name }) => name === what.handler);
  const at = { file: place?.file ?? path, line: place?.line ?? 0, column: place?.column ?? 0 };
  return { zone, tick, script, build, ...what, ...at, what: 'stopped', count: 1 };
}
