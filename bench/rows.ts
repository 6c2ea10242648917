/** The rows there are: every file of bench/rows, in the order of issue and page. */
import { readdir } from 'node:fs/promises';
import type { Row } from './row.ts';

const order = [
  'view',
  'arena',
  'floor',
  'crowd',
  'scripts',
  'physics',
  'save',
  'calls',
  'turn',
  'logins',
  'reload',
  'start',
  'asleep',
  'crash',
];

/**
 * The rows of these names, or all.
 * @throws when there is no such row, or a file exports no row or one of another name.
 */
export async function loadRows(names: readonly string[]): Promise<readonly Row[]> {
  const folder = new URL('rows/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  const known = files.map((file) => file.slice(0, -3)).sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}: there are ${known.join(', ')}`);
  const wanted = names.length === 0 ? known : known.filter((name) => names.includes(name));
  return Promise.all(wanted.map((name) => loadRow(folder, `${name}.ts`)));
}

async function loadRow(folder: URL, file: string): Promise<Row> {
  const { row } = (await import(new URL(file, folder).href)) as { row?: Row };
  if (row?.name !== file.slice(0, -3)) throw new Error(`bench/rows/${file} exports no \`row\` of that name`);
  return row;
}

function placeOf(name: string): number {
  const at = order.indexOf(name);
  return at === -1 ? order.length : at;
}
