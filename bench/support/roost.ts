/** Roost as anybody runs it: `bin/roost.js start` with a root of our own in a temporary folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../row.ts';
import { type Child, startChild } from './child.ts';
import { profileOptions } from './profiling.ts';

const home = fileURLToPath(new URL('../..', import.meta.url));

export type RoostOptions = {
  /** The root's files: path → text, or data that is written as JSON. `games/<game>/game.json` is among them. */
  readonly files: Readonly<Record<string, string | object>>;
  readonly game: string;
  /** More flags of `roost start`, such as `--workers 1`. */
  readonly flags?: readonly string[];
};

export type RoostServer = {
  readonly url: string;
  readonly port: number;
  /** The node process; workers are below it. */
  readonly pid: number;
  /** Folder of scripts and games; save a file there and it is reloaded. */
  readonly root: string;
  readonly data: string;
  readonly child: Child;
  stop(): Promise<void>;
};

/**
 * Settings that differ from the defaults: a load generator has one address, and a log nobody reads costs as much as one
 * somebody does. Nothing else is changed.
 */
const loadFlags = [
  ['--sessions-per-address', '100000'],
  ['--new-sessions-per-second', '100000'],
  ['--sessions-most', '100000'],
  ['--log', 'warn'],
].flat();

/** Starts a node in a folder of its own and resolves when it serves. It is stopped after the row at the latest. */
export async function startRoost(context: Context, options: RoostOptions): Promise<RoostServer> {
  const folder = await context.folder();
  const root = join(folder, 'root');
  const data = join(folder, 'data');
  for (const [path, content] of Object.entries(options.files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  const args = [
    ...[join(home, 'bin', 'roost.js'), 'start', '--port', '0', '--data', data, '--root', root, '--game', options.game],
    ...loadFlags,
    ...(options.flags ?? []),
  ];
  const child = startChild(process.execPath, args, { cwd: folder, env: environment(context.profile) });
  context.after(() => child.stop());
  const line = await child.line((text) => text.includes('http://'));
  const url = /https?:\/\/[^\s/]+/.exec(line)?.[0];
  if (url === undefined) throw new Error(`Roost printed no address: ${line}`);
  return { url, port: Number(new URL(url).port), pid: child.pid, root, data, child, stop: () => child.stop() };
}

function environment(profile: string | undefined): NodeJS.ProcessEnv {
  const { npm_lifecycle_event: _, NODE_OPTIONS: __, ...rest } = process.env;
  // It ends with the benchmark, also when that is killed.
  const env = { ...rest, ROOST_LAUNCHER_PID: String(process.pid) };
  if (profile === undefined) return env;
  return { ...env, NODE_OPTIONS: profileOptions(profile) };
}
