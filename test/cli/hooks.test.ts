import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runNode } from '../support/run.ts';

const home = resolve(import.meta.dirname, '../..');

/** A folder far from any node_modules, with plugins, a helper of one plugin and a helper of several. */
let far: string;
beforeAll(async () => {
  far = await mkdtemp(join(tmpdir(), 'roost-hooks-'));
  const files = {
    'plugins/mail/send.ts': [
      "import { defineMethod, z } from 'roost/plugin';",
      "import { list } from 'roost';",
      "import { helper } from './_helper.ts';",
      "import { deep } from './lib/deep.ts';",
      "import { shared } from '../../shared.ts';",
      'const typed: string = typeof defineMethod + typeof list + typeof z;',
      'export default { typed, urls: [import.meta.url, helper, deep, shared] };',
    ],
    'plugins/mail/_helper.ts': ['export const helper: string = import.meta.url;'],
    'plugins/mail/lib/deep.ts': ["import { helper } from '../_helper.ts';", 'export const deep: string = helper;'],
    'shared.ts': ['export const shared: string = import.meta.url;'],
  };
  for (const [path, lines] of Object.entries(files)) {
    await mkdir(dirname(join(far, path)), { recursive: true });
    await writeFile(join(far, path), lines.join('\n'));
  }
});
afterAll(() => rm(far, { recursive: true }));

/** Imports the plugin with two versions in a process of its own and gives back what each saw. */
async function importTwice(installation: string, query = true) {
  const url = pathToFileURL(join(far, 'plugins/mail/send.ts')).href;
  const [first, second] = query ? ['?v=one', '?v=two'] : ['', ''];
  const program = `
    const a = await import('${url}${first}'); const b = await import('${url}${second}');
    console.log(JSON.stringify([a.default, b.default]));`;
  const hooks = pathToFileURL(join(installation, 'bin/hooks.js')).href;
  const ran = await runNode(['--import', hooks, '--input-type=module', '-e', program], { cwd: far });
  expect(ran).toMatchObject({ code: 0 });
  return JSON.parse(ran.stdout) as { typed: string; urls: string[] }[];
}

const queries = (urls: readonly string[] = []) => urls.map((url) => new URL(url).search);

describe('module hooks', () => {
  it('find roost and roost/plugin from a folder without node_modules', async () => {
    const [seen] = await importTwice(home, false);
    expect(seen?.typed).toBe('functionfunctionobject');
  });

  it("hand a plugin's version on to its helpers, and to nothing outside its folder", async () => {
    const [one, two] = await importTwice(home);
    expect(queries(one?.urls)).toEqual(['?v=one', '?v=one', '?v=one', '']);
    expect(queries(two?.urls)).toEqual(['?v=two', '?v=two', '?v=two', '']);
  });

  it('add no version where none was asked for', async () => {
    const [seen] = await importTwice(home, false);
    expect(queries(seen?.urls)).toEqual(['', '', '', '']);
  });
});

describe('the packed package, installed', () => {
  let installed: string;
  let project: string;
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'roost-packed-'));
    const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', project], {
      cwd: home,
    });
    expect(packed).toMatchObject({ code: 0 });
    installed = join(project, 'node_modules/roost');
    await mkdir(installed, { recursive: true });
    const unpacked = await run('tar', [
      '-xzf',
      join(project, packed.stdout.trim()),
      '--strip-components=1',
      '-C',
      installed,
    ]);
    expect(unpacked).toMatchObject({ code: 0 });
    // What npm would install beside it is linked from here: compiling it again would take a minute.
    for (const name of await readdir(join(home, 'node_modules'))) {
      if (!name.startsWith('.')) await symlink(join(home, 'node_modules', name), join(project, 'node_modules', name));
    }
  });
  afterAll(() => rm(project, { recursive: true }));

  it('runs from under node_modules, where Node strips no types', async () => {
    const ran = await runNode([join(installed, 'bin/roost.js'), '--help'], { cwd: project });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('Usage: roost COMMAND [FLAGS]');
  });

  it('gives plugins elsewhere its own roost/plugin', async () => {
    const [one] = await importTwice(installed);
    expect(one?.typed).toBe('functionfunctionobject');
    expect(queries(one?.urls)).toEqual(['?v=one', '?v=one', '?v=one', '']);
  });

  it("is roost/bot to a program of one's own, with none of Roost's flags", async () => {
    const program = [
      "import { CallError, defineBot, runBot } from 'roost/bot';",
      "console.log(typeof CallError, defineBot({ room: 'den' }).room);",
      "try { runBot(defineBot({ room: 'den' })); } catch (error) { console.log(error.message); }",
    ];
    await writeFile(join(project, 'bot.mjs'), program.join('\n'));
    const ran = await runNode(['bot.mjs'], { cwd: project });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toBe('function den\nCannot run a bot: ROOST_BOT_TOKEN holds no token\n');
  });

  it('brings no tests and nothing of this machine', async () => {
    const top = await readdir(installed);
    expect(top).toEqual(
      expect.arrayContaining(['bin', 'core', 'plugins', 'scripts', 'games', 'docs', 'LICENSE', 'README.md']),
    );
    expect(top).not.toContain('test');
    const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
    const told = await runNode([join(installed, 'bin/roost.js'), '--version'], { cwd: project });
    expect(told).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});
