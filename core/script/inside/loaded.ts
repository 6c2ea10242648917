/** The scripts of a zone: their files run once, and those that are not fit to run are told and left out. */
import type { Program } from '../../contract/content.ts';
import type { LoadIn, LoadOut } from '../../contract/driver.ts';
import type { ScriptReport } from '../../contract/link.ts';
import type { Kept } from './costs.ts';
import { here, type Obj } from './here.ts';
import type { Locked } from './lockdown.ts';
import { failureOf, sourceName } from './reports.ts';
import { type Handler, mostHandlers, readScript, type Script } from './script.ts';

/** What scripts are loaded with. */
export type Parts = {
  readonly locked: Locked;
  /** What they import from `roost`. */
  readonly names: object;
  /** The realm's `eval`, which scripts never get. */
  readonly run: (code: string) => unknown;
  readonly kept: Kept;
};

export type Loaded = {
  /** By kind. */
  readonly scripts: ReadonlyMap<string, Script>;
  /** The zone's own. */
  readonly zone: Script | null;
  readonly handlers: LoadOut['handlers'];
  readonly faults: readonly ScriptReport[];
  /** A script does not fit what is stored: it is left out. Once the zone has begun that is only told. */
  discard(script: Script, handler: string, thrown: unknown, of?: Obj | null): void;
  begin(): void;
  failure(thrown: unknown, path: string): ReturnType<typeof failureOf>;
};

/** Handler numbers in the blame words that are none: nothing of a script runs; the file of the first program does. */
const noWord = -1;
const fileWord = -2;

export function loadScripts(load: LoadIn, { locked, names, run, kept }: Parts): Loaded {
  const { programs } = load;
  const handlers: LoadOut['handlers'][number][] = [];
  const faults: ScriptReport[] = [];
  const scripts = new Map<string, Script>();
  let zone: Script | null = null;
  let begun = false;

  const number = ({ script, name }: Omit<Handler, 'number'>) => {
    if (handlers.length >= mostHandlers.zone)
      throw new RangeError(`the zone has ${mostHandlers.zone} handlers already`);
    return handlers.push({ script: script.name, build: script.build, handler: name }) - 1;
  };
  const failure = (thrown: unknown, path: string) => failureOf(thrown, programs, { path }, locked.peek);
  const fault = (
    program: Pick<Program, 'name' | 'path' | 'build'>,
    handler: string,
    thrown: unknown,
    of: Obj | null = null,
  ) => {
    const { name: script, build, path } = program;
    const where = { zone: load.zone, tick: 0, object: of?.id ?? null, kind: of?.kind ?? null, script, build, handler };
    faults.push({ ...where, ...failure(thrown, path), what: 'load', count: 1 });
  };

  programs.forEach((program, index) => {
    try {
      kept.mark(-1, fileWord - index);
      const entry = run(`${program.code}\n//# sourceURL=${sourceName(index)}`) as (
        roost: object,
        line: Kept['line'],
      ) => { default: unknown };
      const script = readScript(program, entry(names, kept.line).default, load.character, number);
      if (program.role === 'zone') zone = script;
      else scripts.set(program.name, script);
    } catch (thrown) {
      fault(program, 'file', thrown);
    }
  });
  kept.mark(-1, noWord);

  const usable = (script: Script) => (script.role === 'zone' ? zone === script : scripts.get(script.name) === script);
  return {
    scripts,
    get zone() {
      return zone;
    },
    handlers,
    faults,
    failure,
    discard(script, handler, thrown, of = null) {
      // A newcomer that does not fit is told; the others keep their script.
      if (begun) return here.reporter.report('throw', script, of, handler, failure(thrown, script.path));
      if (!usable(script)) return;
      fault(script, handler, thrown, of);
      if (script.role === 'zone') zone = null;
      else scripts.delete(script.name);
    },
    begin() {
      begun = true;
    },
  };
}
