/** The file of an incident: what a node has written, and anybody may have changed since. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { HostError } from '../contract/errors.ts';
import { type Incident, incidentFormat } from '../contract/replay.ts';
import { toPlainText } from '../report/plain.ts';

/** Bytes of a file, gunzipped; one that a node writes has some megabytes at most. */
const longest = 256 * 1_048_576;
const unpack = promisify(gunzip);

const text = z.string();
const whole = z.number().int().min(0);
/** No node has more: a file must not set the limits that it is to be held by. */
const limits = z.object({
  memoryMb: whole.min(64).max(16_384),
  isolateMb: whole.min(8).max(4_096),
  tickLimitMs: whole.min(1).max(10_000),
  objectsPerZone: whole.max(1_000_000),
});
/** In a root, as a compiler names it: a test is written beside it. */
const path = text.max(500).regex(/^(?:[A-Za-z0-9_][\w-]*\/)*[A-Za-z0-9_][\w-]*\.ts$/, 'is no path of a script');

/** What is read of a file by anything but the process that replays it, which stands behind walls. */
const shape = z.looseObject({
  what: z.enum(['stop', 'kill', 'rollback', 'quarantine']),
  at: z.number().min(0).max(8e12),
  report: z.looseObject({
    ...{ zone: text, script: text, build: text, handler: text, message: text, what: text },
    ...{ tick: whole, line: whole, column: whole, object: text.nullable(), file: path.or(z.literal('')) },
  }),
  versions: z.object({ roost: text, node: text, v8: text }),
  limits,
  recording: z.looseObject({
    zone: text,
    base: z.looseObject({ kind: z.enum(['load', 'checkpoint']), data: text }),
    ops: z.array(z.looseObject({ op: text })),
    items: z.looseObject({ list: z.array(z.unknown()) }),
    ...{ ids: z.array(z.unknown()), contents: z.array(z.unknown()) },
    programs: z.array(z.looseObject({ path, name: text, build: text, code: text })),
  }),
});

/** @throws HostError `config.wrong` when it is no incident */
export async function readIncident(path: string): Promise<Incident> {
  const wrong = (why: string) => new HostError('config.wrong', `${path} is no incident: ${toPlainText(why)}`);
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
  const { format } = { ...(value as Partial<Incident>) };
  if (format !== incidentFormat)
    throw wrong(`its format is ${JSON.stringify(format)}, this version reads ${incidentFormat}`);
  const read = shape.safeParse(value);
  const [issue] = read.error?.issues ?? [];
  if (issue) throw wrong(`${issue.path.join('.')}: ${issue.message}`);
  return value as Incident;
}
