/**
 * Reads the settings of a node from where a person gave them: flags over environment over `roost.config.ts` over default.
 * Nothing wrong is passed over: every complaint names the setting, where it came from, what was wanted and what was found.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Config, type Setting, type SettingName, settings } from './config.ts';
import { HostError } from './contract/errors.ts';

/** Where settings are read from; handed in, so that nothing here depends on the process. */
export type Sources = {
  /** Words after the command: `['--port', '4000']`. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative folders and `roost.config.ts` are looked up in. */
  readonly cwd: string;
};

/** Outcome of reading: `words` are what is left besides flags, `warnings` what a person should hear. */
export type Configured = {
  readonly config: Config;
  /** Where each setting that has not its default came from: `--port`, `environment ROOST_PORT`, `roost.config.ts, port`. */
  readonly from: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  readonly warnings: readonly string[];
};

/** A value as it was given, and where. */
type Given = { readonly value: unknown; readonly from: string };

/** Folder of this installation: built-in scripts, games and plugins lie in it. */
export const home = fileURLToPath(new URL('..', import.meta.url));

/** Looked for in the working directory. */
export const configFile = 'roost.config.ts';

/** Set by the launcher for its child, and by `roost test`, and read by bots; no settings. */
const notSettings = new Set([
  ...['ROOST_LAUNCHER_PID', 'ROOST_TEST_READS', 'ROOST_TEST_FILE'],
  ...['ROOST_BOT_TOKEN', 'ROOST_URL'],
]);

const table: ReadonlyMap<string, Setting<unknown>> = new Map(Object.entries(settings));

/** `--flush-ms` of `flushMs`. */
export function flagOf(name: SettingName): string {
  return table.get(name)?.flag ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `ROOST_FLUSH_MS` of `flushMs`. */
export function variableOf(name: SettingName): string {
  return `ROOST_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * Reads and checks all settings.
 * @throws HostError `config.wrong` whose message has one line for every complaint.
 */
export async function configure(sources: Sources): Promise<Configured> {
  const complaints: string[] = [];
  const warnings: string[] = [];
  const flags = readFlags(sources.flags, complaints);
  const given = new Map<string, Given>([
    ...(await readFile(sources.cwd, complaints)),
    ...readEnvironment(sources.env, warnings),
    ...flags.given,
  ]);
  const checked = check(given, complaints);
  if (complaints.length > 0) throw new HostError('config.wrong', complaints.join('\n'));
  const from = new Map([...given].map(([name, { from }]) => [name, from]));
  return { config: toConfig(checked, sources.cwd), from, words: flags.words, warnings };
}

function readFlags(words: readonly string[], complaints: string[]): { given: Map<string, Given>; words: string[] } {
  const given = new Map<string, Given>();
  const rest: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (!word.startsWith('-')) {
      rest.push(word);
      continue;
    }
    const [flag = '', ...after] = word.split('=');
    const inline = after.length > 0 ? after.join('=') : undefined;
    const name = names.find((candidate) => flagOf(candidate) === flag);
    const off = names.find((candidate) => isSwitch(candidate) && `--no-${flagOf(candidate).slice(2)}` === flag);
    if (off !== undefined && inline === undefined) given.set(off, { value: false, from: flag });
    else if (name === undefined) complaints.push(`unknown flag ${flag}${nearest(flag, names.map(flagOf))}`);
    else if (isSwitch(name) && inline === undefined) given.set(name, { value: true, from: flag });
    else {
      // Whoever forgot a value, or had none in a variable, did not mean the next flag.
      const text = inline ?? (left[0]?.startsWith('--') ? undefined : left.shift());
      if (text === undefined)
        complaints.push(`${flag}: wanted ${settings[name].wanted}, found ${left[0] ?? 'nothing'} behind it`);
      else addFlag(given, name, flag, text);
    }
  }
  return { given, words: rest };
}

function addFlag(given: Map<string, Given>, name: SettingName, flag: string, text: string): void {
  const setting = settings[name];
  if (!('separator' in setting)) given.set(name, { value: setting.parse(text), from: flag });
  else {
    const before = given.get(name)?.value;
    given.set(name, { value: [...(Array.isArray(before) ? before : []), text], from: flag });
  }
}

function isSwitch(name: SettingName): boolean {
  return settings[name].wanted === 'on or off';
}

const names = Object.keys(settings) as SettingName[];

function readEnvironment(env: Sources['env'], warnings: string[]): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('ROOST_') || value === undefined || notSettings.has(variable)) continue;
    const name = names.find((candidate) => variableOf(candidate) === variable);
    // Somebody else's variable may begin like ours: that is no reason not to start.
    if (name === undefined) warnings.push(`unknown variable ${variable}${nearest(variable, names.map(variableOf))}`);
    else if (value !== '') given.set(name, { value: settings[name].parse(value), from: `environment ${variable}` });
  }
  return given;
}

async function readFile(cwd: string, complaints: string[]): Promise<Map<string, Given>> {
  const given = new Map<string, Given>();
  const path = resolve(cwd, configFile);
  if (!existsSync(path)) return given;
  const values = await importDefault(path, complaints);
  for (const [key, value] of Object.entries(values)) {
    const name = names.find((candidate) => candidate === key);
    if (name === undefined) complaints.push(`${configFile}: unknown setting ${key}${nearest(key, names)}`);
    else if (value !== undefined) given.set(name, { value, from: `${configFile}, ${key}` });
  }
  return given;
}

async function importDefault(path: string, complaints: string[]): Promise<object> {
  try {
    const { default: values } = (await import(pathToFileURL(path).href)) as { default?: unknown };
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) return values;
    complaints.push(`${configFile}: wanted \`export default { … }\`, found ${show(values)}`);
  } catch (error) {
    complaints.push(`${configFile} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {};
}

function check(given: ReadonlyMap<string, Given>, complaints: string[]): Record<string, unknown> {
  const checked: Record<string, unknown> = {};
  for (const [name, setting] of table) {
    const found = given.get(name);
    if (found === undefined) {
      checked[name] = setting.default({ host: String(checked.host), production: checked.production === true });
      continue;
    }
    const outcome = setting.schema.safeParse(found.value);
    if (outcome.success) checked[name] = outcome.data;
    else
      complaints.push(
        `${found.from}: wanted ${setting.wanted}, found ${setting.secret ? 'something else' : show(found.value)}`,
      );
  }
  if (checked.production === true && checked.dev === true) {
    const by = given.get('production')?.from ?? 'NODE_ENV';
    complaints.push(`${given.get('dev')?.from}: wanted off in production, which ${by} says this is, found on`);
  }
  return checked;
}

function toConfig(checked: Record<string, unknown>, cwd: string): Config {
  const { data, roots, plugins, telemetry, ...rest } = checked as Config;
  const absolute = (folders: readonly string[]) => folders.map((path) => resolve(cwd, path));
  return Object.freeze({
    ...rest,
    data: resolve(cwd, data),
    telemetry: telemetry === '' ? '' : resolve(cwd, telemetry),
    roots: Object.freeze([resolve(home), ...absolute(roots)]),
    plugins: Object.freeze([resolve(home, 'plugins'), ...absolute(plugins)]),
  });
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** `; did you mean --port?` when a known name is close, else nothing. */
export function nearest(found: string, known: readonly string[]): string {
  const ranked = known
    .map((name) => ({ name, distance: distance(found.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, found.length / 3) ? `; did you mean ${best.name}?` : '';
}

/** Levenshtein distance: how many letters have to be added, taken away or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
