/** What people ask of designers' builds: what became of each, and to give one another chance. */
import type { Reloads } from '../contract/ports.ts';
import type { Builds } from './builds.ts';
import type { Swaps } from './swaps.ts';

export type ReloadsOptions = {
  readonly builds: Builds;
  readonly swaps: Swaps;
  /** Whether the file is there. */
  readonly exists: (path: string) => boolean;
  /** Files are read again, and every zone is given what may run now. */
  readonly again: () => Promise<void>;
};

export function createReloads({ builds, swaps, exists, again }: ReloadsOptions): Reloads {
  return {
    list: (limit, path) => swaps.list(limit, path),
    standing: builds.standing,
    async lift(path) {
      const lifted = await builds.lift(path);
      const forgotten = !exists(path) && (await builds.forget(path));
      if (!lifted && !forgotten) return false;
      const why = lifted ? 'somebody lifted what stood against it' : 'somebody let its kind go';
      swaps.settle({ path, build: builds.good(path)?.build ?? '' }, { outcome: 'lifted', place: '', why });
      await again();
      return true;
    },
  };
}
