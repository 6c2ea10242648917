/**
 * The command line; core/cli/help.ts explains its commands. The only file of the node process that ends it, and the one that answers its
 * signals and uncaught errors.
 */
import { readFileSync } from 'node:fs';
import { expectFolders, missingGame } from './cli/folders.ts';
import { stopWithLauncher } from './cli/launcher.ts';
import { reason } from './cli/reason.ts';
import type { Config } from './config.ts';
import { configure, nearest } from './configure.ts';
import { HostError } from './contract/errors.ts';
import type { HeldLog } from './report/log.ts';

/** A signal this soon after the first is the same wish: npm passes on what the terminal has sent already. */
const SAME_WISH_MS = 500;

/** A start that takes longer than this shows its log before its URL: somebody wants to know why. */
const LATE_MS = 10_000;

const seeHelp = 'roost --help lists what there is';

/** The database holds everything about everybody: files are the owner's alone. */
const usualMask = process.umask(0o077);

try {
  await run(process.argv.slice(2));
} catch (error) {
  fail(error);
}

async function run(argv: readonly string[]): Promise<void> {
  // It has flags of its own, and no settings of a node.
  if (argv[0] === 'load') return load(argv.slice(1));
  const isHelp = argv[0] === 'help' || argv.includes('--help') || argv.includes('-h') || argv.length === 0;
  if (isHelp) return await explain(argv);
  if (argv[0] === 'version' || argv.includes('--version')) return console.log(version());
  const isTest = argv.includes('test');
  const [isReplay, toTest] = [argv[0] === 'replay', argv.includes('--to-test')];
  const out = isReplay && argv.includes('--out') ? (argv[argv.indexOf('--out') + 1] ?? null) : null;
  const force = argv[0] === 'config' && argv.includes('--force');
  const own = new Set(
    force ? ['--force'] : isTest ? ['--watch'] : isReplay ? ['--to-test', ...(out === null ? [] : ['--out', out])] : [],
  );
  const flags = argv.filter((word) => !own.has(word));
  const { config, from, words, warnings } = await configure({ flags, env: process.env, cwd: process.cwd() });
  const [command, ...rest] = words;
  // A node and a check say it in their log.
  if (!['start', 'run', 'check'].includes(command ?? '')) for (const warning of warnings) console.error(warning);
  // Each command loads its own part: help, check and reset need no sockets.
  switch (command) {
    case 'start':
      expectWords(rest, 0, 'roost start takes flags only');
      expectFolders(config);
      return start(config, warnings);
    case 'run': {
      const { withRoles } = await import('./cli/roles.ts');
      expectFolders(config);
      return start(withRoles(config, rest), warnings);
    }
    case 'check':
      expectWords(rest, 0, 'roost check takes flags only');
      expectFolders(config);
      return check(config, warnings);
    case 'test':
      expectFolders(config);
      return test(config, rest, argv.includes('--watch'));
    case 'new':
      expectWords(rest, 2, 'roost new wants what and a name, such as object frog, plugin dice or game castle');
      return make(config, rest);
    case 'replay':
      expectWords(rest, 1, 'roost replay wants the file of an incident, such as data/incidents/….json.gz');
      return replay(config, rest[0] ?? '', toTest, out);
    case 'admin':
      if (rest[0] === 'shell' || (rest.length === 0 && process.stdin.isTTY)) {
        expectWords(rest.slice(1), 0, 'roost admin shell takes flags only');
        return adminShell(config, from);
      }
      return admin(config, rest);
    case 'reset':
      expectWords(rest, 1, 'roost reset wants one zone, such as farmyard/meadow');
      return reset(config, rest[0] ?? '');
    case 'backup':
      expectWords(rest, 1, 'roost backup wants the file to write, such as /var/backups/monday.roost');
      return copy('backup', config, rest[0] ?? '');
    case 'restore':
      expectWords(rest, 1, 'roost restore wants the file of a backup, such as /var/backups/monday.roost');
      return copy('restore', config, rest[0] ?? '');
    case 'play':
      if (rest.length > 1) expectWords(rest, 1, 'roost play wants the address of a node, or nothing');
      return play(config, rest[0], argv);
    case 'data':
      return records(config, rest);
    case 'config':
      return console.log(
        (await import('./cli/config.ts')).showConfig({ words: rest, config, from, force, cwd: process.cwd() }),
      );
    case 'clean':
      expectWords(rest, 0, 'roost clean takes flags only, such as --data DIR');
      return clean(config);
    case undefined:
      throw new HostError('config.wrong', `which command? roost start ${flags.join(' ')} runs the world\n${seeHelp}`);
    case 'load':
      throw new HostError('config.wrong', 'load stands first, its flags behind it: roost load --help');
    default:
      return await unknown(command);
  }
}

async function explain(argv: readonly string[]): Promise<void> {
  const { commandNames, help } = await import('./cli/help.ts');
  const about = argv[0] === 'help' ? argv[1] : argv.find((word) => commandNames.includes(word));
  if (about === 'load') return load(['--help']);
  if (about !== undefined && !about.startsWith('-') && !commandNames.includes(about)) return await unknown(about);
  console.log(help(about, process.stdout.columns));
}

async function unknown(command: string): Promise<never> {
  const { commandNames } = await import('./cli/help.ts');
  throw new HostError('config.wrong', `unknown command ${command}${nearest(command, commandNames)}\n${seeHelp}`);
}

function expectWords(words: readonly string[], count: number, wanted: string): void {
  if (words.length !== count) throw new HostError('config.wrong', `${wanted}, found ${words.join(' ') || 'none'}`);
}

async function start(config: Config, warnings: readonly string[]): Promise<void> {
  // The log is held back until the URL is printed: that is the first line a person sees.
  const [{ createNode }, { watchHolds }, { createSupervisor }, log] = await Promise.all([
    import('./node/node.ts'),
    import('./report/hold.ts'),
    import('./report/supervisor.ts'),
    openLog(config),
  ]);
  const supervisor = createSupervisor(process.env, log);
  const node = createNode(config, log, { stop: (why) => stop(why), logLevel: (level) => log.level(level) });
  process.on('unhandledRejection', (error) => node.stray(error));
  process.on('uncaughtException', (error) => node.stray(error));
  const stop = stopOnce(() => {
    log.release();
    supervisor.stopping();
    return node.stop();
  }, config.drainMs);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  stopWithLauncher(() => stop('launcher gone'));
  const late = setTimeout(() => log.release(), LATE_MS);
  const { url, link, doors } = await node.start();
  clearTimeout(late);
  supervisor.ready();
  watchHolds({ log, plugins: config.plugins });
  console.log(url);
  // Not to the log: whoever has the token may edit the scripts.
  if (link !== undefined) console.log(`${link}  (your own browser: it may edit the scripts)`);
  for (const door of doors) console.log(door);
  log.release();
  for (const warning of [...warnings, ...missingGame(config)]) log.warn({}, warning);
}

async function reset(config: Config, zone: string): Promise<void> {
  const [{ resetZone }, log] = await Promise.all([import('./node/reset.ts'), openLog(config)]);
  log.release();
  await resetZone(config, log, zone);
  console.log(`${zone} starts over with its map when it is entered next.`);
}

/** A world in the terminal. Without an address it is the node of this machine, with the flags that were given. */
async function play(config: Config, url: string | undefined, argv: readonly string[]): Promise<void> {
  const [{ play: run }, { findOrStart }] = await Promise.all([import('./cli/play.ts'), import('./cli/local-node.ts')]);
  const over = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => over.abort());
  stopWithLauncher(() => over.abort());
  const say = (line: string) => console.error(line);
  const flags = argv.filter((_word, at) => at !== argv.indexOf('play'));
  const local = () => findOrStart({ config, flags, env: process.env, say });
  await run({ url, local, input: process.stdin, output: process.stdout, signal: over.signal });
  process.exit(0);
}

/** Any record of the data folder, shown or made. */
async function records(config: Config, words: readonly string[]): Promise<void> {
  const [{ data }, { createRecordsDesk }, log] = await Promise.all([
    import('./cli/data.ts'),
    import('./node/records.ts'),
    openLog(config),
  ]);
  log.release();
  // `roost data find … | head -1`: whoever reads has seen enough.
  process.stdout.once('error', () => process.exit(0));
  await data(words, createRecordsDesk(config, log), (line) => console.log(line));
}

/** A backup, or a world from one. Who ends it finds nothing half. */
async function copy(which: 'backup' | 'restore', config: Config, file: string): Promise<void> {
  const { backupData, restoreData } = await import('./node/backup.ts');
  const over = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => over.abort());
  const options = { file, version: version(), signal: over.signal };
  console.log(await (which === 'backup' ? backupData : restoreData)(config, options));
}

async function clean(config: Config): Promise<void> {
  const removed = await (await import('./node/clean.ts')).cleanData(config);
  for (const path of removed) console.log(`removed ${path}`);
  if (removed.length === 0) console.log(`${config.data}: nothing to clean`);
}

/** Who may administer. The log says only what went wrong: what was done is said on standard output. */
async function admin(config: Config, words: readonly string[]): Promise<void> {
  const [{ administer }, { askPassword }, { createDesk }, log] = await Promise.all([
    import('./cli/admin.ts'),
    import('./cli/password.ts'),
    import('./node/desk.ts'),
    openLog(config.log === 'info' ? { ...config, log: 'warn' } : config),
  ]);
  log.release();
  const desk = createDesk(config, log);
  try {
    await administer({
      words,
      call: desk.call,
      callNode: desk.callNode,
      password: () => askPassword(process.stdin, process.stderr),
      say: (line) => console.log(line),
    });
  } finally {
    await desk.close();
  }
}

/** The same, one word after another. */
async function adminShell(config: Config, from: ReadonlyMap<string, string>): Promise<void> {
  const [{ administerByHand }, { showConfig }, { createDesk }, log] = await Promise.all([
    import('./cli/admin-shell.ts'),
    import('./cli/config.ts'),
    import('./node/desk.ts'),
    openLog(config.log === 'info' ? { ...config, log: 'warn' } : config),
  ]);
  log.release();
  await administerByHand({
    openDesk: () => createDesk(config, log),
    config: (words) => showConfig({ words, config, from, force: false, cwd: process.cwd() }),
    ...{ input: process.stdin, output: process.stdout },
  });
}

/** Drains at the first wish and ends the process; a second wish ends it at once. */
function stopOnce(drain: () => Promise<void>, drainMs: number): (why: string) => void {
  let askedAt: number | undefined;
  return (why) => {
    const now = performance.now();
    if (askedAt !== undefined) {
      if (now - askedAt > SAME_WISH_MS) process.exit(1);
      return;
    }
    askedAt = now;
    console.error(`${why}: saving and closing; once more to end at once.`);
    setTimeout(() => {
      console.error(`Not closed within ${drainMs} ms.`);
      process.exit(1);
    }, drainMs).unref();
    drain().then(() => process.exit(0), fail);
  };
}

/** Compiles and checks every file a designer wrote; one line for each fault. */
async function check(config: Config, warnings: readonly string[]): Promise<void> {
  const [{ checkEverything }, log] = await Promise.all([import('./check.ts'), openLog(config)]);
  log.release();
  for (const warning of warnings) log.warn({}, warning);
  const { faults, files } = await checkEverything(config, log);
  for (const { file, line, column, message } of faults) console.error(`${file}:${line}:${column}: ${message}`);
  console.log(`${files} files checked, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`);
  process.exit(faults.length === 0 ? 0 : 1);
}

/** Runs the tests beside scripts and plugins; the built-in ones where no other folder is named. */
async function test(config: Config, files: readonly string[], watch: boolean): Promise<void> {
  const { runTests } = await import('./cli/test.ts');
  const [, ...roots] = config.roots;
  const [, ...plugins] = config.plugins;
  const folders = roots.length + plugins.length > 0 ? roots : [process.cwd()];
  process.exit(await runTests({ roots: folders, plugins, files, watch }));
}

/** Writes a new script, plugin or game, and what to do with it next. */
async function make(config: Config, [what = '', name = '']: readonly string[]): Promise<void> {
  const { makeNew } = await import('./cli/new.ts');
  // What is written here is the designer's, not the server's secret.
  process.umask(usualMask);
  const [, ...roots] = config.roots;
  const [, ...plugins] = config.plugins;
  console.log(makeNew({ what, name, root: roots.at(-1) ?? null, plugins: plugins.at(-1) ?? null, cwd: process.cwd() }));
}

/** Runs an incident again: 0 when it ran through, 3 when it broke. */
async function replay(config: Config, file: string, toTest: boolean, out: string | null): Promise<void> {
  const { replayFile } = await import('./replay/command.ts');
  if (toTest) process.umask(usualMask);
  const roots = [...config.roots, process.cwd()];
  process.exit(await replayFile({ file, toTest, out, roots, version: version(), say: (line) => console.log(line) }));
}

/** Sends clients to a server: 0 when all went well, 1 when it did not. */
async function load(words: readonly string[]): Promise<void> {
  const { load: run } = await import('./cli/load.ts');
  // The report is for whoever may see it, and no secret of a server.
  process.umask(usualMask);
  const [enough, atOnce] = [new AbortController(), new AbortController()];
  let askedAt = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (performance.now() - askedAt < SAME_WISH_MS) return;
      askedAt = performance.now();
      if (atOnce.signal.aborted) process.exit(1);
      (enough.signal.aborted ? atOnce : enough).abort();
    });
  const strays = (listen: (error: unknown) => void) =>
    void process.on('unhandledRejection', listen).on('uncaughtException', listen);
  // `roost load --json … | head`: whoever reads has seen enough.
  process.stdout.once('error', () => process.exit(1));
  const say = (line: string) => console.log(line);
  const signals = { signal: enough.signal, atOnce: atOnce.signal };
  process.exit(await run({ words, cwd: process.cwd(), say, terminal: process.stderr, ...signals, strays }));
}

async function openLog(config: Config): Promise<HeldLog> {
  const { createLog } = await import('./report/log.ts');
  return createLog(config.log);
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Ends the process with a reason in words; a stack only for what nobody foresaw. */
function fail(error: unknown): never {
  console.error(reason(error));
  process.exit(1);
}
