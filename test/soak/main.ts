/**
 * `npm run soak -- --minutes 60`: a server under load while it is broken in every way we know (docs/testing.md).
 * Ends with 1 when anything was lost, is there twice, came back too late, grows, or lives on.
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';
import { summarize, toText } from './summary.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    workers: { type: 'string', default: '2' },
    walkers: { type: 'string', default: '2' },
    patience: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

const number = (name: 'minutes' | 'workers' | 'walkers' | 'patience', least: number, most: number): number => {
  const value = Number(values[name]);
  if (value >= least && value <= most) return value;
  console.error(`--${name} wants a number from ${least} to ${most}, found ${values[name]}`);
  process.exit(2);
};

const outcome = await soak({
  minutes: number('minutes', 0.1, 10_000),
  seed: Number(values.seed ?? Date.now() % 1_000_000),
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
