/** The file of an incident: what a node has written, and anybody may have changed since. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { HostError } from '../contract/errors.ts';
import type { Incident } from '../contract/replay.ts';

/** Bytes of a file, gunzipped; one that a node writes has some megabytes at most. */
const longest = 256 * 1_048_576;
const unpack = promisify(gunzip);

/** @throws HostError `config.wrong` when it is no incident */
export async function readIncident(path: string): Promise<Incident> {
  const wrong = (why: string) => new HostError('config.wrong', `${path} is no incident: ${why}`);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new HostError('config.wrong', `Cannot read ${path}: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse((await unpack(bytes, { maxOutputLength: longest })).toString());
  } catch (error) {
    throw wrong(`it has to be gzipped JSON (${(error as Error).message})`);
  }
  const { format, report, recording, limits } = { ...(value as Partial<Incident>) };
  if (format !== 1) throw wrong(`its format is ${String(format)}, this version reads 1`);
  const { ops, items, ids, contents, programs, base } = { ...recording };
  const lists = [ops, items?.list, ids, contents, programs];
  if (!report || !limits || typeof base?.data !== 'string' || !lists.every(Array.isArray))
    throw wrong('parts are missing');
  return value as Incident;
}
