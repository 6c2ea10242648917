/** `roost load`: many clients on a server, and what became of them. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HostError } from '../contract/errors.ts';
import { findScenario, readOptions } from '../load/find.ts';
import { toHtml } from '../load/html.ts';
import { ratesLeast, ratesMost } from '../load/load.ts';
import { type Outcome, type RunOptions, runLoad } from '../load/run.ts';
import { type MostErrors, summarize } from '../load/summary.ts';
import { progressLine, toText } from '../load/text.ts';

export type LoadOptions = {
  /** What stands behind `load`. */
  readonly words: readonly string[];
  readonly cwd: string;
  readonly say: (line: string) => void;
  /** Where the line of progress goes; it is left out where there is nobody to see it. */
  readonly terminal: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Then what is under way is not waited for either. */
  readonly atOnce?: AbortSignal;
  /** Tells of what is thrown where nobody can catch it. */
  readonly strays?: RunOptions['strays'];
};

const usage = `Usage: roost load [flags] [URL]

Sends clients to a server and reports latency, throughput and errors. URL is http://127.0.0.1:3000 unless given.

  --scenario WHAT    turn, zone, chat or the path of a file (docs/load.md) [turn]
  --clients N        clients, each with connections of its own [30]
  --rate R           steps a second of each client [what the scenario says]
  --seconds S        that are measured, once all clients have come [30]
  --ramp S           in which they come, one after another [a fifth of a second each, at most 10 s]
  --with NAME=VALUE  an option of the scenario; may be given again
  --report FILE      writes a page with charts
  --json             prints everything as JSON
  --most-errors N    errors that a run may have: 5, or 1% [0]
  --seed N           the same texts and choices again
  --yes              the server is mine, also where it is not this machine

Ctrl-C ends it early and reports what there is; a second one waits for nothing any more. It ends with 1 when a text was lost,
repeated, out of order or changed, when there were more errors than may be, or when not every client came in.`;

const flags = {
  scenario: { type: 'string', default: 'turn' },
  clients: { type: 'string', default: '30' },
  rate: { type: 'string' },
  seconds: { type: 'string', default: '30' },
  ramp: { type: 'string' },
  with: { type: 'string', multiple: true, default: [] as string[] },
  report: { type: 'string' },
  json: { type: 'boolean', default: false },
  'most-errors': { type: 'string', default: '0' },
  seed: { type: 'string' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const clientsMost = 100_000;
const usualRampSeconds = 10;
const secondsForEach = 0.2;

/** @returns the exit code. @throws HostError `config.wrong` with what is wrong, in words */
export async function load(given: LoadOptions): Promise<number> {
  const { words, cwd, say } = given;
  const { values, positionals } = parse(words);
  if (values.help) {
    say(usage);
    return 0;
  }
  if (positionals.length > 1) throw wrong(`wanted one URL, found ${positionals.join(' ')}`);
  const clients = number('clients', values.clients, 1, clientsMost, true);
  const most = toMostErrors(values['most-errors']);
  const url = toUrl(positionals[0] ?? 'http://127.0.0.1:3000');
  const scenario = await findScenario(values.scenario, cwd);
  const options: RunOptions = {
    ...{ scenario, name: values.scenario, url, clients },
    rate: number('rate', values.rate ?? `${scenario.rate ?? 1}`, ratesLeast, ratesMost),
    seconds: number('seconds', values.seconds, 0.1, 604_800),
    rampSeconds: number(
      'ramp',
      values.ramp ?? Math.min(usualRampSeconds, clients * secondsForEach).toFixed(1),
      0,
      86_400,
    ),
    options: readOptions(scenario, values.with),
    seed: number('seed', values.seed ?? `${Date.now() % 1_000_000}`, 0, 2 ** 31, true),
  };
  if (!values.yes && !isLoopback(url))
    throw wrong(
      `${new URL(url).host} is not this machine: ${clients} clients with ${options.rate} steps a second each are an attack on ` +
        'whoever does not expect them. Say --yes when the server is yours',
    );
  const report = values.report === undefined ? undefined : resolve(cwd, values.report);
  if (report !== undefined) await checkPlace(report);
  const outcome = await watch(options, given);
  const summary = summarize(outcome, most);
  say(values.json ? JSON.stringify(summary, null, 2) : toText(summary));
  if (report !== undefined) {
    await writeFile(report, toHtml(summary)).catch(unwritable);
    if (!values.json) say(`The report is in ${values.report}.`);
  }
  return summary.faults.length === 0 ? 0 : 1;
}

/** The run, with a line of what goes on where somebody sees it. @throws HostError with what a scenario did wrong */
async function watch(options: RunOptions, { terminal, signal, atOnce, strays }: LoadOptions): Promise<Outcome> {
  const { isTTY: isWatched = false } = terminal;
  // A terminal that does not know its width says 0.
  const columns = terminal.columns || 80;
  const total = options.rampSeconds + options.seconds;
  const clear = isWatched ? '\r\x1b[K' : '';
  const told = () => terminal.write(`${clear}Ending: what is under way is waited for. Once more to end at once.\n`);
  signal.addEventListener('abort', told);
  try {
    return await runLoad({
      ...{ ...options, signal, ...(atOnce && { atOnce }), ...(strays && { strays }) },
      watch: (book) => isWatched && terminal.write(clear + progressLine(book, total, options.clients, columns)),
    });
  } catch (error) {
    throw error instanceof HostError ? error : wrong(faultOf(options.name, error));
  } finally {
    signal.removeEventListener('abort', told);
    terminal.write(clear);
  }
}

const ownFolder = new URL('..', import.meta.url).href;

/** What a scenario threw and where; the way there through the tool is nobody's matter. */
function faultOf(name: string, error: unknown): string {
  const [first = '', ...lines] = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n');
  const places = lines.filter(
    (line) => !/^ +at /.test(line) || !/\bnode:|Promise\.all/.test(line.replaceAll(ownFolder, 'node:')),
  );
  return [`The scenario ${name} is at fault. ${first}`, ...places].join('\n');
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: flags, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [first = ''] = message.split(/[.\n]/);
    const [flag] = /--[\w-]+/.exec(first) ?? [];
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw wrong(
        /not take/.test(first)
          ? `${flag} takes no value`
          : `${flag} wants a value; one that begins with - is written ${flag}=…`,
      );
    throw wrong(`${first}; roost load --help lists the flags`);
  }
}

function number(flag: string, text: string, least: number, most: number, isWhole = false): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  throw wrong(
    `--${flag} wants a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}, found ${text || 'nothing'}`,
  );
}

function toMostErrors(text: string): MostErrors {
  const [, digits, sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === undefined || (sign === '%' ? value > 100 : !Number.isInteger(value)))
    throw wrong(`--most-errors wants a number such as 5, or a share such as 1%, found ${text || 'nothing'}`);
  return sign === '%' ? { share: value / 100 } : { count: value };
}

/** Without a slash at the end. */
function toUrl(text: string): string {
  // A port alone is one of this machine, as where there is no URL.
  const host = /^:?\d{1,5}$/.test(text) ? `127.0.0.1:${text.replace(':', '')}` : text;
  const url = URL.parse(host.includes('://') ? host : `http://${host}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw wrong(`wanted a URL such as http://127.0.0.1:3000, found ${text}`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw wrong(`wanted the address of a server without a path, such as ${url.origin}, found ${text}`);
  return url.origin;
}

function isLoopback(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/** Before a run of an hour, not after it. */
async function checkPlace(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw wrong(`the report cannot be written: ${file} is a folder`);
  await access(found === undefined ? dirname(file) : file, constants.W_OK).catch(unwritable);
}

function unwritable(error: Error): never {
  throw wrong(`the report cannot be written: ${error.message}`);
}

function wrong(message: string): HostError {
  return new HostError('config.wrong', message);
}
