/** What `roost --help` and `roost COMMAND --help` say. Each command of the table has a case in core/main.ts. */

import { type SettingName, settings } from '../config.ts';
import { flagOf, variableOf } from '../configure.ts';
import { wrap } from '../shell/printable.ts';
import { adminWords } from './admin.ts';
import { configWords } from './config.ts';
import { dataWords } from './data.ts';

/** A form that is typed and what it does. */
type Entry = readonly [typed: string, doc: string];

type CommandHelp = {
  /** What stands behind its name. */
  readonly takes: string;
  /** For the list of all commands. */
  readonly doc: string;
  /** What there is to say beside it, one paragraph each. */
  readonly more?: readonly string[];
  readonly entries?: readonly Entry[];
  /** Flags that are its own, or the settings that matter to it. */
  readonly flags: readonly (Entry | SettingName)[];
  readonly page: string;
};

const startFlags = [
  ...(['port', 'host', 'data', 'roots', 'plugins', 'game', 'textPort', 'turnPort'] as const),
  ...(['workers', 'production', 'dev', 'log'] as const),
];

/** Commands in the order in which they are listed. */
const commands: ReadonlyMap<string, CommandHelp> = new Map(
  Object.entries({
    start: {
      takes: '',
      doc: 'Runs the world and serves it; the first line is its URL.',
      more: ['Ctrl-C saves everything and ends it.'],
      entries: [
        ['roost start --port 4000', 'on another port'],
        ['roost start --text-port 4001', 'also for telnet and nc: docs/text.md'],
        ['roost start --root ~/my-world --game castle', 'with a game of your own: roost new game castle'],
      ],
      flags: startFlags,
      page: 'docs/operations.md',
    },
    run: {
      takes: '[ROLES]',
      doc: 'The same with some of its roles alone: web, text, turn.',
      more: ['Roles that are not named have no port, whatever the settings say; web cannot be left out.'],
      entries: [
        ['roost run web,text', 'opens the text port: textPort, else 53450'],
        ['roost run web,turn', "opens the turn relay's own port: turnPort, else 8192"],
      ],
      flags: startFlags,
      page: 'docs/operations.md',
    },
    play: {
      takes: '[URL]',
      doc: 'Plays in this terminal: on the node at URL, else on the one of this machine, which is started when none runs.',
      more: [
        'At the prompt type play to come in, help for everything that can be typed, quit to leave. Tab completes words.',
        'Without a terminal each line of the input is a command.',
      ],
      entries: [
        ['roost play', 'the node of this machine, with the flags of roost start'],
        ['roost play play.example.org:3000', 'a node elsewhere'],
      ],
      flags: startFlags,
      page: 'docs/client.md',
    },
    check: {
      takes: '',
      doc: 'Compiles and checks every script, plugin, map and game, and starts nothing.',
      more: ['It ends with 1 when there is a fault, and names its file, line and column.'],
      flags: ['roots', 'plugins'],
      page: 'docs/games.md',
    },
    test: {
      takes: '[FILES…]',
      doc: 'Runs the tests beside scripts and plugins.',
      more: ['FILES are parts of paths: roost test duck runs scripts/duck.test.ts.'],
      flags: [['--watch', 'stays, and runs again what you save'], 'roots', 'plugins'],
      page: 'docs/testing.md',
    },
    new: {
      takes: 'WHAT NAME',
      doc: 'Writes a new object, plugin or game, with its test.',
      entries: [
        ['roost new object frog', 'scripts/frog.ts, a kind of object'],
        ['roost new plugin dice', 'plugins/dice/roll.ts, the method dice.roll'],
        ['roost new game castle', 'games/castle/, a game with a map, scripts and a page'],
      ],
      flags: ['roots', 'plugins'],
      page: 'docs/games.md',
    },
    load: {
      takes: '[URL]',
      doc: 'Sends clients to a server and reports latency, throughput and errors.',
      flags: [],
      page: 'docs/load.md',
    },
    admin: {
      takes: 'WHAT …',
      doc: 'Who may administer, and what the node that runs has to do; roost admin shell: one after another.',
      entries: [
        ...adminWords,
        [
          'shell',
          'One of these after another, with help, config, status and history; also without a word, at a terminal.',
        ],
      ],
      flags: ['data'],
      page: 'docs/administration.md',
    },
    config: {
      takes: 'WHAT',
      doc: 'Shows what counts here and where it comes from, or writes a roost.config.ts.',
      entries: configWords,
      flags: [],
      page: 'docs/operations.md',
    },
    data: {
      takes: 'WHAT …',
      doc: 'Shows and makes the records of the data folder.',
      entries: dataWords,
      flags: ['data'],
      page: 'docs/operations.md',
    },
    reset: {
      takes: 'ZONE',
      doc: 'Starts a zone over: what its map says replaces what play has made of it.',
      more: ['The node has to be stopped. roost reset farmyard/meadow'],
      flags: ['data', 'roots'],
      page: 'docs/operations.md',
    },
    backup: {
      takes: 'FILE',
      doc: 'Writes the whole world into one file, also while a node runs on the data folder.',
      more: ['FILE must not be there yet. roost backup monday.roost'],
      flags: ['data'],
      page: 'docs/operations.md',
    },
    restore: {
      takes: 'FILE',
      doc: 'Fills a data folder that is empty, or not there yet, from such a file, and checks it.',
      more: ['No node may run there. roost restore monday.roost --data other'],
      flags: ['data'],
      page: 'docs/operations.md',
    },
    clean: {
      takes: '',
      doc: 'Removes reports of incidents and what a killed node left in its data folder; the world stays.',
      flags: ['data'],
      page: 'docs/operations.md',
    },
    replay: {
      takes: 'FILE',
      doc: 'Runs an incident again and says where it breaks.',
      more: [
        'FILE is one of data/incidents. It ends with 0 when it ran through, 3 when it broke, 1 when it could not be run.',
      ],
      flags: [
        ['--to-test', 'writes a test of it beside the script'],
        ['--out FILE', 'writes that test there'],
        'roots',
      ],
      page: 'docs/operations.md',
    },
  } satisfies Record<string, CommandHelp>),
);

/** Names of all commands. */
export const commandNames: readonly string[] = [...commands.keys()];

/** Of so many columns, whatever the terminal has: lines that are longer are not read. */
const columnsMost = 110;
const columnsLeast = 60;
/** Characters of what stands left of its explanation. */
const leftWidth = 16;

/**
 * The text for a person.
 * @param about    Name of a command; all of them without one.
 * @param columns  Of the terminal; undefined where there is none.
 */
export function help(about: string | undefined, columns: number | undefined): string {
  const width = Math.max(columnsLeast, Math.min(columns || columnsMost, columnsMost));
  const command = commands.get(about ?? '');
  const lines = command === undefined ? overview(width) : aboutCommand(about as string, command, width);
  return lines.join('\n');
}

function overview(width: number): readonly string[] {
  const shown = Object.keys(settings).filter((name) => 'argument' in settings[name as SettingName]) as SettingName[];
  return [
    'Usage: roost COMMAND [FLAGS]',
    '',
    'Commands',
    ...[...commands].flatMap(([name, { takes, doc }]) => toRow([`${name} ${takes}`.trim(), doc], width)),
    '',
    'Flags',
    ...shown.flatMap((name) => toRow(toFlag(name), width)),
    ...toRow(['--help', 'This; behind a command what that one takes.'], width),
    ...toRow(['--version', 'Says which Roost this is.'], width),
    '',
    ...wrap(
      `Each setting is a flag, a variable (${variableOf('port')}) and a key of roost.config.ts (port) in the working directory. ` +
        'Flags win over variables, variables over the file. roost config show lists every setting, docs/operations.md explains them.',
      width,
    ),
  ];
}

function aboutCommand(
  name: string,
  { takes, doc, more = [], entries = [], flags, page }: CommandHelp,
  width: number,
): readonly string[] {
  const rows = flags.map((flag) => (typeof flag === 'string' ? toFlag(flag) : flag));
  return [
    `Usage: roost ${name} ${takes}`.trim() + (flags.length > 0 ? ' [FLAGS]' : ''),
    '',
    ...[doc, ...more].flatMap((text) => wrap(text, width)),
    ...(entries.length > 0 ? ['', ...entries.flatMap((entry) => toRow(entry, width))] : []),
    ...(rows.length > 0 ? ['', 'Flags', ...rows.flatMap((row) => toRow(row, width))] : []),
    '',
    ...wrap(`${page} has more; roost config show lists every setting.`, width),
  ];
}

function toFlag(name: SettingName): Entry {
  const setting = settings[name];
  const typed = `${flagOf(name)} ${'argument' in setting ? setting.argument : ''}`.trim();
  const again = 'separator' in setting ? ' May be given again.' : '';
  return [typed, `${setting.doc}${again} [${setting.defaultText}]`];
}

function toRow([typed, doc]: Entry, width: number): readonly string[] {
  const indent = ' '.repeat(leftWidth + 3);
  const [first = '', ...rest] = wrap(doc, width, indent);
  if (typed.length > leftWidth) return [`  ${typed}`, first, ...rest];
  return [`  ${typed.padEnd(leftWidth)} ${first.trimStart()}`, ...rest];
}
