/** Designers' files as the page's drawer edits them: listed with what became of them, opened, saved. */
import { createHash } from 'node:crypto';
import { editableBytes, listEditable, readEditable, writeEditable } from '../content/editable.ts';
import { HostError } from '../contract/errors.ts';
import type { Clock, Log, Reports, ScriptState, Scripts } from '../contract/ports.ts';
import type { Builds } from './builds.ts';
import type { Swaps } from './swaps.ts';

export type ScriptsOptions = {
  /** Absolute folders, the built-in one first. */
  readonly roots: readonly string[];
  /** The build of what was compiled last, by path. */
  readonly newest: () => ReadonlyMap<string, string>;
  readonly builds: Pick<Builds, 'standing' | 'good'>;
  readonly swaps: Pick<Swaps, 'savedBy'>;
  /** How long a new build is on probation. */
  readonly probationMs: number;
  readonly reports: Reports;
  readonly clock: Clock;
  readonly log: Log;
};

/** Texts kept to go back to. */
const originalsMost = 200;

export function createScripts({ roots, newest, builds, swaps, probationMs, ...parts }: ScriptsOptions): Scripts {
  const { reports, clock, log } = parts;
  /** When a new build of a script was told last, in milliseconds. */
  const changed = new Map<string, number>();
  /** What stood in a file when it was opened first in this life of the node. */
  const originals = new Map<string, string>();
  reports.onWatch(({ what, path }) => {
    if (what === 'reload') changed.set(path, clock.monotonicMs());
  });

  /** How scripts stand that are not simply running. */
  function findStates(built: ReadonlyMap<string, string>): ReadonlyMap<string, ScriptState> {
    const states = new Map<string, ScriptState>();
    const nowMs = clock.monotonicMs();
    for (const [path, at] of changed) if (nowMs - at < probationMs) states.set(path, 'probation');
    const { quarantined, held } = builds.standing();
    for (const { path, build } of quarantined) {
      if (built.get(path) === build) states.set(path, builds.good(path) === undefined ? 'quarantined' : 'back');
    }
    for (const { path } of held) states.set(path, 'held');
    return states;
  }

  function read(path: string): { readonly text: string; readonly folder: string } {
    const found = readEditable(roots, path);
    if (found.kind === 'ok' && found.folder !== undefined) return { text: found.text, folder: found.folder };
    const why = found.kind === 'refused' ? `: ${found.reason}` : '';
    throw new HostError('script.unknown', `No script ${path.slice(0, 200)} may be edited${why}`);
  }

  function keepOriginal(path: string, text: string): void {
    if (!originals.has(path) && originals.size < originalsMost) originals.set(path, text);
  }

  return {
    list() {
      const built = newest();
      const states = findStates(built);
      return listEditable(roots).map(({ path, name, role, game }) => {
        return { path, name, role, game, build: built.get(path) ?? null, state: states.get(path) ?? 'running' };
      });
    },
    open(path) {
      const { text } = read(path);
      keepOriginal(path, text);
      return { path, text, hash: hashOf(text) };
    },
    original(path) {
      const { text } = read(path);
      const original = originals.get(path) ?? text;
      return { path, text: original, hash: hashOf(text) };
    },
    save({ path, text, hash, range, by }) {
      const { text: former, folder } = read(path);
      if (hashOf(former) !== hash) {
        throw new HostError('script.changed', `${path} was changed meanwhile: open it again`, { hash: hashOf(former) });
      }
      const next = range === undefined ? text : former.slice(0, range[0]) + text + former.slice(range[1]);
      if (Buffer.byteLength(next) > editableBytes) {
        throw new HostError('script.too-long', `${path} would have more than ${editableBytes / 1024} KB`);
      }
      keepOriginal(path, former);
      try {
        if (next !== former) {
          swaps.savedBy(path, by);
          writeEditable(folder, path, next);
        }
      } catch (error) {
        log.warn({ path, error }, 'script not written');
        throw new HostError('script.not-written', `${path} cannot be written`);
      }
      log.info({ path, by, hash: hashOf(next) }, 'script saved from a page');
      return { path, hash: hashOf(next) };
    },
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
