/**
 * Every setting of a node: one row each, with its default, unit, bounds and what it does.
 *
 * A setting can be given as a flag (`--flush-ms 100`), as an environment variable (`ROOST_FLUSH_MS=100`) and in
 * `roost.config.ts` of the working directory (`export default { flushMs: 100 }`), in this order of preference;
 * core/configure.ts reads them. `docs/operations.md` lists the table.
 */
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';

/** What a setting takes and how it is explained. */
export type Setting<T> = {
  /** One sentence for `--help` and docs/operations.md. */
  readonly doc: string;
  /** What a right value looks like, in words: it follows "wanted" in a complaint. */
  readonly wanted: string;
  /** What the default is, in words. */
  readonly defaultText: string;
  /** Default, from what was given for the settings above it. */
  readonly default: (given: { readonly host: string; readonly production: boolean }) => T;
  readonly schema: z.ZodType<T>;
  /** Text of a flag or an environment variable → what the schema checks. */
  readonly parse: (text: string) => unknown;
  /** Name of the flag when it is not the setting's own, with dashes. */
  readonly flag?: string;
  /** What stands behind the flag in `--help`; a setting without it is left to docs/operations.md. */
  readonly argument?: string;
  /** What was given is not shown to anybody. */
  readonly secret?: boolean;
  /** Given several times, each adds to the list; in the environment they are parted by this. */
  readonly separator?: string;
};

const cores = availableParallelism();

const pathSeparator = process.platform === 'win32' ? ';' : ':';

/** A whole number within bounds. */
function whole(value: number, unit: string, min: number, max: number, doc: string, argument?: string): Setting<number> {
  return {
    doc,
    wanted: `a whole number from ${min} to ${max}${unit ? ` (${unit})` : ''}`,
    defaultText: `${value}${unit ? ` ${unit}` : ''}`,
    default: () => value,
    schema: z.number().int().min(min).max(max),
    parse: (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text),
    ...(argument === undefined ? {} : { argument }),
  };
}

function text(value: string, wanted: string, pattern: RegExp, doc: string, argument: string): Setting<string> {
  return {
    doc,
    wanted,
    defaultText: value,
    default: () => value,
    schema: z.string().regex(pattern),
    parse: (given) => given,
    argument,
  };
}

function onOff(value: boolean, doc: string): Setting<boolean> {
  return {
    doc,
    wanted: 'on or off',
    defaultText: value ? 'on' : 'off',
    default: () => value,
    schema: z.boolean(),
    parse: (given) => new Map<string, boolean>(onOffWords).get(given.trim().toLowerCase()) ?? given,
  };
}

const onOffWords: readonly (readonly [string, boolean])[] = [
  ['on', true],
  ['true', true],
  ['yes', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['no', false],
  ['0', false],
];

/** A list; `separator` parts it in the environment. */
function list(wanted: string, item: z.ZodType<string>, separator: string, doc: string): Setting<readonly string[]> {
  return {
    doc,
    wanted,
    defaultText: 'none',
    default: () => [],
    schema: z.array(item),
    parse: (given) =>
      given
        .split(separator)
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    separator,
  };
}

const folder = z.string().min(1).max(4096);

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** `127.0.0.1`, `::1`, `localhost`: only this machine can connect. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The table. Milliseconds end in `Ms`, kilobytes (1,024) in `Kb`, megabytes in `Mb`. */
export const settings = {
  // Where the node is and what it runs.
  port: whole(3000, '', 0, 65_535, 'TCP port; 0 takes any free one.', 'N'),
  host: text('127.0.0.1', 'a host name or an IP address', /^[\w.:-]{1,253}$/, 'Address to listen on.', 'H'),
  data: text('./data', 'a folder', /^.{1,4096}$/, 'Folder of the database; one node at a time.', 'DIR'),
  roots: {
    ...list('a folder', folder, pathSeparator, 'Folder with own `scripts/` and `games/`, beside the built-in ones.'),
    flag: '--root',
    argument: 'DIR',
  },
  plugins: {
    ...list('a folder', folder, pathSeparator, 'Folder of plugins, beside the built-in ones.'),
    argument: 'DIR',
  },
  workers: {
    ...whole(1, '', 1, 256, 'Worker processes that run zones; one more stands by.', 'N'),
    default: () => Math.max(1, cores - 1),
    defaultText: 'one less than there are cores, at least 1',
  },
  game: text(
    'farmyard',
    'the name of a game (a to z, 0 to 9, dashes)',
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    'Game that `/` shows.',
    'NAME',
  ),
  production: {
    ...onOff(false, 'Serves the public: no development, no demo account, no secret left at its default.'),
    default: () => process.env.NODE_ENV === 'production',
    defaultText: 'on when `NODE_ENV` is `production`',
    argument: '',
  } satisfies Setting<boolean>,
  dev: {
    ...onOff(false, 'Development: reports with file and line on the page, devtest games, merged maps.'),
    default: ({ host, production }) => isLoopback(host) && !production,
    defaultText: 'on when `host` is a loopback address and `production` is off',
    argument: '',
  } satisfies Setting<boolean>,
  log: {
    doc: 'Least level that is logged.',
    wanted: `one of ${logLevels.join(', ')}`,
    defaultText: 'info',
    default: () => 'info' as const,
    schema: z.enum(logLevels),
    parse: (given: string) => given,
    argument: 'LEVEL',
  } satisfies Setting<(typeof logLevels)[number]>,

  // Doors: what a stranger may do before anything else is looked at.
  origins: list(
    'an origin such as https://play.example.org',
    z.string().regex(/^https?:\/\/[^/\s]+$/),
    ',',
    'Origins of pages that may connect, beside those served from here.',
  ),
  hosts: list(
    'a host name, with its port if it has one',
    z.string().regex(/^[\w.:[\]-]{1,253}$/),
    ',',
    'Names this node may be asked for (the Host header), beside its own address.',
  ),
  trustProxy: list(
    'an IP address such as 127.0.0.1',
    z.string().refine((address) => isIP(address) !== 0),
    ',',
    'Addresses of proxies before this node, whose `X-Forwarded-For` says who asks; of others it is not believed.',
  ),
  sessionsMost: whole(2000, '', 1, 100_000, 'Sessions at a time; more are refused with `session.full`.'),
  sessionsPerAddress: whole(16, '', 1, 100_000, 'Sessions at a time of one address (IPv6: of one /64).'),
  newSessionsPerSecond: whole(5, '', 1, 100_000, 'New sessions a second of one address.'),
  handshakeMs: whole(5000, 'ms', 100, 60_000, 'Time to finish the handshake of a connection.'),
  heartbeatMs: whole(5000, 'ms', 100, 60_000, 'Time between two heartbeats.'),
  heartbeatLostMs: whole(
    5000,
    'ms',
    100,
    60_000,
    'Time without an answer to a heartbeat after which a session is lost.',
  ),
  messageBytes: whole(16_384, 'bytes', 1024, 1_048_576, 'Longest message of a client.'),
  bytesPerSecond: whole(65_536, 'bytes', 1024, 104_857_600, 'Bytes a second that a session may send.'),
  packetsPerSecond: whole(200, '', 1, 1_000_000, 'Packets a second that a session may send; more are not read.'),
  callsPerSecond: whole(60, '', 1, 100_000, 'Calls a second of a session, in the long run.'),
  callBurst: whole(120, '', 1, 100_000, 'Calls of a session at once.'),
  callsInFlight: whole(32, '', 1, 10_000, 'Calls of a session that wait for an answer.'),
  floodFactor: whole(10, '', 2, 1000, 'A session this many times over a limit …'),
  floodMs: whole(3000, 'ms', 100, 60_000, '… for this long is disconnected with `session.too-fast`.'),
  backlogKb: whole(256, 'KB', 16, 65_536, 'Unsent data of a slow session, above which it skips to a snapshot.'),
  sessionsPriority: whole(
    100,
    '',
    0,
    100_000,
    'Sessions beyond `sessionsMost`, for accounts with the privilege `priority`.',
  ),
  lobbyMs: whole(120_000, 'ms', 1000, 86_400_000, 'Time a session may stay without a login or a character.'),
  silentMs: whole(
    0,
    'ms',
    0,
    86_400_000,
    'Time without a message of the client after which its session ends; 0: never.',
  ),
  clientLeast: {
    doc: 'Oldest version of a client that may connect, of those that tell theirs; empty: any.',
    wanted: 'a version such as 1.4 or 1.4.2',
    defaultText: 'any',
    default: () => '',
    schema: z.string().regex(/^(\d{1,6}(\.\d{1,6}){0,3})?$/),
    parse: (given: string) => given,
  } satisfies Setting<string>,
  graceMs: whole(120_000, 'ms', 0, 86_400_000, 'Time a character waits for its lost session.'),

  // Accounts.
  guests: onOff(true, 'Somebody without an account may play, under a name that is free.'),
  guestMs: whole(0, 'ms', 0, 86_400_000, 'Time a guest may play, then `session.time-over`; 0: any.'),
  accountSessions: {
    doc: 'When somebody logs in who is here already: `replace` ends the former session, `refuse` this one, `many` neither.',
    wanted: 'one of replace, refuse, many',
    defaultText: 'replace',
    default: () => 'replace' as const,
    schema: z.enum(['replace', 'refuse', 'many']),
    parse: (given: string) => given,
  } satisfies Setting<'replace' | 'refuse' | 'many'>,
  serials: onOff(false, 'Registration wants an unused serial of a batch that an administrator made.'),
  charactersMost: whole(8, '', 1, 1000, 'Characters of one account.'),
  loginDays: whole(30, 'days', 1, 3650, 'Time that a login is good for.'),
  mailDays: whole(365, 'days', 1, 3650, 'Time that a mail between players is kept.'),
  publicUrl: {
    doc: 'Address that people use, such as https://play.example.org: for links in mail; cookies are secure when it is https.',
    wanted: 'an address that begins with http:// or https://',
    defaultText: 'none',
    default: () => '',
    schema: z.string().regex(/^(https?:\/\/[^\s]{1,200})?$/),
    parse: (given: string) => given,
  } satisfies Setting<string>,
  smtp: {
    doc: 'Host that takes mail, with name and password where it wants them; without one no mail is sent.',
    wanted: 'smtp://host:port, smtps://name:password@host',
    defaultText: 'none',
    default: () => '',
    schema: z.string().regex(/^(smtps?:\/\/[^\s]{1,500})?$/),
    parse: (given: string) => given,
    secret: true,
  } satisfies Setting<string>,
  mailFrom: {
    doc: 'Sender of mail.',
    wanted: 'an address such as roost@example.org',
    defaultText: 'roost@localhost',
    default: () => 'roost@localhost',
    schema: z.string().regex(/^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}$/),
    parse: (given: string) => given,
  } satisfies Setting<string>,
  greeting: {
    doc: 'What whoever comes into the game is told; empty: nothing.',
    wanted: 'a line of at most 500 characters',
    defaultText: 'nothing',
    default: () => '',
    schema: z.string().max(500),
    parse: (given: string) => given,
  } satisfies Setting<string>,

  // Lines of text over TCP.
  textPort: whole(0, '', 0, 65_535, 'Port for lines of text, by people, programs and servers; 0: none.', 'N'),
  textMost: whole(32, '', 1, 100_000, 'Connections to the text port at a time.'),
  textPerAddress: whole(4, '', 1, 100_000, 'Connections of one address to the text port.'),
  textIdleMs: whole(10_000, 'ms', 0, 86_400_000, 'Time a program at the text port may be silent; 0: any.'),
  textPeopleIdleMs: whole(900_000, 'ms', 0, 86_400_000, 'Time a person at the text port may be silent; 0: any.'),

  // The turn relay.
  turnPort: whole(
    0,
    '',
    0,
    65_535,
    'Port of its own for the format of the older turn server (it used 8192); 0: none.',
    'N',
  ),
  turnWaiting: whole(200, '', 2, 100_000, 'Players of the turn relay who wait for their match.'),
  turnMatches: whole(100, '', 1, 100_000, 'Matches of the turn relay.'),
  turnWaitingPerAddress: whole(4, '', 1, 100_000, 'Players of one address who wait for their match.'),
  turnMatchesPerAddress: whole(8, '', 1, 100_000, 'Matches of the turn relay with a player of one address.'),
  turnSilentMs: whole(25_000, 'ms', 100, 3_600_000, 'Time without a word after which a player who waits is dropped.'),
  turnExchangeMs: whole(30_000, 'ms', 100, 3_600_000, 'Time without an exchange after which a match is dropped.'),
  turnPerSecond: whole(100, '', 1, 1_000_000, 'Requests a second of one address to the turn relay.'),

  // Matchmaking.
  matchWaiting: whole(2000, '', 2, 10_000, 'Players who wait for a match.'),
  matchPerAddress: whole(16, '', 1, 10_000, 'Players of one address who wait for a match or play one.'),

  // Methods and plugins.
  methodPerSecond: whole(
    10,
    '',
    1,
    100_000,
    'Calls a second of one method by a session, unless the method says otherwise.',
  ),
  methodBurst: whole(20, '', 1, 100_000, 'Calls of one method by a session at once, unless the method says otherwise.'),
  handlerMs: whole(10_000, 'ms', 10, 600_000, 'Deadline of a handler, then `call.timeout`.'),
  pluginFailures: whole(20, '', 1, 10_000, 'Failures of a plugin within a minute after which it is switched off.'),

  // Zones.
  zoneStartMs: whole(20_000, 'ms', 100, 600_000, 'Time a zone may take to start, then `zone.timeout`.'),
  sleepAfterMs: whole(30_000, 'ms', 100, 86_400_000, 'Time without a session after which a zone sleeps.'),
  unloadAfterMs: whole(300_000, 'ms', 100, 86_400_000, 'Time asleep after which a zone is unloaded.'),
  flushMs: whole(250, 'ms', 10, 60_000, 'Time between two writes of what changed in a zone.'),
  onceMs: whole(600_000, 'ms', 1000, 86_400_000, 'Time a durable call marked `once` is remembered.'),
  waitingCalls: whole(64, '', 1, 10_000, 'Calls of a session that wait while its zone recovers.'),
  waitingMs: whole(5000, 'ms', 100, 60_000, 'Time such a call waits, then `zone.unavailable`.'),

  // Workers.
  workerMemoryMb: whole(512, 'MB', 128, 65_536, 'Resident memory above which a worker is ended by its watchdog.'),
  isolateMemoryMb: whole(64, 'MB', 16, 4096, 'Heap of the scripts of one zone.'),
  objectCpuPercent: whole(2, '% of a core', 1, 100, 'CPU of one object over 5 s; above it its `tick` runs less often.'),
  kindCpuPercent: whole(25, '% of a core', 1, 100, 'CPU of all objects of a kind in a zone over 5 s.'),
  zoneCpuPercent: whole(60, '% of a core', 1, 100, 'CPU of a zone over 5 s; above it its dearest kind gives way.'),
  probationMs: whole(3000, 'ms', 100, 600_000, 'Time in which a new build of a script has to prove itself.'),
  recycleMs: whole(1_800_000, 'ms', 1000, 86_400_000, 'Time after which the isolate of a zone is made anew.'),
  tickLimitMs: whole(200, 'ms', 10, 10_000, 'Longest tick; one over it is stopped and undone.'),
  watchdogSilentMs: whole(1000, 'ms', 200, 60_000, 'Silence of a watchdog after which its worker is ended.'),
  outstandingMb: whole(8, 'MB', 1, 1024, 'Data on its way to a worker, above which calls get `zone.unavailable`.'),
  workerUid: whole(
    0,
    '',
    0,
    4_294_967_294,
    'User id workers run under (POSIX, the node started as root); 0 keeps its own.',
  ),

  // Database.
  storeBusyMs: whole(5000, 'ms', 100, 60_000, 'Time a write may wait and take, then `store.busy`.'),
  linesKept: whole(1000, '', 0, 1_000_000, 'Lines not spoken by players that are kept of each zone.'),

  // Files.
  poll: onOff(false, 'Look at watched files regularly instead of waiting for the system to tell (network drives).'),
  pollMs: whole(500, 'ms', 50, 60_000, 'Time between two looks when polling.'),
  settleMs: whole(50, 'ms', 0, 5000, 'Time a saved file must stay unchanged before it is read.'),
  compileMs: whole(2000, 'ms', 100, 60_000, 'Time to compile one designer’s file.'),

  // Being watched.
  metricsToken: {
    doc: 'Token that `/metrics` asks for; without one only programs on this machine may read it.',
    wanted: '16 to 200 letters, digits, - or _',
    defaultText: 'none',
    default: () => '',
    schema: z.string().regex(/^[\w-]{16,200}$/),
    parse: (given: string) => given,
    secret: true,
  } satisfies Setting<string>,
  apiDocs: {
    doc: 'Who sees `/docs/api`, what there is to call: `operator` whoever has the token of one, and in development this machine; `public` everybody; `off` nobody.',
    wanted: 'one of operator, public, off',
    defaultText: 'operator',
    default: () => 'operator' as const,
    schema: z.enum(['operator', 'public', 'off']),
    parse: (given: string) => given,
  } satisfies Setting<'operator' | 'public' | 'off'>,
  telemetry: {
    doc: 'Module that takes the traces of calls, by OpenTelemetry; without one none are made.',
    wanted: 'the file of a module',
    defaultText: 'none',
    default: () => '',
    schema: z.string().min(1).max(4096),
    parse: (given: string) => given,
  } satisfies Setting<string>,
  metricsZones: whole(50, '', 0, 10_000, 'Zones that `/metrics` tells apart; all others together are `other`.'),

  // Stop.
  drainMs: whole(10_000, 'ms', 0, 600_000, 'Time to flush and close on SIGTERM before the process ends anyway.'),
} as const;

export type SettingName = keyof typeof settings;

/** What a person may write in `roost.config.ts`. */
export type Settings = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer T> ? T : never;
};

/**
 * All settings of one node, checked and frozen. Folders and files (`data`, `roots`, `plugins`, `telemetry`) are absolute;
 * `roots` and `plugins` begin with the built-in ones.
 */
export type Config = Settings;
