/** What the node asks of the compiler process, and what it gets. */
import type { Fault, Game, Program, ZoneMap } from '../contract/content.ts';

/** `root` is the real path of a folder that the process may read. */
export type Job =
  | {
      readonly kind: 'script';
      readonly root: string;
      readonly path: string;
      readonly name: string;
      readonly role: Program['role'];
    }
  /** `folder` is the game's, inside the root: `games/farmyard`. */
  | { readonly kind: 'map'; readonly root: string; readonly path: string; readonly folder: string }
  | { readonly kind: 'game'; readonly root: string; readonly folder: string }
  /** A file for browsers, of which only the types are removed. It was read by whoever serves it. */
  | { readonly kind: 'page'; readonly path: string; readonly source: string };

export type JobResult =
  | { readonly kind: 'program'; readonly program: Program }
  | { readonly kind: 'map'; readonly map: ZoneMap }
  | { readonly kind: 'game'; readonly game: Game }
  | { readonly kind: 'page'; readonly code: string }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] };

export type ToCompiler = { readonly id: number; readonly job: Job };
/** `read` are the files that the result depends on, inside the root. */
export type FromCompiler =
  | { readonly ready: true }
  | { readonly id: number; readonly result: JobResult; readonly read: readonly string[] };

/** The file that a job is about. */
export function fileOf(job: Job): string {
  return job.kind === 'game' ? `${job.folder}/game.json` : job.path;
}
