import { settings } from './config.ts';
import { flagOf, variableOf } from './configure.ts';

/** The text of `roost --help`: commands and the flags people use most; docs/operations.md has them all. */
export function help(): string {
  const names = (Object.keys(settings) as (keyof typeof settings)[]).filter((name) => 'argument' in settings[name]);
  const rows = names.map((name) => {
    const setting = settings[name];
    const flag = `${flagOf(name)} ${'argument' in setting ? setting.argument : ''}`.trim();
    const again = 'separator' in setting ? ' May be given again.' : '';
    return `  ${flag.padEnd(16)} ${setting.doc}${again} [${setting.defaultText}]`;
  });
  return [
    'Usage: roost <command> [flags]',
    '',
    'Commands',
    '  start            Runs the world and serves it; the first line is its URL.',
    '  run [ROLES]      The same with these roles of web, text and turn alone: roost run web,text opens the text port.',
    '  play [URL]       A world in your terminal: the node at URL, else the one of this machine, started when none runs. help there.',
    '  check            Compiles and checks every script, plugin, map and game, and starts nothing.',
    '  test [FILES…]    Runs the tests beside scripts and plugins; --watch stays and runs them again as you save.',
    '  new WHAT NAME    Writes a new object, plugin or game with its test: roost new object frog --root my-world.',
    '  replay FILE      Runs an incident again and says where it breaks; --to-test [--out FILE] writes a test of it.',
    '  admin WHAT …     Who may administer: grant NAME PRIVILEGE, revoke NAME PRIVILEGE, list, create NAME (asks its password);',
    '                   and of the node that runs: reload [PLUGIN], rollback PLUGIN, lift FILE, stop [SECONDS]; shell: one after another.',
    '  load [URL]       Sends clients to a server and reports latency, throughput and errors: roost load --help.',
    '  reset ZONE       Starts a zone over: what its map says replaces what play has made of it.',
    '  backup FILE      Writes the whole world into one file, also while a node runs on the data folder.',
    '  restore FILE     Makes an empty data folder from such a file, and checks it: roost restore FILE --data DIR.',
    '  data WHAT …      The records of the data folder: init, types [TYPE], show TYPE KEY, find TYPE [FIELD=VALUE…],',
    '                   create TYPE FIELD=VALUE…: roost data create object zone=farmyard/meadow kind=chicken x=10 y=12.',
    '  config WHAT      show [SETTING]: what counts here, and where it comes from; generate [--force]: a roost.config.ts.',
    '  clean            Removes reports of incidents and what a killed node left in its data folder; the world stays.',
    '',
    'Flags',
    ...rows,
    '  --help, --version',
    '',
    `Each is also a variable (${variableOf('port')}) and a key of roost.config.ts (port) in the working directory.`,
    'Flags win over variables, variables over the file. docs/operations.md lists every setting.',
  ].join('\n');
}
