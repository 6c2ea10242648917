/** `roost config`: what this node would run with and where each value comes from, and a file to change it in. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type Setting, type SettingName, settings } from '../config.ts';
import { configFile, flagOf, variableOf } from '../configure.ts';
import { HostError } from '../contract/errors.ts';

export type ConfigOptions = {
  /** `show [SETTING]` or `generate`. */
  readonly words: readonly string[];
  readonly config: Config;
  /** Where settings came from that have not their default. */
  readonly from: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** Writes over a file that is there. */
  readonly force: boolean;
};

/** What stands behind `roost config` → what it does. */
export const configWords = [
  ['show', 'Every setting as it counts in this folder, and where it comes from; secrets are not shown.'],
  [
    'show SETTING',
    'One by any of its names, with what it takes; a part of a name shows all that have it: roost config show turn.',
  ],
  ['generate [--force]', 'Writes a roost.config.ts with every setting as a comment; over another only with --force.'],
] as const;

const table = Object.entries(settings) as readonly (readonly [SettingName, Setting<unknown>])[];

/** @returns what to say. @throws HostError `config.wrong` */
export function showConfig(options: ConfigOptions): string {
  const { words, force } = options;
  const [what, name] = words;
  if (force && what !== 'generate') throw wrong('--force is for roost config generate');
  if (what === 'show' && words.length <= 2) return show(options, name);
  if (what === 'generate' && words.length === 1) return generate(options);
  throw wrong(`roost config wants show [SETTING] or generate [--force]; found ${words.join(' ') || 'none'}`);
}

function show({ config, from }: ConfigOptions, wanted: string | undefined): string {
  const rows = findRows(wanted);
  if (rows.length === 0) throw wrong(`there is no setting ${wanted}: roost config show lists them`);
  const lines = rows.map(([name, setting]) => {
    const value = setting.secret && config[name] !== '' ? '"(not shown)"' : JSON.stringify(config[name]);
    return `${name.padEnd(20)} ${value}  (${from.get(name) ?? 'default'})`;
  });
  const [[name, setting] = []] = rows;
  if (rows.length > 1 || name === undefined || setting === undefined) return lines.join('\n');
  const takes = `Takes ${setting.wanted}; default: ${setting.defaultText}`;
  return [
    ...lines,
    setting.doc,
    takes,
    `Given by ${flagOf(name)}, ${variableOf(name)} or ${name} in ${configFile}`,
  ].join('\n');
}

/** The one that has this name, as setting, flag or variable; else all with this in their name. */
function findRows(wanted: string | undefined): typeof table {
  if (wanted === undefined) return table;
  const plain = (name: string) =>
    name
      .replace(/^--|^ROOST_/, '')
      .replace(/[-_]/g, '')
      .toLowerCase();
  const names = ([name]: (typeof table)[number]) => [name, flagOf(name), variableOf(name)].map(plain);
  const same = table.filter((row) => names(row).includes(plain(wanted)));
  return same.length > 0 ? same : table.filter((row) => names(row).some((name) => name.includes(plain(wanted))));
}

/** Every setting with its default as a comment: what is wanted otherwise is uncommented. */
function generate({ cwd, force }: ConfigOptions): string {
  const file = join(cwd, configFile);
  if (existsSync(file) && !force) throw wrong(`${file} is there already: --force writes over it`);
  const rows = table.flatMap(([name, setting]) => {
    const usual = setting.default({ host: '127.0.0.1', production: false });
    // Some have no value of their own that could be given.
    const value = setting.schema.safeParse(usual).success ? JSON.stringify(usual) : 'undefined';
    const isDerived = setting.defaultText.includes(' when ') || name === 'workers';
    return [
      `  /** ${setting.doc} Takes ${setting.wanted}${isDerived ? `; default: ${setting.defaultText}` : ''}. */`,
      `  // ${name}: ${value},`,
      '',
    ];
  });
  const head = [
    '/**',
    ' * Settings of Roost, read in the folder where it is started. Flags and ROOST_… variables win over this file.',
    ' * Every line is a default: take the // away from what you change.',
    ' */',
  ];
  writeFileSync(file, [...head, 'export default {', ...rows.slice(0, -1), '};', ''].join('\n'));
  return `wrote ${file}: all settings as comments. roost config show says what counts.`;
}

function wrong(message: string): HostError {
  return new HostError('config.wrong', message);
}
