/** CPU profiles of a server's processes over exactly the time that is measured: see profile.js. */
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { treeOf } from './cpu.ts';

const preload = fileURLToPath(new URL('profile.js', import.meta.url));
const writeMs = 20_000;

/** What NODE_OPTIONS has to say so that a node and its workers can be profiled. */
export function profileOptions(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return `--import ${pathToFileURL(preload).href}?folder=${encodeURIComponent(folder)}`;
}

/** Starts profiling every process of the server that listens. @returns How to end it: resolves when all is written. */
export function startProfiles(folder: string, server: number): () => Promise<readonly string[]> {
  const tree = new Set(treeOf(server));
  const listening = readdirSync(folder)
    .map((name) => /^\w+-(\d+)\.pid$/.exec(name)?.[1])
    .filter((pid) => pid !== undefined)
    .map(Number)
    .filter((pid) => tree.has(pid));
  const before = profilesIn(folder);
  for (const pid of listening) process.kill(pid, 'SIGUSR2');
  return async () => {
    for (const pid of listening) process.kill(pid, 'SIGUSR2');
    const until = performance.now() + writeMs;
    while (performance.now() < until) {
      const written = profilesIn(folder).filter((name) => !before.includes(name));
      if (written.length >= listening.length) return written;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`not every process wrote its profile to ${folder}`);
  };
}

function profilesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
}
