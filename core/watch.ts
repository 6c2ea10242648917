/** Tells when files below folders change. The only file that knows chokidar. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { watch } from 'chokidar';
import type { Config } from './config.ts';

/** Absolute paths, sorted. */
export type Batch = { readonly changed: readonly string[]; readonly removed: readonly string[] };

/** Levels of folders below a watched one. */
const DEEPEST = 8;
/** Bytes; a longer file is told apart by its size and time. */
const LONGEST_HASHED = 8 * 1024 * 1024;
const GONE = 'gone';

/**
 * Watches folders, also ones that come later. Links are not followed; names beginning with a dot are left out.
 * @param changed  Called with files once their content has stayed the same for `settleMs`: an editor writes in several
 *                 steps, and a file that is deleted and made again was edited. Not called when the content is as before.
 * @returns the undo, when the folders are watched.
 */
export async function watchFolders(
  { poll, pollMs, settleMs }: Pick<Config, 'poll' | 'pollMs' | 'settleMs'>,
  folders: readonly string[],
  changed: (batch: Batch) => void,
): Promise<() => Promise<void>> {
  const watcher = watch([...folders], {
    followSymlinks: false,
    ignoreInitial: true,
    depth: DEEPEST,
    usePolling: poll,
    interval: pollMs,
    ignored: (path) => /[\\/](?:\.[^\\/.]+|node_modules)$/.test(path),
  });
  /** What is not settled yet, since when its content is what it is; and the content that was told. */
  const unsettled = new Map<string, { readonly content: string; readonly since: number }>();
  const told = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const settled: string[] = [];
    const at = performance.now();
    for (const [path, { content, since }] of unsettled) {
      const now = contentOf(path);
      if (now !== content) unsettled.set(path, { content: now, since: at });
      if (now !== content || at - since < settleMs) continue;
      unsettled.delete(path);
      if (told.get(path) === now) continue;
      told.set(path, now);
      settled.push(path);
    }
    timer = unsettled.size > 0 ? setTimeout(look, settleMs / 2) : undefined;
    settled.sort();
    const isGone = (path: string) => told.get(path) === GONE;
    if (settled.length === 0) return;
    changed({ changed: settled.filter((path) => !isGone(path)), removed: settled.filter(isGone) });
    for (const path of settled) if (isGone(path)) told.delete(path);
  }

  watcher.on('all', (_, path) => {
    unsettled.set(path, { content: contentOf(path), since: performance.now() });
    timer ??= setTimeout(look, settleMs);
  });
  await new Promise<void>((ready, failed) => watcher.once('ready', ready).once('error', failed));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}

/** A word for what the file holds now. Opening a pipe must not wait for its writer. */
function contentOf(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    if (!stats.isFile()) return 'no file';
    if (stats.size > LONGEST_HASHED) return `${stats.size} ${stats.mtimeMs}`;
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' || code === 'ENOTDIR' ? GONE : code;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
