/** Answers as lines that people read. */
import type { Json, JsonObject } from '../contract/content.ts';
import { clip, pad, toPrintable, wrap } from './printable.ts';

/** Rows of a list, and lines of an answer, that are shown. */
const mostRows = 60;
/** Characters of one value. */
const cellLength = 48;
const timeKeys = /^(at|until|created|seen|lastSeen|expires|changed|since|time|used|start|end)$/i;
/** Unix seconds that are times and no durations: from September 2001 on. */
const firstTime = 1_000_000_000;
/** The last that a date can be. */
const lastTime = 8_640_000_000_000;

/** `2026-11-21 15:41:07`, in UTC; what can be no time as a number. */
export function toTime(unixS: number): string {
  if (!(Math.abs(unixS) <= lastTime)) return String(unixS);
  return new Date(unixS * 1000).toISOString().replace('T', ' ').slice(0, 19);
}

/** `15:41:07`, in UTC. */
export function toHour(unixS: number): string {
  return toTime(unixS).slice(11);
}

/** Any answer: `key: value` a line, lists as tables. An empty one is `OK`. */
export function renderAnswer(result: Json, columns: number): readonly string[] {
  const lines = renderValue(result, columns);
  const shown = lines.slice(0, mostRows);
  if (lines.length > shown.length) shown.push(`… and ${lines.length - shown.length} lines more`);
  return shown.length === 0 ? ['OK'] : shown.map(toPrintable);
}

function renderValue(value: Json, columns: number): string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return renderList(value, columns);
  if (typeof value !== 'object') return [toPrintable(String(value))];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (Array.isArray(inner) && inner.length > 0) return [`${key}:`, ...indent(renderList(inner, columns - 2))];
    if (isObject(inner) && Object.keys(inner).length > 0)
      return [`${key}:`, ...indent(renderValue(inner, columns - 2))];
    return [`${key}: ${toCell(inner, key, columns)}`];
  });
}

function renderList(list: readonly Json[], columns: number): string[] {
  if (list.length === 0) return ['none'];
  if (list.every(isObject)) return renderTable(list, columns);
  return list.map((one) => (isScalar(one) ? toCell(one, '', columns) : JSON.stringify(one)));
}

/** A line of heads and one for each object, as wide as the columns need; where that is too wide, each object by itself. */
export function renderTable(rows: readonly JsonObject[], columns: number): string[] {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) =>
    keys.map((key) => clip(toPrintable(toCell(row[key] ?? null, key, cellLength)), cellLength)),
  );
  const widths = keys.map((key, index) => Math.max(key.length, ...cells.map((row) => [...(row[index] ?? '')].length)));
  if (widths.reduce((sum, width) => sum + width + 2, -2) > columns)
    return cells.flatMap((row) => toRecord(keys, row, columns));
  const toLine = (row: readonly string[]) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [toLine(keys), ...cells.map(toLine)];
}

/** `- key: value, key: value`; what is not there is left out. */
function toRecord(keys: readonly string[], row: readonly string[], columns: number): readonly string[] {
  const parts = keys.flatMap((key, index) => (row[index] === '-' ? [] : [`${key}: ${row[index]}`]));
  const [first = '', ...more] = wrap(parts.join(', '), Math.max(columns, 40), '  ');
  return [`- ${first.trimStart()}`, ...more];
}

function toCell(value: Json, key: string, columns: number): string {
  if (value === null || value === '') return '-';
  if (typeof value === 'number') return timeKeys.test(key) && value >= firstTime ? toTime(value) : toNumber(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every(isScalar)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return clip(JSON.stringify(value), Math.max(columns, 20));
}

function toNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Math.round(value * 1000) / 1000);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function isScalar(value: Json): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
