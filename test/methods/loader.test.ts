import { chmodSync, writeFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scanRoot } from '../../core/methods/folder.ts';
import { type MethodsProcess, startMethods } from '../support/methods.ts';

const head = "import { defineMethod, definePlugin, HostError, z } from 'roost/plugin';\n";
const method = (spec: string, more = '') => `${head}${more}export default defineMethod({ ${spec} });\n`;
const says = (word: string) => method(`handle: () => '${word}'`);
const plugin = (spec: string) => `${head}export default definePlugin({ ${spec} });\n`;

const answer = async (methods: MethodsProcess, name: string) => {
  const given = await methods.call('ann', name, {});
  return given.ok ? given.result : given.error.code;
};
const infoOf = async (methods: MethodsProcess, name: string) => {
  const { plugins } = (await answer(methods, 'host.plugins')) as unknown as { plugins: { plugin: string }[] };
  return plugins.find(({ plugin }) => plugin === name);
};

async function start(files: Record<string, string>, config = {}) {
  const methods = await startMethods(files, config);
  await methods.open('ann');
  return methods;
}

describe('a plugins folder', () => {
  it('PLG-02 is the method table: files are methods, folders are areas, helpers are neither', async () => {
    await using methods = await start({
      'wave.ts': says('waves'),
      'two/one.ts': says('one'),
      'two/other-one.js': says('other'),
      'two/_help.ts': 'export const word = 1;',
      'two/one.test.ts': 'throw new Error("a test");',
      'two/types.d.ts': 'export type A = 1;',
      'two/lib/deep.ts': 'export const word = 1;',
      'two/words.json': '{}',
      '_shared.ts': 'export const word = 1;',
      '.hidden.ts': 'throw new Error("hidden");',
      'README.md': '# Mine',
    });
    expect(await answer(methods, 'wave')).toBe('waves');
    expect(await answer(methods, 'two.one')).toBe('one');
    expect(await answer(methods, 'two.other-one')).toBe('other');
    for (const name of ['two', 'two.lib', 'two.deep', 'two._help', 'two.types', 'two.plugin', '_shared', 'README']) {
      expect(await answer(methods, name)).toBe('call.unknown-method');
    }
    expect(
      methods.events.filter(({ event }) => event === 'watch').map((event) => 'message' in event && event.message.what),
    ).not.toContain('error');
  });

  it('PLG-02 with a file that does not load has it reported and skipped', async () => {
    await using methods = await start({
      'post/send.ts': says('sent'),
      'post/broken.ts': `${head}export default defineMethod({\n  handle() {\n    return 1 +;\n  },\n});\n`,
      'fine.ts': says('fine'),
      'not-one.ts': 'export default 1;\n',
      'Loud.ts': says('loud'),
      'connect.ts': says('connected'),
      'throws.ts': `${head}\nthrow new Error('at load');\n`,
    });
    expect(await answer(methods, 'post.send')).toBe('sent');
    expect(await answer(methods, 'fine')).toBe('fine');
    for (const name of ['post.broken', 'not-one', 'Loud', 'loud', 'connect', 'throws']) {
      expect(await answer(methods, name)).toBe('call.unknown-method');
    }
    const faults = methods.events.flatMap((event) =>
      event.event === 'watch' && event.message.what === 'error' ? [event.message] : [],
    );
    const fault = (file: string) => faults.find(({ path }) => path === join(methods.folder, file));
    expect(fault('post/broken.ts')).toMatchObject({ line: 4, column: 15 });
    expect(fault('throws.ts')).toMatchObject({ line: 3, column: 7, message: 'at load' });
    expect(fault('not-one.ts')?.message).toMatch(/default export is not a method/);
    expect(fault('Loud.ts')?.message).toMatch(/no name for a method/);
    expect(fault('connect.ts')?.message).toMatch(/reserved/);
    expect(await infoOf(methods, 'not-one')).toMatchObject({ state: 'failed' });
  });

  it('PLG-03 PLG-05 is followed while it changes: added, changed, helpers changed, removed', async () => {
    await using methods = await start({});
    await methods.reloaded('hey', () => methods.write('hey.ts', says('one')));
    expect(await answer(methods, 'hey')).toBe('one');
    await methods.reloaded('hey', () => methods.write('hey.ts', says('two')));
    expect(await answer(methods, 'hey')).toBe('two');

    await methods.reloaded('area', () => methods.write('area/verb.ts', says('verb')));
    await methods.write('area/lib/words.ts', "export { word } from '../_word.ts';\n");
    await methods.reloaded('area', () => methods.write('area/_word.ts', "export const word = 'three';\n"));
    const uses = method('handle: () => word', "import { word } from './lib/words.ts';\n");
    await methods.reloaded('area', () => methods.write('area/verb.ts', uses));
    expect(await answer(methods, 'area.verb')).toBe('three');
    await methods.reloaded('area', () => methods.write('area/_word.ts', "export const word = 'four';\n"));
    expect(await answer(methods, 'area.verb')).toBe('four');
    await methods.reloaded('area', () => methods.write('area/lib/words.ts', "export const word = 'five';\n"));
    expect(await answer(methods, 'area.verb')).toBe('five');

    await methods.reloaded('area', () => methods.write('area/second.ts', says('second')));
    expect(await answer(methods, 'area.second')).toBe('second');
    await methods.reloaded('area', () => methods.remove('area/second.ts'));
    expect(await answer(methods, 'area.second')).toBe('call.unknown-method');
    await methods.reloaded('area', () => methods.remove('area'), 'removed');
    expect(await answer(methods, 'area.verb')).toBe('call.unknown-method');
    await methods.reloaded('hey', () => methods.remove('hey.ts'), 'removed');
    expect(await answer(methods, 'hey')).toBe('call.unknown-method');
  });

  it('PLG-03 also when one file of a helper is beside a plugin of one file', async () => {
    await using methods = await start({
      'hey.ts': method('handle: () => word', "import { word } from './_word.ts';\n"),
      '_word.ts': "export const word = 'one';\n",
    });
    expect(await answer(methods, 'hey')).toBe('one');
    await methods.reloaded('hey', () => methods.write('_word.ts', "export const word = 'two';\n"));
    expect(await answer(methods, 'hey')).toBe('two');
  });

  it('PLG-04 keeps what each build has to itself, and what a file was before is loaded anew', async () => {
    const counts = (name: string) => method(`handle: () => '${name}' + ++n`, 'let n = 0;\n');
    await using methods = await start({ 'count.ts': counts('a') });
    expect([await answer(methods, 'count'), await answer(methods, 'count')]).toEqual(['a1', 'a2']);
    await methods.reloaded('count', () => methods.write('count.ts', counts('b')));
    expect(await answer(methods, 'count')).toBe('b1');
    await methods.reloaded('count', () => methods.write('count.ts', counts('a')));
    expect(await answer(methods, 'count')).toBe('a1');
    expect(await infoOf(methods, 'count')).toMatchObject({ builds: 3, former: 2 });
  });

  it('PLG-04 goes back one build at a time, until the file is saved again', async () => {
    await using methods = await start({ 'hey.ts': says('one') });
    await methods.open('stranger', { loopback: false });
    const rollback = (who: string, name: string) => methods.call(who, 'host.rollback', { plugin: name });
    expect(await rollback('ann', 'hey')).toMatchObject({ error: { code: 'plugin.no-former' } });
    expect(await rollback('ann', 'nope')).toMatchObject({ error: { code: 'plugin.unknown' } });
    await methods.reloaded('hey', () => methods.write('hey.ts', says('two')));
    await methods.reloaded('hey', () => methods.write('hey.ts', says('three')));
    expect(await rollback('stranger', 'hey')).toMatchObject({ error: { code: 'call.forbidden' } });
    expect(await rollback('ann', 'hey')).toMatchObject({ ok: true, result: { plugin: 'hey', former: 1 } });
    expect(await answer(methods, 'hey')).toBe('two');
    expect(await rollback('ann', 'hey')).toMatchObject({ ok: true });
    expect(await answer(methods, 'hey')).toBe('one');
    expect(await rollback('ann', 'hey')).toMatchObject({ error: { code: 'plugin.no-former' } });
    await methods.reloaded('hey', () => methods.write('hey.ts', says('four')));
    expect(await answer(methods, 'hey')).toBe('four');
  });

  it('keeps the old build where the new does not load, and says where', async () => {
    await using methods = await start({ 'area/verb.ts': says('old'), 'area/_help.ts': 'export const a = 1;\n' });
    const broken: readonly (readonly [string, string, number, number, RegExp])[] = [
      ['area/verb.ts', `${head}export default defineMethod({ handle: () => 'new' ]);\n`, 2, 51, /Expected/],
      ['area/verb.ts', `${head}const a = 1;\nconst a = 2;\n`, 3, 7, /already been declared|defined multiple/],
      ['area/verb.ts', `${head}import { a } from './nope.ts';\n`, 2, 14, /Cannot find module/],
      ['area/verb.ts', `${head}import { nope } from './_help.ts';\n`, 2, 10, /does not provide an export/],
      ['area/verb.ts', `${head}  missing();\n`, 2, 3, /missing is not defined/],
      ['area/verb.ts', `${head}export enum A { B }\n`, 2, 8, /enum/],
      ['area/verb.ts', `${head}const a = {\n\n\tb: [1\n\tc: 2\n};\n`, 5, 2, /Expected/],
      ['area/verb.ts', 'export default {\n', 1, 18, /eof/],
      ['area/verb.ts', '', 0, 0, /default export is not a method/],
      ['area/verb.ts', method("handle: () => 1, rate: { perSecond: 'fast' }"), 0, 0, /rate/],
      ['area/_help.ts', 'export const = 1;\n', 1, 14, /Expected|Unexpected/],
    ];
    for (const [path, text, line, column, message] of broken) {
      const uses = method("handle: () => 'old' + (a - 1)", "import { a } from './_help.ts';\n");
      if (path === 'area/_help.ts') await methods.reloaded('area', () => methods.write('area/verb.ts', uses));
      const fault = await methods.faulty(() => methods.write(path, text));
      expect(fault).toMatchObject({
        path: join(methods.folder, path),
        line,
        column,
        message: expect.stringMatching(message),
      });
      expect(await answer(methods, 'area.verb')).toMatch(/^old/);
    }
    expect(await infoOf(methods, 'area')).toMatchObject({
      state: 'running',
      fault: expect.stringContaining('_help.ts:1:14'),
    });
  });

  it('refuses two files that claim one method and names both, unless one replaces the other', async () => {
    await using methods = await start({ 'chat/shout.ts': says('shouts'), 'wave.ts': says('wave file') });
    const both = await methods.faulty(() => methods.write('chat/say.ts', says('mine')));
    expect(both.message).toMatch(/two files claim the method chat\.say: plugins\/chat\/say\.ts and .*chat\/say\.ts/);
    expect(await answer(methods, 'chat.shout')).toBe('shouts');
    expect(await answer(methods, 'chat.say')).toBe('call.bad-params');
    await methods.reloaded('chat#2', () =>
      methods.write('chat/plugin.ts', plugin("version: '2.0.0', replaces: ['chat.say']")),
    );
    expect(await answer(methods, 'chat.say')).toBe('mine');
    await methods.reloaded('chat#2', () => methods.remove('chat'), 'removed');
    expect(await answer(methods, 'chat.say')).toBe('call.bad-params');
    const twice = await methods.faulty(() => methods.write('wave.js', says('other')));
    expect(twice.message).toMatch(/two files claim the method wave: .*wave\.(js|ts) and .*wave\.(ts|js)/);
  });

  it('PLG-10 asks a plugin for the version it was written for', async () => {
    await using methods = await start({
      'newer/plugin.ts': plugin("version: '1.0.0', api: '1.9'"),
      'newer/verb.ts': says('newer'),
      'other/plugin.ts': plugin("version: '1.0.0', api: '2.0'"),
      'other/verb.ts': says('other'),
      'none/plugin.ts': `${head}export default definePlugin({});\n`,
      'none/verb.ts': says('none'),
    });
    expect(await answer(methods, 'newer.verb')).toBe('newer');
    expect(methods.events).toContainEqual(
      expect.objectContaining({
        event: 'log',
        level: 'warn',
        text: expect.stringMatching(/plugin newer .*newer roost\/plugin/),
      }),
    );
    expect(await answer(methods, 'other.verb')).toBe('call.unknown-method');
    expect(await answer(methods, 'none.verb')).toBe('call.unknown-method');
    const faults = methods.events.flatMap((event) =>
      event.event === 'watch' && event.message.what === 'error' ? [String(event.message.message)] : [],
    );
    expect(faults).toEqual([
      expect.stringMatching(/`version`/),
      expect.stringMatching(/version 2\.0 of roost\/plugin/),
    ]);
  });

  it('PLG-11 is told on request: plugins, versions, builds, methods', async () => {
    await using methods = await start({ 'post/plugin.ts': plugin("version: '1.2.3'"), 'post/send.ts': says('sent') });
    expect(await infoOf(methods, 'post')).toEqual({
      plugin: 'post',
      version: '1.2.3',
      build: expect.stringMatching(/^[0-9a-f]{12}$/),
      builds: 1,
      former: 0,
      state: 'running',
      methods: ['post.send'],
      calls: 0,
      failures: 0,
    });
    expect(await infoOf(methods, 'host')).toMatchObject({
      methods: expect.arrayContaining(['host.info', 'host.plugins']),
    });
  });

  it('loads what a plugin needs first, in whatever order they come', async () => {
    await using methods = await start({
      'a/plugin.ts': plugin("version: '1.0.0', needs: ['b']"),
      'a/verb.ts': says('a'),
      'b/verb.ts': says('b'),
      'c/plugin.ts': plugin("version: '1.0.0', needs: ['d']"),
      'c/verb.ts': says('c'),
    });
    expect(await answer(methods, 'a.verb')).toBe('a');
    expect(await answer(methods, 'c.verb')).toBe('call.unknown-method');
    expect(await infoOf(methods, 'c')).toMatchObject({ fault: expect.stringMatching(/needs the plugin "d"/) });
    await methods.reloaded('c', () => methods.write('d/verb.ts', says('d')));
    expect(await answer(methods, 'c.verb')).toBe('c');
  });
});

describe('a hand-over', () => {
  /** Which build it is stands in one helper, so that one save makes one new build. */
  const name = (word: string) => `export const name = '${word}';\n(globalThis as { letGo?: () => void }).letGo?.();\n`;
  const life = (more = '') => ({
    'life/plugin.ts': `import { name } from './_name.ts';\n${plugin(`version: '1.0.0',
      start({ host }) {
        ${more}
        host.log.info({ name }, 'starts');
        host.every(0.05, () => host.log.info({ name }, 'ticks'));
      },
      stop({ host }) { host.log.info({ name }, 'stops'); }`)}`,
    'life/who.ts': `import { name } from './_name.ts';\n${method(`async handle({ params, host }) {
      if (!params.wait) return name;
      host.log.info({ name }, 'waits');
      await new Promise((done) => { (globalThis as { letGo?: unknown }).letGo = done; });
      return host.call('life.who', {});
    }`)}`,
  });
  const started = (word: string) => start({ ...life(), 'life/_name.ts': name(word) });
  const story = (methods: MethodsProcess) =>
    methods.events.flatMap((event) =>
      event.event === 'log' && ['starts', 'stops', 'waits'].includes(event.text)
        ? [`${event.fields.name ?? event.fields.plugin} ${event.text}`]
        : [],
    );

  it('lets calls in flight finish on the old build, then stops it, then starts the new; calls between wait', async () => {
    await using methods = await started('old');
    // Goes on only when the new build is being loaded, and then calls its own plugin once more.
    const slow = methods.call('ann', 'life.who', { wait: true });
    await methods.next('log', ({ text }) => text === 'waits');
    await methods.reloaded('life', () => methods.write('life/_name.ts', name('new')));
    expect(await slow).toEqual({ ok: true, result: 'old' });
    expect(await answer(methods, 'life.who')).toBe('new');
    expect(story(methods)).toEqual(['old starts', 'old waits', 'old stops', 'new starts']);
    const since = methods.events.length;
    const ticks = async () => {
      await methods.next('log', ({ text, fields }) => text === 'ticks' && fields.name === 'new', methods.events.length);
    };
    await ticks();
    await ticks();
    const old = methods.events.slice(since).filter((event) => event.event === 'log' && event.fields.name === 'old');
    expect(old).toEqual([]);
  });

  it('to a build whose start throws does not happen: the old one starts again', async () => {
    await using methods = await started('old');
    const broken = life("throw new Error('no start');")['life/plugin.ts'];
    const fault = await methods.faulty(() => methods.write('life/plugin.ts', broken));
    expect(fault).toMatchObject({ path: join(methods.folder, 'life/plugin.ts'), message: 'no start' });
    expect(await answer(methods, 'life.who')).toBe('old');
    expect(story(methods)).toEqual(['old starts', 'old stops', 'old starts']);
  });

  it('happens in a rollback too', async () => {
    await using methods = await started('one');
    await methods.reloaded('life', () => methods.write('life/_name.ts', name('two')));
    expect(await answer(methods, 'life.who')).toBe('two');
    expect(await methods.call('ann', 'host.rollback', { plugin: 'life' })).toMatchObject({ ok: true });
    expect(await answer(methods, 'life.who')).toBe('one');
    expect(story(methods)).toEqual(['one starts', 'one stops', 'two starts', 'two stops', 'one starts']);
  });

  it('takes what the old build leaves to the new one, and back to the old one when the new does not start', async () => {
    const counts = (more: string) => ({
      'count/plugin.ts': `import { count } from './_count.ts';\n${plugin(`version: '1.0.0', api: '1.2',
        start({ host, former }) { count(host).n = (former as { n: number } | undefined)?.n ?? 0; ${more} },
        stop: ({ host }) => ({ n: count(host).n })`)}`,
      'count/_count.ts': "import { perNode } from 'roost/plugin';\nexport const count = perNode(() => ({ n: 0 }));\n",
      'count/up.ts': `import { count } from './_count.ts';\n${method('handle: ({ host }) => ++count(host).n')}`,
    });
    await using methods = await start(counts(''), { pluginFailures: 2 });
    const up = () => answer(methods, 'count.up');
    expect([await up(), await up()]).toEqual([1, 2]);
    await methods.reloaded('count', () => methods.write('count/plugin.ts', counts('void 0;')['count/plugin.ts']));
    expect(await up()).toBe(3);
    await methods.faulty(() => methods.write('count/plugin.ts', counts("throw new Error('no');")['count/plugin.ts']));
    expect(await up()).toBe(4);
    expect(await methods.call('ann', 'host.rollback', { plugin: 'count' })).toMatchObject({ ok: true });
    expect(await up()).toBe(5);
    // One that was switched off leaves it, too.
    const wears = counts("host.every(0.05, () => { throw new Error('worn'); });")['count/plugin.ts'];
    await methods.watched(
      () => methods.write('count/plugin.ts', wears),
      ({ message }) => String(message).includes('switched off'),
    );
    await methods.reloaded('count', () => methods.write('count/plugin.ts', counts('void 1;')['count/plugin.ts']));
    expect(await up()).toBe(6);
  });

  it('leaves nothing that is no plain JSON, and says so', async () => {
    const odd = (word: string) => ({
      'odd/plugin.ts':
        plugin(`version: '1.0.0', start: ({ host, former }) => host.log.info({ former: former === undefined }, '${word}'),
        stop: () => ({ at: new Date() })`),
    });
    await using methods = await start(odd('one'));
    await methods.reloaded('odd', () => methods.write('odd/plugin.ts', odd('two')['odd/plugin.ts']));
    const { fields } = await methods.next('log', ({ text }) => text === 'two');
    expect(fields).toMatchObject({ former: true });
    const failed = await methods.next('log', ({ text }) => text === 'plugin failed');
    expect(failed.fields.error).toMatch(/cannot be handed to the next build: a Date/);
  });

  it('ends with a stop when the node stops, the last loaded first', async () => {
    const methods = await start({
      'a/plugin.ts': plugin("version: '1.0.0', stop: ({ host }) => host.log.info({}, 'stops')"),
      'b/plugin.ts': plugin("version: '1.0.0', stop: ({ host }) => host.log.info({}, 'stops')"),
    });
    await methods[Symbol.asyncDispose]();
    expect(story(methods)).toEqual(['b stops', 'a stops']);
  });
});

describe('migrations', () => {
  const table = (name: string) => `{ name: '${name}', up: (trx) => trx.run('create table ${name} (n integer)') }`;

  it('run once each, at load, all or none; tables do not go back', async () => {
    await using methods = await start({
      'bank/plugin.ts': plugin(`version: '1.0.0', migrations: [${table('one')}]`),
      'bank/tables.ts': method(
        "handle: ({ host }) => host.db.read(\"select name from sqlite_master where type = 'table' and name in ('one', 'two', 'three') order by name\")",
      ),
    });
    expect(await answer(methods, 'bank.tables')).toEqual([{ name: 'one' }]);
    const half = `version: '1.1.0', migrations: [${table('one')}, ${table('two')}, { name: 'bad', up: (trx) => trx.run('create nonsense') }]`;
    await methods.faulty(() => methods.write('bank/plugin.ts', plugin(half)));
    expect(await answer(methods, 'bank.tables')).toEqual([{ name: 'one' }]);
    await methods.reloaded('bank', () =>
      methods.write('bank/plugin.ts', plugin(`version: '1.2.0', migrations: [${table('one')}, ${table('two')}]`)),
    );
    expect(await answer(methods, 'bank.tables')).toEqual([{ name: 'one' }, { name: 'two' }]);
    const back = await methods.faulty(() =>
      methods.write('bank/plugin.ts', plugin(`version: '1.0.1', migrations: [${table('one')}]`)),
    );
    expect(back.message).toMatch(/migration "two".*do not go back/);
    expect(await methods.call('ann', 'host.rollback', { plugin: 'bank' })).toMatchObject({
      error: { code: 'plugin.not-loaded' },
    });
    expect(await infoOf(methods, 'bank')).toMatchObject({ version: '1.2.0' });
  });
});

describe('files that somebody else could write', () => {
  const root = process.getuid?.() === 0;

  it('H-13 are refused with the reason, and so are links', async () => {
    await using methods = await start({ 'mine.ts': says('mine') });
    const refused = async (work: () => Promise<void>) => String((await methods.faulty(work)).message);
    expect(
      await refused(() =>
        chmod(join(methods.folder, 'mine.ts'), 0o646).then(() => methods.write('mine.ts', says('other'))),
      ),
    ).toMatch(/others may write/);
    expect(await answer(methods, 'mine')).toBe('mine');
    await methods.write('elsewhere/_real.ts', says('real'));
    expect(
      await refused(() => symlink(join(methods.folder, 'elsewhere/_real.ts'), join(methods.folder, 'linked.ts'))),
    ).toMatch(/links are not followed/);
    expect(await refused(() => symlink('/etc', join(methods.folder, 'etc')))).toMatch(/links are not followed/);
    expect(await refused(() => mkdir(join(methods.folder, 'folder.ts')))).toMatch(/no name for a method/);
    expect(await answer(methods, 'linked')).toBe('call.unknown-method');
  });

  it('H-13 and a file that is opened to others while it is looked at', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roost-loader-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'mine.ts');
    for (let round = 0; round < 300; round++) {
      await writeFile(file, says('mine'));
      await chmod(file, 0o600);
      const opened = async () => {
        for (let turn = 0; turn < round % 8; turn++) await setImmediate();
        chmodSync(file, 0o646);
        writeFileSync(file, says('other'));
      };
      const [[source]] = await Promise.all([scanRoot({ path: folder, builtIn: false }), opened()]);
      if (source?.refused) expect(source.refused.message).toMatch(/others may write/);
      else expect(source?.files.map(({ text }) => text)).toEqual([says('mine')]);
    }
  });

  it.runIf(root)('and files of other users', async () => {
    await using methods = await start({});
    const fault = await methods.faulty(async () => {
      await methods.write('_x/theirs.ts', says('theirs'));
      await chown(join(methods.folder, '_x/theirs.ts'), 12_345, 12_345);
      await methods.rename('_x/theirs.ts', 'theirs.ts');
    });
    expect(fault.message).toMatch(/belongs to user 12345/);
    expect(await answer(methods, 'theirs')).toBe('call.unknown-method');
  });
});
