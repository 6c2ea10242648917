/**
 * `npm run bench [name…] [--quick] [--rounds N] [--json] [--write] [--profile DIR]`: runs all rows or the named ones.
 * Progress goes to stderr, the table or the JSON to stdout. Ends with 0 when all targets are met, 2 when one is missed,
 * 1 when a row could not be measured.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, toSentence, withResults } from './page.ts';
import { judgeRow, type RowResult, toTable } from './report.ts';
import type { Context, Row } from './row.ts';
import { loadRows } from './rows.ts';

const usage = `Usage: npm run bench -- [name…] [--quick] [--rounds N] [--json] [--write] [--profile DIR] [--list]
  --quick        as short as it can be: does it work? The numbers mean little
  --rounds N     rounds for each side, 1 to 99 [3]
  --json         for programs; the progress goes to standard error
  --write        puts the results of a whole run into docs/performance.md
  --profile DIR  CPU profiles of the processes of Roost
  --list         what rows there are
It ends with 0 when all targets are met, 2 when one is missed, 1 when a row could not be measured.`;
const page = new URL('../docs/performance.md', import.meta.url);

const options = {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  json: { type: 'boolean', default: false },
  // Puts the results into docs/performance.md.
  write: { type: 'boolean', default: false },
  profile: { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws with how it is used, when the words are wrong */
function readWords() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = readWords();
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const rounds = values.rounds === undefined ? (values.quick ? 1 : 3) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 99) throw new Error(`--rounds takes 1 to 99\n${usage}`);
  if (values.write && (values.quick || positionals.length > 0 || values.profile !== undefined)) {
    throw new Error(`--write goes with a whole run, neither quick nor profiled\n${usage}`);
  }
  const rows = await loadRows(positionals);
  if (values.list) {
    for (const row of rows) console.log(`${row.name.padEnd(10)}${row.what}; against ${row.against}`);
    return 0;
  }
  const profile = values.profile === undefined ? undefined : resolve(values.profile);
  const results: RowResult[] = [];
  for (const row of rows) {
    results.push(await measure(row, { quick: values.quick, rounds, profile }));
  }
  const machine = describeMachine(new Date());
  if (values.json) console.log(JSON.stringify({ machine, quick: values.quick, rows: results }, null, 2));
  else print(toSentence(machine), results);
  if (values.write) await writeFile(page, withResults(await readFile(page, 'utf8'), machine, results));
  if (results.some(({ failed }) => failed !== null)) return 1;
  return results.some(({ verdicts }) => verdicts.some(({ met }) => met === false)) ? 2 : 0;
}

/** Stops what a row started, the last first. */
class Undos {
  readonly #all: (() => void | Promise<void>)[] = [];

  add(undo: () => void | Promise<void>): void {
    this.#all.push(undo);
  }

  async run(): Promise<void> {
    for (let undo = this.#all.pop(); undo !== undefined; undo = this.#all.pop()) await undo();
  }
}

async function measure(row: Row, options: Pick<Context, 'quick' | 'rounds' | 'profile'>): Promise<RowResult> {
  const undos = new Undos();
  const interrupt = (): void => void undos.run().finally(() => process.exit(1));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const startedMs = performance.now();
  const say = (text: string): void => console.error(`${row.name}: ${text}`);
  const folder = async (): Promise<string> => {
    const path = await mkdtemp(join(tmpdir(), `roost-bench-${row.name}-`));
    undos.add(() => rm(path, { recursive: true, force: true }));
    return path;
  };
  say(`${row.what}; against ${row.against}`);
  const { name, what, against } = row;
  const done = (part: Pick<RowResult, 'verdicts' | 'notes' | 'failed'>): RowResult => {
    return { row: name, what, against, ...part, seconds: Math.round((performance.now() - startedMs) / 100) / 10 };
  };
  try {
    const measured = await row.run({ ...options, say, folder, after: (undo) => undos.add(undo) });
    return done({ verdicts: judgeRow(row, measured), notes: measured.notes ?? [], failed: null });
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(failed);
    return done({ verdicts: [], notes: [], failed: error instanceof Error ? error.message : failed });
  } finally {
    await undos.run();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function print(machine: string, results: readonly RowResult[]): void {
  console.log(`${machine}\n\n${toTable(results)}`);
  for (const { row, notes, seconds } of results) {
    console.log(`\n${row} (${seconds} s)`);
    for (const note of notes) console.log(`  ${note}`);
  }
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  console.log(`\nall of it: ${(seconds / 60).toFixed(1)} minutes`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
