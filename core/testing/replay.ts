/** An incident run again with the scripts as they are on disk now: what `roost replay FILE --to-test` writes uses it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from '../contract/content.ts';
import type { Incident } from '../contract/replay.ts';
import { readIncident } from '../replay/read.ts';
import { runIncident } from '../replay/run.ts';
import { compileScript } from '../script/compile.ts';
import { ScriptError } from './errors.ts';

/** What broke, as it is told: `chicken.ts:12:5 tick: it did not come back`; null when it ran through. */
export type ReplayResult = { readonly broke: string | null; readonly tick: number };

/**
 * Runs what led to an incident again, in a process of its own with the limits of then.
 * @param file  The incident.
 * @param from  `root`: the folder whose scripts take the place of those recorded; files that are not there stay as they
 *   were.
 * @throws ScriptError where a script does not compile; Error when the incident cannot be run
 */
export async function replay(file: URL | string, from: { readonly root: URL | string }): Promise<ReplayResult> {
  const incident = await readIncident(toPath(file));
  const { broke, tick } = await runIncident(incident, onDisk(incident, toPath(from.root)));
  if (!broke) return { broke: null, tick };
  return { broke: `${broke.file}:${broke.line}:${broke.column} ${broke.handler}: ${broke.message}`, tick };
}

/** The recorded programs as their files say now. */
function onDisk({ recording }: Incident, root: string): readonly Program[] {
  const read = (path: string) => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return null;
      throw error;
    }
  };
  const known = new Map(recording.programs.map((program) => [`${program.role} ${program.name}`, program]));
  return [...known.values()].flatMap(({ path, role, name }) => {
    if (read(path) === null) return [];
    const compiled = compileScript({ path, role, name, read });
    if (compiled.kind === 'ok') return [compiled.program];
    const [fault = { file: path, line: 0, column: 0, message: 'it does not compile' }] = compiled.faults;
    throw new ScriptError(fault, null, (file) => join(root, file));
  });
}

function toPath(where: URL | string): string {
  return where instanceof URL || where.startsWith('file:') ? fileURLToPath(where) : where;
}
