/** Tells when files below folders change. The only file that knows chokidar. */
import { watch } from 'chokidar';
import type { Config } from './config.ts';

/**
 * Watches folders, also ones that come later. Links are not followed.
 * @param changed  Called once the files have been left alone for `settleMs`: an editor writes in several steps, and a
 *                 file that is deleted and made again was edited.
 * @returns the undo, when the folders are watched.
 */
export async function watchFolders(
  { poll, pollMs, settleMs }: Pick<Config, 'poll' | 'pollMs' | 'settleMs'>,
  folders: readonly string[],
  changed: () => void,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...folders], {
    followSymlinks: false,
    ignoreInitial: true,
    depth: 12,
    usePolling: poll,
    interval: pollMs,
    ignored: (path) => /[\\/](?:\.[^\\/.]+|node_modules)$/.test(path),
  });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(changed, settleMs);
  });
  await new Promise<void>((ready, failed) => watcher.once('ready', ready).once('error', failed));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}
