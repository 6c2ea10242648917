/** What every shell has: help, history, the time, and the way out. */
import type { MethodHelp } from '../catalogue.ts';
import { type Command, done, type Sitting, tell, wrong } from '../command.ts';
import { commandNames } from '../complete.ts';
import type { Done } from '../door.ts';
import { propertiesOf, requiredOf, type Schema } from '../params.ts';
import { pad, wrap } from '../printable.ts';
import { toTime } from '../render.ts';

const group = 'This shell';

const help: Command = {
  names: ['help', '?', 'commands'],
  usage: 'help [COMMAND | METHOD | AREA | methods]',
  doc: 'What you can type; what a command or method takes; the methods of an area; all methods.',
  group,
  async run(sitting, { words: [about, verb] }) {
    const { columns } = sitting.terminal.size();
    if (about === undefined) return done(await overview(sitting, columns));
    const wanted = about.text.toLowerCase();
    const command = sitting.commands.get(wanted);
    if (command !== undefined && verb === undefined && wanted !== 'methods') return done(aboutCommand(command));
    const method =
      (await sitting.catalogue.find(wanted)) ??
      (verb === undefined ? undefined : await sitting.catalogue.find(`${wanted}.${verb.text}`));
    if (method !== undefined) return done(aboutMethod(method, columns));
    const all = await sitting.catalogue.list();
    const listed = wanted === 'methods' ? all : all.filter(({ name }) => name.startsWith(`${wanted}.`));
    if (listed.length > 0) return done(listed.flatMap(({ name, doc }) => toEntry(name, doc, columns)));
    return { ...wrong(`Nothing here is called "${about.text.slice(0, 64)}".`), code: 'shell.unknown' };
  },
  complete: (sitting) => [...commandNames(sitting), ...sitting.catalogue.names(), 'methods'],
};

async function overview({ commands, catalogue }: Sitting, columns: number): Promise<readonly string[]> {
  const groups = new Map<string, Command[]>();
  for (const command of new Set(commands.values()))
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  const lines = [...groups].flatMap(([name, some]) => [
    `${name}:`,
    ...some.flatMap(({ usage, doc }) => toEntry(usage, doc, columns)),
  ]);
  const areas = [...new Set((await catalogue.list()).map(({ name }) => name.split('.')[0] as string))];
  if (areas.length === 0) return lines;
  return [
    ...lines,
    'Methods of the server, by name with key=value (help methods, help AREA):',
    ...wrap(areas.join(' '), columns - 1, '  '),
  ];
}

/** Characters of what stands left of its explanation. */
const usageWidth = 23;

/** What it is called, and beside it what it does. */
function toEntry(name: string, doc: string, columns: number): readonly string[] {
  const indent = ' '.repeat(usageWidth + 3);
  const lines = wrap(doc, Math.max(columns - 1, usageWidth + 30), indent);
  if (name.length > usageWidth) return [`  ${name}`, ...lines];
  return [`  ${pad(name, usageWidth)} ${lines[0]?.trimStart() ?? ''}`, ...lines.slice(1)];
}

function aboutCommand({ names: [, ...others], usage, doc }: Command): readonly string[] {
  return [usage, `  ${doc}`, ...(others.length === 0 ? [] : wrap(`Also: ${others.join(', ')}`, 76, '  '))];
}

function aboutMethod({ name, doc, allow, params, rate }: MethodHelp, columns: number): readonly string[] {
  const required = new Set(requiredOf(params));
  const properties = [...propertiesOf(params)];
  const order = [...properties].sort(([a], [b]) => Number(required.has(b)) - Number(required.has(a)));
  const usage = [name, ...order.map(([key, schema]) => toUsage(key, schema, required.has(key)))].join(' ');
  const keys = order.map(
    ([key, schema]) => `  ${pad(key, 12)} ${toType(schema)}${required.has(key) ? '' : ', may be left out'}`,
  );
  const who =
    allow === 'anyone'
      ? 'anyone'
      : allow === 'player'
        ? 'whoever plays a character'
        : allow === 'account'
          ? 'whoever is logged in'
          : `needs the right ${allow}`;
  return [
    usage,
    ...wrap(doc, columns, '  '),
    ...(params === null ? ['  Takes any key=value.'] : keys),
    `  For ${who}; ${rate.perSecond} a second, ${rate.burst} at once.`,
  ];
}

function toUsage(key: string, schema: Schema, required: boolean): string {
  const shown = `${key}=${toType(schema).split(/[ ,]/)[0]?.toUpperCase() ?? 'VALUE'}`;
  return required ? shown : `[${shown}]`;
}

/** A type in a word or two. */
function toType(schema: Schema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(String).join('|');
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) return [...new Set(parts.map(toType))].join('|');
  if (schema.type === 'array') return `list of ${toType(schema.items ?? {})}s, parted by commas`;
  if (Array.isArray(schema.type)) return schema.type.join('|');
  const name = typeof schema.type === 'string' ? schema.type : 'value';
  if (name === 'string') return schema.maxLength === undefined ? 'text' : `text of at most ${schema.maxLength}`;
  return name === 'object' ? 'object as JSON' : name;
}

const historyCommand: Command = {
  names: ['history'],
  usage: 'history [LINES]',
  doc: 'What was said and typed lately; passwords are left out.',
  group,
  run({ news }, { words: [count] }) {
    const wanted = count === undefined ? 20 : Number(count.text);
    if (!(wanted >= 1)) return wrong('How many lines? history 20');
    const lines = news.last(Math.min(200, Math.floor(wanted)));
    return done(lines.length === 0 ? ['Nothing has happened yet.'] : lines, [...lines]);
  },
};

const time: Command = {
  names: ['time', 'date'],
  usage: 'time',
  doc: 'The time of the server.',
  group,
  run: async (sitting) =>
    tell<{ readonly at: number }>(await sitting.call('host.ping', {}), ({ at }) => [`${toTime(at)} UTC (${at})`]),
};

const about: Command = {
  names: ['about', 'version'],
  usage: 'about',
  doc: 'What runs here, and who you are.',
  group,
  async run(sitting) {
    const info = await sitting.catalogue.about();
    const { account, name, zone } = sitting.you;
    const who = account === null ? 'You are not logged in.' : `You are logged in as ${account}.`;
    const where = zone === null ? '' : ` You are ${name} in ${zone}.`;
    return done([info === undefined ? 'The server does not answer.' : `Roost ${info.version}`, who + where]);
  },
};

const size: Command = {
  names: ['size'],
  usage: 'size [COLUMNS ROWS]',
  doc: 'How large your terminal is taken to be.',
  group,
  run({ terminal }, { words }) {
    if (words.length > 0) {
      const [columns = 0, rows = 0] = words.map(({ text }) => Math.floor(Number(text)));
      if (!(columns >= 20 && columns <= 500 && rows >= 5 && rows <= 200))
        return wrong('size COLUMNS ROWS, such as size 80 24');
      if (terminal.resize === undefined) return wrong('This terminal tells its size itself.');
      terminal.resize({ columns, rows });
    }
    const now = terminal.size();
    return done([`${now.columns} columns, ${now.rows} rows`], now);
  },
};

const echo: Command = {
  names: ['echo'],
  usage: 'echo TEXT',
  doc: 'Gives back what you typed.',
  group,
  run: (_sitting, { rest }) => done([rest], rest),
};

const quit: Command = {
  names: ['quit', 'exit', 'bye'],
  usage: 'quit',
  doc: 'Ends this.',
  group,
  run: (): Done => ({ ...done(['Bye.']), quit: true }),
};

/** Of any shell. */
export const generalCommands: readonly Command[] = [help, historyCommand, echo, quit];
/** Of one that speaks with a node. */
export const nodeCommands: readonly Command[] = [time, about, size];
