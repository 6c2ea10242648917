/** Whether the folders that the settings name are there, before anything is started on them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { HostError } from '../contract/errors.ts';

/** A folder that is not there is a slip of the finger: it would bring nothing, without a word. @throws HostError `config.wrong` */
export function expectFolders({ roots, plugins }: Config): void {
  for (const [name, folders] of Object.entries({ roots, plugins })) {
    const missing = folders.find((folder) => !statSync(folder, { throwIfNoEntry: false })?.isDirectory());
    if (missing !== undefined) throw new HostError('config.wrong', `${name}: there is no folder ${missing}`);
  }
}

/** What to say when the game of `/` is not there. It may be dropped in while the node runs, so that this is no error. */
export function missingGame({ roots, game }: Config): readonly string[] {
  const isGame = (root: string, name: string) => existsSync(join(root, 'games', name, 'game.json'));
  if (roots.some((root) => isGame(root, game))) return [];
  const known = roots.flatMap((root) => {
    const folder = join(root, 'games');
    return existsSync(folder) ? readdirSync(folder).filter((name) => isGame(root, name)) : [];
  });
  return [`game: there is no game ${game} yet, and / shows nothing; there are ${known.sort().join(', ')}`];
}
