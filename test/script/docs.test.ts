/** What docs/scripts.md shows works, and what the API has is in it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startIsolate } from '../support/isolate.ts';

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
  expect(kinds).toEqual(['duck', 'feeder', 'door', 'fox', 'farmhand', 'chest', 'bow', 'arrow']);
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
