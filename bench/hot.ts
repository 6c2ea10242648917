/**
 * `node bench/hot.ts FILE.cpuprofile… [--top N]`: what dominates, as self time by function and by file, in percent of the
 * time in which the process did anything.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

type Node = {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
};
type Profile = {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

function selfTimes({ nodes, samples, timeDeltas }: Profile): ReadonlyMap<number, number> {
  const times = new Map<number, number>(nodes.map(({ id }) => [id, 0]));
  for (const [at, id] of samples.entries()) times.set(id, (times.get(id) ?? 0) + (timeDeltas[at] ?? 0));
  return times;
}

function fileOf(url: string): string {
  if (url === '') return '(engine)';
  return url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/(core|plugins|node_modules)\//, '$1/')
    .replace(/\?.*$/, '');
}

function show(path: string, top: number): void {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as Profile;
  const times = selfTimes(profile);
  const byFunction = new Map<string, number>();
  const byFile = new Map<string, number>();
  let busy = 0;
  let idle = 0;
  for (const { id, callFrame } of profile.nodes) {
    const time = times.get(id) ?? 0;
    const { functionName, url, lineNumber } = callFrame;
    if (functionName === '(idle)') {
      idle += time;
      continue;
    }
    // The profiler's own work.
    if (url === 'node:inspector') continue;
    busy += time;
    const file = fileOf(url);
    const place = `${functionName || '(anonymous)'}  ${file}${url === '' ? '' : `:${lineNumber + 1}`}`;
    byFunction.set(place, (byFunction.get(place) ?? 0) + time);
    byFile.set(file, (byFile.get(file) ?? 0) + time);
  }
  console.log(`${basename(path)}: busy ${(busy / 1e6).toFixed(2)} s of ${((busy + idle) / 1e6).toFixed(2)} s`);
  if (busy === 0) return;
  for (const [title, rows] of [
    ['by function', byFunction],
    ['by file', byFile],
  ] as const) {
    console.log(`  ${title}`);
    const sorted = [...rows].sort(([, a], [, b]) => b - a).slice(0, top);
    for (const [name, time] of sorted) console.log(`  ${((time / busy) * 100).toFixed(1).padStart(6)} %  ${name}`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { top: { type: 'string', default: '25' } },
});
for (const path of positionals) show(path, Number(values.top));
