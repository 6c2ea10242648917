/**
 * Writes the generated parts of docs/ (errors.md, and the table of settings in operations.md) and game.schema.json.
 * `npm run docs` after a change of core/contract/errors.ts, core/config.ts or core/content/game.ts; tests see when it
 * was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { settings } from '../core/config.ts';
import { flagOf, variableOf } from '../core/configure.ts';
import { gameSchema } from '../core/content/game.ts';
import { errorTable } from '../core/contract/errors.ts';

/** docs/errors.md */
export function errorsPage() {
  const areas = Map.groupBy(Object.entries(errorTable), ([code]) => code.split('.')[0]);
  const sections = [...areas].map(
    ([area, rows]) =>
      `## ${area}\n\n| code | meaning |\n| --- | --- |\n${rows.map(([code, text]) => `| \`${code}\` | ${text} |`).join('\n')}\n`,
  );
  return [
    '# Errors\n',
    'Made from `core/contract/errors.ts` by `npm run docs`: do not edit by hand.\n',
    'Every refusal carries one of these codes. They are stable: switch on the code, show the message. Where they appear:',
    '`error.code` of an answer over socket.io, `error.data.code` over JSON-RPC, `code` of a `notice` or `zone` message.',
    'Plugins add codes of their own area, `<area>.<what>`.\n',
    ...sections,
  ].join('\n');
}

/** The table between the two marks of docs/operations.md. */
export function settingsTable() {
  const rows = Object.entries(settings).map(([name, { doc, wanted, defaultText }]) => {
    const flag = flagOf(name);
    return `| \`${flag}\` | \`${variableOf(name)}\` | \`${name}\` | ${defaultText} | ${wanted} | ${doc} |`;
  });
  return [
    '| flag | variable | key | default | takes | what it does |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

export const marks = {
  begin: '<!-- settings: made by `npm run docs` -->',
  end: '<!-- end of settings -->',
};

/** docs/operations.md with its table as it should be. */
export function operationsPage(/** @type {string} */ page) {
  const begin = page.indexOf(marks.begin);
  const end = page.indexOf(marks.end);
  if (begin < 0 || end < begin)
    throw new Error(`docs/operations.md has lost its marks ${marks.begin} and ${marks.end}`);
  return `${page.slice(0, begin)}${marks.begin}\n\n${settingsTable()}\n\n${page.slice(end)}`;
}

/** core/content/game.schema.json, for the editors of those who write a game.json. */
export function schemaPage() {
  return `${JSON.stringify(gameSchema(), null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(new URL('../core/content/game.schema.json', import.meta.url), schemaPage());
  const operations = new URL('../docs/operations.md', import.meta.url);
  writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsPage());
  writeFileSync(operations, operationsPage(readFileSync(operations, 'utf8')));
}
