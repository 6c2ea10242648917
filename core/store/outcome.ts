/** Errors of the disk and the database as outcomes for those whose statements met them. */
import { HostError } from '../contract/errors.ts';
import { isBusy } from './writer.ts';

/**
 * What the disk did is no fault of the statement that met it, nor of the plugin that made the statement: an outcome, as
 * a busy database is one.
 * @throws HostError `store.busy`, `store.failed`; else the error as it is
 */
export function toOutcome(error: unknown): never {
  if (isBusy(error) && !(error instanceof HostError)) throw new HostError('store.busy');
  if (isDisk(error)) throw new HostError('store.failed', 'The database could not be read or written');
  throw error;
}

/** Full, broken, gone. A read-only file is none: a plugin that writes where it should read meets that as well. */
function isDisk(error: unknown): boolean {
  return /^SQLITE_(IOERR|FULL|CANTOPEN|NOMEM|CORRUPT)/.test(codeOf(error));
}

/** The same for whoever runs the node, in words and with what to do. */
export function notWritten(what: string, error: unknown): HostError {
  if (error instanceof HostError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const isBroken = /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error));
  const next = isBroken ? '. It is broken: a backup makes another folder, roost restore FILE --data DIR' : '';
  return new HostError('data.not-written', `${what}: ${why}${next}`);
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown }).code);
}
