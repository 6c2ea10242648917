/**
 * What came of files that have not changed since: at every save all games are looked through again, and compiling what
 * is as it was would cost most of the time.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, JobResult } from './jobs.ts';

/** Of a script, a map or a game; a page's text is part of its job. */
export type FileJob = Exclude<Job, { kind: 'page' }>;

export interface Known {
  /** The result of the job, when every file that it read is still the same. */
  find(job: FileJob): JobResult | undefined;
  /**
   * @param files     Paths inside the root that the job has read.
   * @param startedMs Unix milliseconds before it read them. A file that was written about then may have been read half.
   */
  keep(job: FileJob, result: JobResult, files: readonly string[], startedMs: number): void;
}

type Entry = { readonly result: JobResult; readonly files: readonly (readonly [path: string, mark: string])[] };

/** Results that are kept; those used least recently go. */
const resultsMost = 5_000;
/** Clocks of file systems are coarse: what was written so shortly before is read once more. */
const coarseMs = 100;

export function createKnown(): Known {
  const entries = new Map<string, Entry>();

  return {
    find(job) {
      const key = JSON.stringify(job);
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (entry.files.some(([path, mark]) => look(job.root, path)?.mark !== mark)) return undefined;
      entries.set(key, entry);
      return entry.result;
    },
    keep(job, result, files, startedMs) {
      // What is broken is read again: its fault may be one of the compiler's.
      if (result.kind === 'faults' || files.length === 0) return;
      const marks: (readonly [string, string])[] = [];
      for (const path of files) {
        const found = look(job.root, path);
        if (!found || found.changedMs > startedMs - coarseMs) return;
        marks.push([path, found.mark]);
      }
      entries.set(JSON.stringify(job), { result, files: marks });
      for (const key of entries.keys()) {
        if (entries.size <= resultsMost) break;
        entries.delete(key);
      }
    },
  };
}

/** What tells one content of a file from another without reading it; null when there is none. */
function look(root: string, path: string): { readonly mark: string; readonly changedMs: number } | null {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = statSync(join(root, path), { bigint: true });
    return { mark: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changedMs: Number(ctimeMs) };
  } catch (error) {
    // Gone, or out of reach: whoever reads it says so.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}
