import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { run } from '../../support/run.ts';
import { BotProcess } from './bot-process.ts';
import { startBotHouse } from './house.ts';

const home = resolve(import.meta.dirname, '../../..');

/** A project of somebody's with the packed package in it; what npm would install beside is linked. */
async function makeProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'roost-project-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  const roost = join(project, 'node_modules/roost');
  await mkdir(roost, { recursive: true });
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', project];
  const { stdout } = await run('npm', pack, { cwd: home });
  await run('tar', ['-xzf', join(project, stdout.trim()), '--strip-components=1', '-C', roost]);
  for (const name of await readdir(join(home, 'node_modules')))
    if (!name.startsWith('.')) await symlink(join(home, 'node_modules', name), join(project, 'node_modules', name));
  return project;
}

it('PLG-13 the bot of docs/bots.md runs as it stands there, outside of the repository, with the installed package', async () => {
  const project = await makeProject();
  const page = await readFile(join(home, 'docs/bots.md'), 'utf8');
  const program = /```ts\n(import \{ defineBot[\s\S]*?)```/.exec(page)?.[1] ?? '';
  await writeFile(join(project, 'echo.ts'), program);
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');

  await using house = await startBotHouse();
  const env = { ROOST_URL: house.node.url, ROOST_BOT_TOKEN: await house.tokenOf('parrot') };
  await using echo = new BotProcess(join(project, 'echo.ts'), env);
  await echo.until(() => echo.words.includes('attached'));
  const fox = await house.member('Fox', 'echo');
  const heard = fox.next('chat', ({ from }: { from: string }) => from === 'parrot');
  await fox.call('room.say', { text: 'cluck' });
  expect(await heard).toMatchObject({ text: 'Fox said: cluck', room: 'echo' });
  expect(await echo.kill('SIGTERM')).toBe(0);
});
