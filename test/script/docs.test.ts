/** What docs/scripts.md shows works, what the API has is in it, and the code of all docs has the right types. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startIsolate } from '../support/isolate.ts';
import { run } from '../support/run.ts';

const home = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(new URL('../../docs/scripts.md', import.meta.url), 'utf8');
const api = readFileSync(new URL('../../core/contract/object.ts', import.meta.url), 'utf8');

/** Code blocks by the name after `ts`: a kind, or `zone:name`. */
function examples(): Record<string, string> {
  const found = [...page.matchAll(/```ts (\S+)\n([\s\S]*?)```/g)];
  return Object.fromEntries(
    found.map(([, name = '', code = '']) => [name.replace(/^zone:(.*)$/, 'zones/$1.ts'), code]),
  );
}

it('every example loads and lives in one zone', () => {
  const scripts = examples();
  const kinds = Object.keys(scripts).filter((name) => !name.includes('/'));
  expect(kinds).toEqual(['swan', 'feeder', 'door', 'fox', 'farmhand', 'chest', 'bow', 'arrow']);
  const player = { kind: 'farmer', name: 'Anna', owner: 'guest:1', fresh: false };
  using isolate = startIsolate({
    scripts,
    zone: 'farmyard/meadow',
    objects: [player, ...kinds.map((kind) => ({ kind }))],
  });
  expect(isolate.load.reports).toEqual([]);
  isolate.ticks(10);
  const said = kinds.map((_, i) => isolate.call(1, i + 2, '@activate').ok);
  expect(said.every(Boolean)).toBe(true);
  isolate.ticks(60, 1);
  expect(isolate.reports.filter((report) => report.what !== 'log')).toEqual([]);
});

it('every event and verb is named on the page', () => {
  const names = [...api.matchAll(/^ {2}(?:readonly )?([a-z][A-Za-z]*)\??[(<:]/gm)].map(([, name = '']) => name);
  const missing = [...new Set(names)].filter((name) => !new RegExp(`\\b${name}\\b`).test(page));
  expect(missing).toEqual([]);
});

it('README and docs show no code that an editor would underline', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roost-docs-'));
  const pages = ['README.md', ...readdirSync(join(home, 'docs'), { recursive: true }).map((name) => `docs/${name}`)];
  const written: string[] = [];
  for (const name of pages.filter((each) => each.endsWith('.md'))) {
    const text = readFileSync(join(home, name), 'utf8');
    for (const [, kind, code = ''] of text.matchAll(/^ *```(ts|js)\b.*\n([\s\S]*?)^ *```/gm)) {
      // Blocks that import what they use are whole files; what others bring along is not here to be checked.
      const from = [...code.matchAll(/^ *import .* from '([^']+)'/gm)].map(([, what = '']) => what);
      if (from.length === 0 || from.some((what) => !/^(?:roost\b|vitest$|\/farmyard\/)/.test(what))) continue;
      const file = `${name.replace(/\W/g, '-')}-${written.length}.${kind}`;
      await writeFile(join(folder, file), code);
      written.push(file);
    }
  }
  expect(written.length).toBeGreaterThan(20);
  // What a page leaves out on purpose, such as the type of `now`, is no mistake.
  const lenient = { noImplicitAny: false, noUnusedLocals: false, noUnusedParameters: false, checkJs: true };
  const config = { extends: join(home, 'tsconfig.root.json'), compilerOptions: lenient, include: ['*'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const typed = await run(join(home, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder });
  await rm(folder, { recursive: true, force: true });
  expect(typed).toMatchObject({ code: 0, stdout: '' });
});
