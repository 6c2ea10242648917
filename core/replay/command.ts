/** `roost replay FILE`: runs an incident again and says in words where it breaks. */
import type { Incident } from '../contract/replay.ts';
import { toPlainText } from '../report/plain.ts';
import { readIncident } from './read.ts';
import { type Outcome, runIncident } from './run.ts';
import { writeTest } from './to-test.ts';

/** Exit codes: it ran through, it broke, it could not be run. */
export const exitCodes = { through: 0, broke: 3, failed: 1 } as const;

export type ReplayWords = {
  readonly file: string;
  /** Write a test instead of running it. */
  readonly toTest: boolean;
  readonly out: string | null;
  /** Folders whose scripts a test may stand beside. */
  readonly roots: readonly string[];
  readonly version: string;
  readonly say: (line: string) => void;
};

/** @returns the exit code. @throws HostError when the file is no incident */
export async function replayFile({ file, toTest, out, roots, version, ...words }: ReplayWords): Promise<number> {
  // What a file says is shown on a terminal.
  const say = (line: string) => words.say(toPlainText(line));
  const incident = await readIncident(file);
  for (const line of headOf(incident, version)) say(line);
  if (toTest) {
    const { test, copy } = await writeTest(file, incident, roots, out);
    say(`${test} is the test, and beside it lies the incident, ${copy}. Run it with: roost test`);
    say(isSlow(incident) ? 'It passes already: what is too slow breaks nothing here.' : 'It fails until it is mended.');
    return exitCodes.through;
  }
  const outcome = await runIncident(incident);
  for (const line of describe(outcome, incident)) say(line);
  return outcome.broke ? exitCodes.broke : exitCodes.through;
}

function headOf({ what, at, report, versions, recording }: Incident, version: string): string[] {
  const when = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const steps = recording.ops.filter(({ op }) => op === 'step').length;
  const lines = [
    `${names[what]} in ${recording.zone} on ${when} UTC, tick ${report.tick}: ${report.message}`,
    `${whoOf(report)}`,
    `${steps} ticks are recorded, from ${recording.base.kind === 'load' ? 'the start of the zone' : 'a checkpoint'} on.`,
  ];
  const { v8 } = process.versions;
  if (versions.roost !== version || versions.v8 !== v8)
    lines.push(
      `Recorded by roost ${versions.roost} on V8 ${versions.v8}, replayed by ${version} on ${v8}: it may differ.`,
    );
  return lines;
}

const names = {
  stop: 'A stop',
  kill: 'The end of a worker',
  rollback: 'A rollback',
  quarantine: 'A quarantine',
} as const;

function isSlow({ report }: Incident): boolean {
  return report.what === 'slow';
}

function describe({ broke, died, differs, tick, steps }: Outcome, incident: Incident): string[] {
  const { report } = incident;
  const lines: string[] = [];
  if (differs !== null) lines.push(`Before tick ${differs} the world was another than it was then.`);
  if (!broke) {
    const slow = isSlow(incident) ? ' What is too slow breaks nothing here.' : '';
    return [...lines, `It ran through: ${steps} ticks, up to tick ${tick}, and nothing broke.${slow}`];
  }
  const place = broke.line > 0 ? `${broke.file}:${broke.line}:${broke.column}` : broke.file;
  lines.push(`It breaks at tick ${tick}${died ? ', and takes its process along' : ''}: ${broke.message}`);
  lines.push(
    `  object   ${broke.object === null ? 'none' : `${broke.object}${broke.kind === null ? '' : ` (${broke.kind})`}`}`,
  );
  lines.push(`  handler  ${broke.handler} of ${broke.script}, build ${broke.build}`);
  lines.push(`  at       ${place}`);
  const isSame = broke.script === report.script && broke.handler === report.handler;
  if (!isSame && report.script !== '') lines.push('That is not what was recorded.');
  return lines;
}

function whoOf({ script, build, handler, object, file, line }: Incident['report']): string {
  if (script === '') return 'Nobody knew by which script.';
  const at = line > 0 ? `${file}:${line}` : file;
  return `${handler} of ${script} (${at}, build ${build})${object === null ? '' : `, object ${object}`}.`;
}
