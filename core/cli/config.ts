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
  const rows = table.filter(([name]) => wanted === undefined || isMeant(name, wanted));
  if (rows.length === 0) throw wrong(`there is no setting ${wanted}: roost config show lists them`);
  const lines = rows.map(([name, setting]) => {
    const value = setting.secret && config[name] !== '' ? '"(not shown)"' : JSON.stringify(config[name]);
    return `${name.padEnd(20)} ${value}  (${from.get(name) ?? 'default'})`;
  });
  const [[name, setting] = []] = rows;
  if (wanted === undefined || name === undefined || setting === undefined) return lines.join('\n');
  return [...lines, setting.doc, `Takes ${setting.wanted}: ${flagOf(name)}, ${variableOf(name)}`].join('\n');
}

/** A setting may be asked for by any of its names. */
function isMeant(name: SettingName, wanted: string): boolean {
  return [name, flagOf(name), variableOf(name)].includes(wanted);
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
