/** `roost replay` of a file from a stranger: it is held by limits of ours, and nothing in it becomes code of ours. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { incidentFormat } from '../../core/contract/replay.ts';
import { readIncident } from '../../core/replay/read.ts';
import { writeTest } from '../../core/replay/to-test.ts';

const path = 'scripts/hen.ts';
const report = {
  ...{ zone: 'trial/yard', tick: 7, object: null, kind: null, script: 'hen', build: '0123456789ab', handler: 'tick' },
  ...{ file: path, line: 3, column: 1, message: 'No.', what: 'stopped', count: 1 },
};
const program = { name: 'hen', role: 'object', path, build: report.build, code: '', files: [], handlers: [] };
const incident = {
  ...{ format: incidentFormat, what: 'stop', at: 1_795_000_000, report, versions: { roost: '1', node: '1', v8: '1' } },
  limits: { memoryMb: 512, isolateMb: 64, tickLimitMs: 200, objectsPerZone: 5_000 },
  recording: {
    ...{ zone: 'trial/yard', epoch: 1, safe: false, base: { kind: 'load', number: 0, data: '' }, ops: [] },
    ...{ items: { before: 0, list: [] }, ids: [], contents: [], programs: [program] },
  },
};

async function withFile<T>(value: unknown, use: (file: string, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-stranger-'));
  try {
    const file = join(folder, 'sent.json.gz');
    await writeFile(file, gzipSync(typeof value === 'string' ? value : JSON.stringify(value)));
    return await use(file, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a file from a stranger', () => {
  it('is read when it is what a node writes', async () => {
    expect(await withFile(incident, (file) => readIncident(file))).toEqual(incident);
  });

  it('is refused when another version wrote it, and says so', async () => {
    const older = withFile({ ...incident, format: 1 }, (file) => readIncident(file));
    await expect(older).rejects.toThrow(`its format is 1, this version reads ${incidentFormat}`);
  });

  it.each<[string, unknown, string]>([
    ['a worker without a memory cap', { limits: { ...incident.limits, memoryMb: 1e9 } }, 'limits.memoryMb'],
    ['a tick without an end', { limits: { ...incident.limits, tickLimitMs: 1e15 } }, 'limits.tickLimitMs'],
    ['a word of every object', { what: 'constructor' }, 'what'],
    ['a place outside of the root', { report: { ...report, file: '../../x.ts' } }, 'report.file'],
    [
      'a program outside of the root',
      { recording: { ...incident.recording, programs: [{ ...program, path: '/etc/passwd' }] } },
      'recording.programs.0.path',
    ],
    ['a number that is a text', { report: { ...report, line: '1;' } }, 'report.line'],
  ])('%s is refused', async (_, more, at) => {
    await expect(withFile({ ...incident, ...(more as object) }, (file) => readIncident(file))).rejects.toThrow(
      `is no incident: ${at}: `,
    );
  });

  it('a few KB that unpack to more than 256 MB are refused, and so is what writes to the terminal', async () => {
    const bomb = withFile('0'.repeat(257 * 1_048_576), (file) => readIncident(file));
    await expect(bomb).rejects.toThrow('it has to be gzipped JSON');
    const colours = withFile({ ...incident, format: '\u001b[2J' }, (file) => readIncident(file));
    await expect(colours).rejects.toThrow('its format is "\\u001b[2J"');
  });

  it('a handler with a name like code makes no code of a test', async () => {
    const handler = "timers.', () => { globalThis.owned = true; }); // \u2028`";
    await withFile({ ...incident, report: { ...report, handler } }, async (file, folder) => {
      await mkdir(join(folder, 'scripts'));
      await writeFile(join(folder, path), '');
      const { test } = await writeTest(file, await readIncident(file), [folder], null);
      const title = /^it\(('(?:[^'\\]|\\.)*'), \{ timeout/m.exec(await readFile(test, 'utf8'))?.[1];
      expect(title).toBe(
        String.raw`'hen comes through what once broke its timers.\', () => { globalThis.owned = true; }); // \\u2028` +
          "`'",
      );
      expect((await readdir(join(folder, 'scripts'))).sort()).toEqual([
        'hen.incident.json.gz',
        'hen.incident.test.ts',
        'hen.ts',
      ]);
    });
  });
});
