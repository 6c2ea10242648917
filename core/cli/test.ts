/** `roost test`: runs the tests beside scripts and plugins under vitest, whatever folder they are in. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Vitest from 'vitest/node';
import { HostError } from '../contract/errors.ts';

export type TestOptions = {
  /** Absolute folders whose tests are run. */
  readonly roots: readonly string[];
  /** Absolute folders of plugins whose tests are run, beside `plugins/` of the roots. */
  readonly plugins: readonly string[];
  /** Only files whose path has one of these in it; all when there are none. */
  readonly files: readonly string[];
  /** Stays, and runs again what a saved file concerns. */
  readonly watch: boolean;
};

/** Folder of this installation. */
const home = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
const hooks = pathToFileURL(join(home, 'bin/hooks.js')).href;

const inRoot = [
  'scripts/**/*.test.ts',
  'games/*/scripts/**/*.test.ts',
  'games/*/zones/**/*.test.ts',
  'plugins/**/*.test.ts',
];
const inPlugins = ['**/*.test.ts'];
/** What tests read beside what they import: scripts, maps, games. */
const isRead = /\.(?:ts|tmj|tsj|json)$/;

/** Nothing is left in the tested folder. */
const keepsNothing = { cache: false, fsModuleCache: false } as const;

/** Runs the tests. @returns the exit code; while watching only when it is ended */
export async function runTests({ roots, plugins, files, watch }: TestOptions): Promise<number> {
  const { startVitest } = await loadVitest();
  const notes = mkdtempSync(join(tmpdir(), 'roost-test-'));
  const list = join(notes, 'reads');
  const folders = [...new Set([...roots, ...plugins])];
  const [root = process.cwd()] = folders;
  const common = {
    ...{ pool: 'forks' as const, isolate: false, retry: 0, testTimeout: 60_000, hookTimeout: 60_000 },
    ...keepsNothing,
    setupFiles: [join(home, 'core/testing/setup.ts')],
    // isolated-vm refuses to load beside V8's startup snapshot; the hooks say what `roost` is and strip types.
    execArgv: ['--no-node-snapshot', '--import', hooks],
    // Roost's own files are loaded by Node as they are: nothing of them has to be transformed for each test.
    server: { deps: { external: [new RegExp(`^${RegExp.escape(home)}/core/`)] } },
    env: { ...settingsFor(roots, plugins), ROOST_TEST_READS: list },
  };
  const options: Vitest.CliOptions = {
    ...{ config: false, root, watch, run: !watch, passWithNoTests: false, maxWorkers: 2 },
    ...keepsNothing,
    watchTriggerPatterns: [{ pattern: isRead, testsToRun: (file) => testsThatRead(list, file) }],
    projects: folders.map((folder) => ({
      plugins: [ownModules()],
      root: folder,
      test: { ...common, name: nameOf(folder, folders), include: include(folder, roots) },
    })),
  };
  try {
    const vitest = await startVitest(files.map(resolveFilter), options, {
      server: { watch: { ignored: ['**/node_modules/**', '**/.git/**'] } },
    });
    if (watch) {
      for (const folder of folders) vitest.vite.watcher.add(watched(folder, roots));
      await new Promise<void>((ended) => vitest.onClose(ended));
    } else await vitest.close();
    return Number(process.exitCode ?? 0);
  } finally {
    rmSync(notes, { recursive: true, force: true });
  }
}

/** What is tested, as settings of a node: a test may start one. The built-in folders are there anyway. */
function settingsFor(roots: readonly string[], plugins: readonly string[]): Record<string, string> {
  const own = roots.filter((root) => root !== home);
  const beside = own.map((root) => join(root, 'plugins')).filter((folder) => existsSync(folder));
  const folders = new Set([...plugins, ...beside]);
  return { ROOST_ROOTS: own.join(delimiter), ROOST_PLUGINS: [...folders].join(delimiter) };
}

function include(folder: string, roots: readonly string[]): string[] {
  return roots.includes(folder) ? inRoot : inPlugins;
}

function watched(folder: string, roots: readonly string[]): string[] {
  const below = roots.includes(folder) ? ['scripts', 'games', 'plugins'] : ['.'];
  return below.map((name) => join(folder, name)).filter((path) => existsSync(path));
}

/** A path as typed becomes absolute; anything else is a part of a name. */
function resolveFilter(file: string): string {
  const path = resolve(file);
  return existsSync(path) ? path : file;
}

/** `roost/…` means this installation, in every folder. */
function ownModules(): Vitest.Vite.Plugin {
  const { exports } = manifest();
  // Of the two that a name may have, its source.
  const source = (file: Exported) => (typeof file === 'string' ? file : file.types);
  const own = new Map(
    Object.entries(exports).map(([name, file]) => [`roost${name.slice(1)}`, join(home, source(file))]),
  );
  return { name: 'roost', enforce: 'pre', resolveId: (id) => own.get(id) ?? null };
}

/** What stands before its tests: the name of the folder, or the whole path when another has the same. */
function nameOf(folder: string, folders: readonly string[]): string {
  const name = basename(folder);
  return folders.some((other) => other !== folder && basename(other) === name) ? folder : name;
}

/** Tests that have read the file; null leaves it to vitest, which knows what tests import. */
function testsThatRead(list: string, file: string): string[] | null {
  if (!existsSync(list)) return null;
  const lines = readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const tests = lines.map((line) => JSON.parse(line) as [string, string]).filter(([, read]) => read === file);
  return tests.length > 0 ? [...new Set(tests.map(([test]) => test))] : null;
}

/** @throws HostError `config.wrong` with what to install */
async function loadVitest(): Promise<typeof Vitest> {
  try {
    return await import('vitest/node');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  }
  const isClone = existsSync(join(home, 'package-lock.json'));
  if (!isClone) {
    throw new HostError(
      'config.wrong',
      `The tests of scripts run under vitest, which is not installed.\nNext step: npm install --save-dev vitest@${manifest().peerDependencies.vitest}`,
    );
  }
  const setup = spawnSync(process.execPath, [join(home, 'bin/setup.js'), '--dev'], { stdio: 'inherit' });
  if (setup.status !== 0) throw new HostError('config.wrong', 'vitest could not be installed: see above');
  return import('vitest/node');
}

/** Where a name leads; in two ways where plain Node must read it too. */
type Exported = string | { readonly types: string };

type Manifest = {
  readonly exports: Readonly<Record<string, Exported>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest;
}
