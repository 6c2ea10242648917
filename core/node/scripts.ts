/** Designers' files as the page's drawer edits them: listed with what became of them, opened, saved. */
import { createHash } from 'node:crypto';
import { editableBytes, listEditable, readEditable, writeEditable } from '../content/editable.ts';
import { HostError } from '../contract/errors.ts';
import type { Log, Reports, ScriptState, Scripts } from '../contract/ports.ts';
import type { WatchMessage } from '../contract/protocol.ts';

export type ScriptsOptions = {
  /** Absolute folders, the built-in one first. */
  readonly roots: readonly string[];
  /** The build of what was compiled last, by path. */
  readonly builds: () => ReadonlyMap<string, string>;
  readonly reports: Reports;
  readonly log: Log;
};

/** Texts kept to go back to. */
const originalsMost = 200;

export function createScripts({ roots, builds, reports, log }: ScriptsOptions): Scripts {
  const states = new Map<string, ScriptState>();
  /** What stood in a file when it was opened first in this life of the node. */
  const originals = new Map<string, string>();
  reports.onWatch((message) => {
    const state = toState(message);
    if (state !== undefined) states.set(message.path, state);
  });

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
      const built = builds();
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
    save(path, text, hash, range) {
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
        if (next !== former) writeEditable(folder, path, next);
      } catch (error) {
        log.warn({ path, error }, 'script not written');
        throw new HostError('script.not-written', `${path} cannot be written`);
      }
      log.info({ path, hash: hashOf(next) }, 'script saved from a page');
      return { path, hash: hashOf(next) };
    },
  };
}

/** What a message says about how a script stands; undefined when it says nothing about that. */
function toState({ what, message }: WatchMessage): ScriptState | undefined {
  switch (what) {
    case 'reload':
      return 'running';
    case 'back':
      return 'back';
    case 'quarantine':
      return /\bheld\b/.test(message) ? 'held' : 'quarantined';
    default:
      return undefined;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
