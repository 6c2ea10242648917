/**
 * Writes the generated parts of docs/ (errors.md, and the tables of settings and metrics in operations.md) and game.schema.json.
 * `npm run docs` after a change of core/contract/errors.ts, core/config.ts or core/content/game.ts; tests see when it
 * was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { settings } from '../core/config.ts';
import { flagOf, variableOf } from '../core/configure.ts';
import { gameSchema } from '../core/content/game.ts';
import { errorTable } from '../core/contract/errors.ts';
import { metrics } from '../core/report/metric-table.ts';

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
    '`error.code` of an answer over socket.io and at `POST /rpc/<method>`, `error.data.code` over JSON-RPC, `code` of a `notice` or `zone` message.',
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

/** Every metric of Roost's own. */
export function metricsTable() {
  const rows = metrics.map(({ name, type, labels, help }) => {
    const shown = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${type} | ${shown} | ${help} |`;
  });
  return ['| name | type | labels | what it says |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** What is made in docs/operations.md, and the marks it stands between. */
const tables = [
  { begin: '<!-- settings: made by `npm run docs` -->', end: '<!-- end of settings -->', table: settingsTable },
  { begin: '<!-- metrics: made by `npm run docs` -->', end: '<!-- end of metrics -->', table: metricsTable },
];

/** docs/operations.md with its tables as they should be. */
export function operationsPage(/** @type {string} */ page) {
  return tables.reduce((text, { begin, end, table }) => {
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/operations.md has lost its marks ${begin} and ${end}`);
    return `${text.slice(0, from)}${begin}\n\n${table()}\n\n${text.slice(to)}`;
  }, page);
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
