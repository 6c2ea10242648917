#!/usr/bin/env node
/**
 * `npm run bench`: installs what only the benchmarks use, when it is missing, and runs bench/main.ts under the Node that
 * Roost is pinned to. With `--check` it checks the types of bench/ instead. Plain JavaScript: any Node starts it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPinnedNode } from '../bin/pinned.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const pinned = findPinnedNode();
if ('problem' in pinned) {
  console.error(pinned.problem);
  process.exit(1);
}
/** npm under another Node picks other versions and builds for that Node. */
const env = { ...process.env, PATH: `${dirname(pinned.path)}${delimiter}${process.env.PATH ?? ''}` };

/** npm writes node_modules/.package-lock.json last: an interrupted install is seen as missing. */
function isInstalled() {
  const present = join(here, 'node_modules', '.package-lock.json');
  if (!existsSync(present)) return false;
  const wanted = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(present, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { integrity, optional }]) => path === '' || optional || found[path]?.integrity === integrity,
  );
}

/** Gives back the exit code. */
function run(/** @type {string} */ command, /** @type {readonly string[]} */ args, /** @type {object} */ options) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env, ...options });
  if (error) throw error;
  return status ?? 1;
}

if (!isInstalled()) {
  console.error('Roost: installing what only the benchmarks use, with npm ci in bench/.');
  const isWindows = process.platform === 'win32';
  // Scripts stay off: the one there is only looks for a binary that is a package of its own.
  const code = run(isWindows ? 'npm.cmd' : 'npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: here,
    shell: isWindows,
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) process.exit(code);
}

const args = process.argv.slice(2);
process.exitCode = args.includes('--check')
  ? run(pinned.path, [join(here, '..', 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here], {})
  : run(
      pinned.path,
      ['--import', new URL('../bin/hooks.js', import.meta.url).href, join(here, 'main.ts'), ...args],
      {},
    );
