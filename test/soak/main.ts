/**
 * `npm run soak -- --minutes 60`: a server under load while it is broken in every way we know (docs/testing.md).
 * Ends with 1 when anything was lost, is there twice, came back too late, grows, or lives on.
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';
import { summarize, toText } from './summary.ts';

const usage = `Usage: npm run soak -- [--minutes N] [--seed N] [--workers N] [--walkers N] [--patience SECONDS] [--json] [--quiet] [--keep]
docs/testing.md explains them. It ends with 0 when all is well, 1 when something is not, 2 when a word here is wrong.`;

const { values } = readWords();
if (values.help) {
  console.log(usage);
  process.exit(0);
}

function readWords() {
  try {
    return parseArgs({
      options: {
        minutes: { type: 'string', default: '1' },
        seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
        workers: { type: 'string', default: '2' },
        walkers: { type: 'string', default: '2' },
        patience: { type: 'string', default: '30' },
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`${why}\n${usage}`);
  process.exit(2);
}

function number(name: 'minutes' | 'seed' | 'workers' | 'walkers' | 'patience', least: number, most: number): number {
  const value = Number(values[name]);
  if (value >= least && value <= most) return value;
  return refuse(`--${name} wants a number from ${least} to ${most}, found ${values[name]}`);
}

const outcome = await soak({
  minutes: number('minutes', 0.1, 10_000),
  seed: number('seed', 0, 2 ** 31),
  workers: number('workers', 1, 64),
  walkersEach: number('walkers', 1, 50),
  patienceMs: number('patience', 1, 600) * 1000,
  say: (line) => values.quiet || console.error(line),
});
const summary = summarize(outcome);
console.log(values.json ? JSON.stringify(summary, null, 2) : toText(summary));
const failed = summary.violations.length > 0;
if (!failed && !values.keep) await rm(dirname(summary.log), { recursive: true, force: true, maxRetries: 5 });
process.exit(failed ? 1 : 0);
