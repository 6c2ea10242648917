/** Makes a test of an incident: beside the script, failing until the script is mended. */

import { existsSync, readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { HostError } from '../contract/errors.ts';
import type { Incident } from '../contract/replay.ts';
import { toPlainText } from '../report/plain.ts';

/** @returns paths of the test and of the incident's copy. @throws HostError when there is nowhere to write it */
export async function writeTest(
  file: string,
  { report, recording, what }: Incident,
  roots: readonly string[],
  out: string | null,
): Promise<{ readonly test: string; readonly copy: string }> {
  const program = recording.programs.find(({ name, build }) => name === report.script && build === report.build);
  const path = program?.path ?? report.file;
  const root = roots.toReversed().find((folder) => path !== '' && existsSync(join(folder, path)));
  if (root === undefined)
    throw new HostError('config.wrong', `No root has the script ${path || '(unknown)'}; name its folder with --root`);
  const script = join(root, path);
  const { test, copy } =
    out === null ? freeBeside(script.replace(/\.ts$/, ''), file) : { test: resolve(out), copy: copyOf(resolve(out)) };
  await copyFile(file, copy);
  const up = relative(dirname(test), root).split(sep).join('/') || '.';
  await writeFile(
    test,
    textOf({
      name: basename(copy),
      root: `${up}/`,
      script: report.script,
      handler: report.handler,
      tick: report.tick,
      what,
    }),
  );
  return { test, copy };
}

/** A script may have broken more than once: each incident has a test of its own, the same one the same. */
function freeBeside(script: string, file: string): { readonly test: string; readonly copy: string } {
  for (let n = 1; ; n++) {
    const name = `${script}.incident${n === 1 ? '' : `-${n}`}`;
    const found = { test: `${name}.test.ts`, copy: `${name}.json.gz` };
    if (!existsSync(found.test) || isSame(found.copy, file)) return found;
  }
}

function isSame(copy: string, file: string): boolean {
  return existsSync(copy) && readFileSync(copy).equals(readFileSync(file));
}

function copyOf(test: string): string {
  return `${test.replace(/(\.incident)?\.test\.ts$|\.ts$/, '')}.incident.json.gz`;
}

function textOf(about: {
  readonly name: string;
  readonly root: string;
  readonly script: string;
  readonly handler: string;
  readonly tick: number;
  readonly what: string;
}): string {
  const { name, root, script, handler, tick, what } = about;
  const title = quoted(`${script} comes through what once broke its ${handler}`);
  return `import { replay } from 'roost/testing';
import { expect, it } from 'vitest';

// What was recorded (${what}, tick ${tick}) is run again with the scripts as they are on disk now.
it(${title}, { timeout: 120_000 }, async () => {
  const { broke } = await replay(new URL(${quoted(`./${name}`)}, import.meta.url), { root: new URL(${quoted(root)}, import.meta.url) });
  expect(broke).toBe(null);
});
`;
}

/** A text as a literal. Handlers are named by designers: a test runs outside of the sandbox, their names must not. */
function quoted(text: string): string {
  const inside = JSON.stringify(toPlainText(text)).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside}'`;
}
