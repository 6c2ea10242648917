/** What went wrong in scripts, told once and then counted. */
import type { Program } from '../../contract/content.ts';
import type { ScriptReport } from '../../contract/link.ts';
import { here, type Obj } from './here.ts';
import type { Script } from './script.ts';

/** Seconds between two reports of the same. */
const quiet = 10;
/** Different reports remembered; beyond it the oldest are forgotten. */
const mostKinds = 500;
/** Players named in a report: more make no difference to what is decided by them. */
const mostCallers = 3;
/** Reports of one tick. */
const perTick = 50;
const longestMessage = 500;

/** Where and why a script failed. */
export type Failure = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

export interface Reporter {
  report(
    what: ScriptReport['what'],
    script: Pick<Script, 'name' | 'path' | 'build'>,
    object: Obj | null,
    handler: string,
    failure: Failure,
    caller?: string | null,
  ): void;
  /** What to tell now. */
  take(): readonly ScriptReport[];
  save(): readonly SavedCount[];
  restore(saved: readonly SavedCount[]): void;
}

/** A report, when it was told last (null: never), how often since, and by whose calls. */
export type SavedCount = readonly [key: string, last: number | null, more: number, callers: readonly string[]];

export function createReporter(): Reporter {
  const counts = new Map<string, { last: number; more: number; callers: readonly string[] }>();
  let reports: ScriptReport[] = [];
  return {
    report(what, script, object, handler, failure, caller = null) {
      const message = failure.message.slice(0, longestMessage).toWellFormed();
      const parts = [what, script.name, script.build, handler, failure.file, failure.line, message];
      const key = [...parts, caller === null ? 'itself' : 'called'].join('\n');
      const count = counts.get(key) ?? { last: Number.NEGATIVE_INFINITY, more: 0, callers: [] };
      count.more++;
      const isNew = caller !== null && count.callers.length < mostCallers && !count.callers.includes(caller);
      if (isNew) count.callers = [...count.callers, caller];
      counts.delete(key);
      counts.set(key, count);
      // Who else causes it is told at once: probation counts them.
      if ((!isNew && here.time - count.last < quiet) || reports.length >= perTick) return;
      reports.push({
        zone: here.zone,
        tick: here.tick,
        object: object?.id ? object.id : null,
        kind: object?.id ? object.kind : null,
        script: script.name,
        build: script.build,
        handler,
        ...failure,
        message,
        what,
        count: count.more,
        ...(caller === null ? {} : { callers: count.callers }),
      });
      count.last = here.time;
      count.more = 0;
      for (const old of counts.keys()) {
        if (counts.size <= mostKinds) break;
        counts.delete(old);
      }
    },
    save: () =>
      [...counts].map(([key, { last, more, callers }]) => [key, Number.isFinite(last) ? last : null, more, callers]),
    restore(saved) {
      counts.clear();
      for (const [key, last, more, callers] of saved)
        counts.set(key, { last: last ?? Number.NEGATIVE_INFINITY, more, callers });
    },
    take() {
      const now = reports;
      reports = [];
      return now;
    },
  };
}

/** Name under which the engine knows the code of a program. */
export function sourceName(index: number): string {
  return `script-${index}`;
}

/**
 * Reads a thrown value without running a script's code: getters are not called, stacks are the engine's.
 * @param peek  Reads a property safely.
 */
export function failureOf(
  thrown: unknown,
  programs: readonly Program[],
  fallback: { readonly path: string },
  peek: (object: unknown, key: PropertyKey) => unknown,
): Failure {
  const message = messageOf(thrown, peek);
  const stack = peek(thrown, 'stack');
  // Stacks and messages can be made up: they name places of the script's own files and no others.
  const own = programs.findIndex(({ path }) => path === fallback.path);
  const place = new RegExp(`${sourceName(own)}:(\\d+):(\\d+)`);
  const found = typeof stack === 'string' ? place.exec(stack.slice(0, 4_000)) : null;
  const line = Number(found?.[1] ?? 0);
  const file = programs[own]?.files.findLast((f) => f.line <= line);
  if (!file) return { file: fallback.path, ...definedAt(programs, fallback.path, message), message };
  return { file: file.path, line: line - file.line + 1, column: Number(found?.[2] ?? 0), message };
}

/**
 * Where a definition that is refused stands: at the key that the message quotes, or where the definition begins. Found in
 * the text, since nothing of the script ran when it was read; 0 when it is not there.
 */
function definedAt(programs: readonly Program[], path: string, message: string): { line: number; column: number } {
  const program = programs.find((one) => one.path === path);
  const index = program?.files.findIndex((one) => one.path === path) ?? -1;
  const from = program?.files[index]?.line;
  if (!program || from === undefined) return { line: 0, column: 0 };
  const lines = program.code.split('\n').slice(from - 1, (program.files[index + 1]?.line ?? Infinity) - 1);
  const begins = lines.findIndex((text) => /\bdefine(?:Object|Zone)\s*\(/.test(text));
  const key = /'([\w-]+)'/.exec(message)?.[1];
  const named = key === undefined ? null : new RegExp(`\\b${key}['"]?\\s*[:(]`);
  const line = lines.findIndex((text, number) => number >= begins && named?.test(text));
  if (line !== -1) return { line: line + 1, column: (lines[line]?.search(named ?? '') ?? 0) + 1 };
  return begins === -1
    ? { line: 0, column: 0 }
    : { line: begins + 1, column: (lines[begins]?.indexOf('define') ?? 0) + 1 };
}

function messageOf(thrown: unknown, peek: (object: unknown, key: PropertyKey) => unknown): string {
  if (typeof thrown !== 'object' && typeof thrown !== 'function')
    return `thrown: ${String(thrown)}`.slice(0, longestMessage);
  const name = peek(thrown, 'name');
  const message = peek(thrown, 'message');
  if (typeof message !== 'string') return 'something was thrown that is no error';
  return `${typeof name === 'string' ? name.slice(0, 100) : 'Error'}: ${message.slice(0, longestMessage)}`;
}
