/**
 * `roost data`: any record of the data folder by its type and key. It reads beside a running node; it writes only where none
 * runs, since a node keeps in memory what it has read.
 */
import { z } from 'zod';
import { wellNamed } from '../content/game.ts';
import { HostError } from '../contract/errors.ts';
import type { Row } from '../contract/ports.ts';
import { toPrintable } from '../shell/printable.ts';

/** A type of records, as the database has it. */
export type DataType = {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly takes: 'text' | 'whole number' | 'number';
    readonly required: boolean;
    readonly nullable: boolean;
    readonly isKey: boolean;
  }[];
};

type Value = string | number | null;

/** The database, as far as this command goes. */
export type DataDesk = {
  init(): Promise<{
    readonly folder: string;
    readonly schema: number;
    readonly nodes: readonly Row[];
    readonly inUse: boolean;
  }>;
  types(): Promise<readonly { readonly type: DataType; readonly count: number }[]>;
  /** @throws HostError `config.wrong` for an unknown type */
  find(type: string, where: (type: DataType) => ReadonlyMap<string, Value>, most: number): Promise<readonly Row[]>;
  create(type: string, make: (type: DataType) => ReadonlyMap<string, Value>): Promise<Row>;
  createObject(object: NewThing): Promise<Row>;
};

/** What stands behind `roost data` → what it does. */
export const dataWords = [
  ['init', 'Makes folder, schema and the record of the node, and says what is there.'],
  ['types [TYPE]', 'Every type of record, how many there are, and its key; of one type its fields.'],
  ['show TYPE KEY…', 'One record: roost data show object 00010000000003ff.'],
  [
    'find TYPE [FIELD=VALUE…]',
    'At most 50, a line of JSON each: roost data find objects zone=farmyard/meadow kind=chicken.',
  ],
  [
    'create TYPE FIELD=VALUE…',
    'Makes one, where no node runs: roost data create object zone=farmyard/meadow kind=chicken x=10 y=12.',
  ],
] as const;

const usage = `roost data wants one of: ${dataWords.map(([typed]) => typed).join(', ')}; roost data --help explains them`;

/** As many are shown by `find`. */
const shownMost = 50;

/** Fields that hold what would let somebody in; whoever needs them has the database. */
const secret = /hash|secret|token/;

/** @throws HostError with what is wrong, in words */
export async function data(words: readonly string[], desk: DataDesk, say: (line: string) => void): Promise<void> {
  const [what = '', type = '', ...rest] = words;
  const wants = (count: number) => {
    if (words.length < count) throw wrong(`${usage}; found ${words.join(' ') || 'none'}`);
  };
  switch (what) {
    case 'init':
      if (words.length > 1) throw wrong('roost data init takes flags only, such as --data DIR');
      return sayFolder(await desk.init(), say);
    case 'types':
      return sayTypes(await desk.types(), type, say);
    case 'show':
      wants(3);
      return show(type, rest, desk, say);
    case 'find':
      wants(2);
      return find(type, rest, desk, say);
    case 'create': {
      wants(3);
      const isThing = type === 'object' || type === 'objects';
      const made = isThing
        ? await desk.createObject(toThing(toFields(rest)))
        : await desk.create(type, (of) => toValues(of, toFields(rest), true));
      return say(shownWhole(made));
    }
    default:
      throw wrong(`${usage}; found ${words.join(' ') || 'none'}`);
  }
}

async function show(type: string, keys: readonly string[], desk: DataDesk, say: (line: string) => void): Promise<void> {
  const where = (of: DataType) => {
    const wanted = of.fields.filter(({ isKey }) => isKey);
    if (wanted.length !== keys.length)
      throw wrong(
        `a record of ${of.name} is known by ${wanted.map(({ name }) => name).join(' and ')}; found ${keys.join(' ')}`,
      );
    return toValues(of, new Map(wanted.map(({ name }, at) => [name, keys[at] ?? ''])), false);
  };
  const [found] = await desk.find(type, where, 1);
  if (!found) throw new HostError('data.missing', `There is no ${type} ${keys.join(' ')}`);
  say(shownWhole(found));
}

async function find(
  type: string,
  words: readonly string[],
  desk: DataDesk,
  say: (line: string) => void,
): Promise<void> {
  const found = await desk.find(type, (of) => toValues(of, toFields(words), false), shownMost + 1);
  for (const row of found.slice(0, shownMost)) say(toLine(covered(row)));
  if (found.length > shownMost) say(`… and more than these ${shownMost}: name a FIELD=VALUE`);
  if (found.length === 0) say('none');
}

function sayFolder(
  { folder, schema, nodes, inUse }: Awaited<ReturnType<DataDesk['init']>>,
  say: (line: string) => void,
) {
  say(inUse ? `${folder} is there, and a node runs on it: schema ${schema}` : `${folder} is there: schema ${schema}`);
  for (const { node, partition_number: partition, next } of nodes)
    say(`node ${node} has partition ${partition}, its next object is number ${next}`);
}

function sayTypes(types: Awaited<ReturnType<DataDesk['types']>>, name: string, say: (line: string) => void): void {
  if (name === '') {
    for (const { type, count } of types) {
      const keys = type.fields.filter(({ isKey }) => isKey).map((field) => field.name);
      say(`${type.name.padEnd(20)} ${String(count).padStart(8)}   ${keys.join(' ')}`);
    }
    return;
  }
  const found = types.find(({ type }) => type.name === name || type.name === `${name}s`)?.type;
  if (!found) throw wrong(`there is no type "${name}"; known are ${types.map(({ type }) => type.name).join(', ')}`);
  for (const { name: field, takes, required, nullable, isKey } of found.fields)
    say(
      `${field.padEnd(20)} ${takes}${isKey ? ', key' : ''}${required ? ', required' : ''}${nullable ? ' or null' : ''}`,
    );
}

/** `FIELD=VALUE` each; the value may have more of them. */
function toFields(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw wrong(`wanted FIELD=VALUE, found ${word}`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function toValues(type: DataType, given: ReadonlyMap<string, string>, whole: boolean): ReadonlyMap<string, Value> {
  const unknown = [...given.keys()].find((name) => !type.fields.some((field) => field.name === name));
  if (unknown !== undefined)
    throw wrong(`${type.name} has no field ${unknown}; it has ${type.fields.map(({ name }) => name).join(', ')}`);
  const missing = type.fields.filter(({ name, required }) => whole && required && !given.has(name));
  if (missing.length > 0)
    throw wrong(`a record of ${type.name} wants also ${missing.map(({ name }) => name).join(', ')}`);
  return new Map([...given].map(([name, text]) => [name, toValue(type, name, text)]));
}

function toValue(type: DataType, name: string, text: string): Value {
  const field = type.fields.find((one) => one.name === name);
  if (field === undefined || (text === 'null' && field.nullable)) return null;
  if (field.takes === 'text') return text;
  const number = Number(text);
  const fits =
    text.trim() !== '' && (field.takes === 'number' ? Number.isFinite(number) : Number.isSafeInteger(number));
  if (!fits) throw wrong(`${type.name}.${name}: wanted a ${field.takes}, found ${text}`);
  return number;
}

const json = z.json();
const list = z.array(z.string().max(64)).max(64);
const record = z.record(z.string(), json);
const metres = z.number().min(-1_000_000).max(1_000_000);

/** State of an object, as its scripts may have it. */
const stateMost = 16 * 1_024;
const state = record.refine(
  (value) => JSON.stringify(value).length <= stateMost,
  `more than ${stateMost} characters of JSON`,
);

/** What a thing is made of; fields that the zone keeps for itself are left out. */
const thing = z.strictObject({
  zone: z.string(),
  kind: z.string().regex(wellNamed, 'not a name'),
  id: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'not 16 hex digits')
    .optional(),
  name: z.string().max(200).default(''),
  x: metres,
  y: metres,
  angle: z.number().default(0),
  scale: z.number().positive().max(1_000).default(1),
  owner: z.string().max(64).nullable().default(null),
  words: list.default([]),
  physical: z.boolean().default(true),
  look: z.record(z.string(), json).nullable().default(null),
  scripts: list.max(16).default([]),
  state: state.default({}),
  own: state.default({}),
});

export type NewThing = z.infer<typeof thing>;

/** These are text as it stands; the others are JSON. */
const texts = new Set(['zone', 'kind', 'id', 'name', 'owner']);

function toThing(fields: ReadonlyMap<string, string>): NewThing {
  const values = [...fields].map(([name, text]) => [name, texts.has(name) ? text : parse(name, text)]);
  const made = thing.safeParse(Object.fromEntries(values));
  if (made.success) return made.data;
  throw wrong(made.error.issues.map(({ path, message }) => `object ${path.join('.')}${toProblem(message)}`).join('\n'));
}

function toProblem(message: string): string {
  return message.endsWith('received undefined') ? ' is missing' : `: ${message.replace(/^Invalid input: /, '')}`;
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(`object ${name}: wanted JSON, found ${text}`);
  }
}

/** One record, a field a line; JSON in it as JSON. */
function shownWhole(row: Row): string {
  return Object.entries(covered(row))
    .map(([name, value]) => `${name.padEnd(14)} ${typeof value === 'string' ? shown(value) : toLine(value)}`)
    .join('\n');
}

/** As it stands; as JSON where there is something in it that a terminal would obey. */
function shown(text: string): string {
  return toPrintable(text) === text ? text : toLine(text);
}

/** JSON without what a terminal would obey: players have written some of it. */
function toLine(value: unknown): string {
  return toPrintable(JSON.stringify(value));
}

function covered(row: Row): Record<string, unknown> {
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    value !== null && secret.test(name) ? '(not shown)' : value,
  ]);
  return Object.fromEntries(fields);
}

function wrong(message: string): HostError {
  return new HostError('config.wrong', message);
}
