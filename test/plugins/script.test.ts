import { chmod, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../core/contract/protocol.ts';
import { type MethodsProcess, startMethods } from '../support/methods.ts';
import { makeTrial, type Trial } from '../support/trial.ts';

type Opened = { readonly path: string; readonly text: string; readonly hash: string };
type Bench = AsyncDisposable & {
  readonly trial: Trial;
  readonly call: (method: string, params?: object, who?: string) => Promise<Answer>;
  readonly open: (path: string) => Promise<Opened>;
  /** Moves the clock on: rates forget. */
  readonly later: (seconds: number) => Promise<unknown>;
};

const post = 'games/trial/scripts/post.ts';
const hash = '0'.repeat(64);

/** The methods with a root of two helpers, a zone script, a test and other files; `ann` may build, `bob` may not. */
async function startBench(): Promise<Bench> {
  const trial = await makeTrial({
    'scripts/hen.ts': 'export default {};\n',
    'scripts/hens/lines.ts': "export const clucks = ['Bok'];\n",
    'scripts/hen.test.ts': 'process.exit(1);\n',
    'scripts/hen.d.ts': 'export {};\n',
    'scripts/notes.txt': 'grain\n',
    'games/trial/zones/yard.ts': 'export default {};\n',
    'games/trial/client/main.ts': 'alert(1);\n',
    'games/no-game/scripts/ghost.ts': 'export default {};\n',
    'outside.ts': 'export const secret = 1;\n',
  });
  const methods: MethodsProcess = await startMethods({}, { roots: [trial.root] });
  await methods.open('ann', { privileges: ['build'] });
  await methods.open('bob', {});
  const call = (method: string, params: object = {}, who = 'ann') => methods.call(who, method, params);
  return {
    trial,
    call,
    later: (seconds) => methods.later(seconds),
    async open(path) {
      const answer = await call('script.open', { path });
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.result as unknown as Opened;
    },
    async [Symbol.asyncDispose]() {
      await methods[Symbol.asyncDispose]();
      await trial[Symbol.asyncDispose]();
    },
  };
}

const codeOf = (answer: Answer) => (answer.ok ? 'ok' : answer.error.code);

describe('scripts on the page', () => {
  it('are only for who has the right to build, also on this machine', async () => {
    await using bench = await startBench();
    for (const [method, params] of [
      ['script.list', {}],
      ['script.open', { path: post }],
      ['script.save', { path: post, text: 'x', hash }],
    ] as const) {
      expect(codeOf(await bench.call(method, params, 'bob')), method).toBe('call.forbidden');
      expect(codeOf(await bench.call(method, params)), method).not.toBe('call.forbidden');
    }
  });

  it('are listed: objects, zones and helpers; no tests, types, pages or other files', async () => {
    await using bench = await startBench();
    const answer = await bench.call('script.list');
    const listed = (answer.ok ? answer.result : []) as unknown as { path: string; role: string; game: string | null }[];
    expect(listed.map(({ path, role, game }) => [path, role, game])).toEqual([
      ['games/trial/scripts/coin.ts', 'object', 'trial'],
      ['games/trial/scripts/mark.ts', 'object', 'trial'],
      ['games/trial/scripts/post.ts', 'object', 'trial'],
      ['games/trial/scripts/walker.ts', 'object', 'trial'],
      ['games/trial/zones/yard.ts', 'zone', 'trial'],
      ['scripts/hen.ts', 'object', null],
      ['scripts/hens/lines.ts', 'helper', null],
    ]);
  });

  it('are saved whole or by what changed, and keep their rights', async () => {
    await using bench = await startBench();
    const file = join(bench.trial.root, post);
    await chmod(file, 0o640);
    const first = await bench.open(post);
    expect(first.text).toBe(await readFile(file, 'utf8'));
    const at = first.text.indexOf('count: 0');
    const whole = { path: post, hash: first.hash };
    const saved = await bench.call('script.save', { ...whole, text: 'count: 7', range: [at, at + 8] });
    const changed = first.text.replace('count: 0', 'count: 7');
    expect(saved).toMatchObject({ ok: true, result: { path: post, hash: (await bench.open(post)).hash } });
    expect(await readFile(file, 'utf8')).toBe(changed);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(join(bench.trial.root, 'games/trial/scripts'))).toHaveLength(4);

    const { hash } = await bench.open(post);
    expect(codeOf(await bench.call('script.save', { path: post, hash, text: '// new\n' }))).toBe('ok');
    expect((await bench.open(post)).text).toBe('// new\n');
    expect(await bench.call('script.open', { path: post, original: true })).toMatchObject({
      result: { text: first.text, hash: (await bench.open(post)).hash },
    });
  });

  it('are not saved over what somebody else has written meanwhile', async () => {
    await using bench = await startBench();
    const { hash } = await bench.open(post);
    await bench.trial.write(post, '// by an editor\n');
    const late = await bench.call('script.save', { path: post, hash, text: '// by the page\n' });
    expect(late).toMatchObject({ error: { code: 'script.changed', details: { hash: (await bench.open(post)).hash } } });
    expect((await bench.open(post)).text).toBe('// by an editor\n');
  });

  it('are nothing else: no other file is read or written, whatever it is called', async () => {
    await using bench = await startBench();
    const { root } = bench.trial;
    await symlink(root, join(root, 'scripts/inside'));
    await symlink(join(root, '..'), join(root, 'scripts/up'));
    await symlink(join(root, 'outside.ts'), join(root, 'scripts/link.ts'));
    const before = await readFile(join(root, 'outside.ts'), 'utf8');
    for (const path of [
      'outside.ts',
      '../outside.ts',
      'scripts/../outside.ts',
      'scripts//hen.ts',
      '/scripts/hen.ts',
      'scripts/hen.test.ts',
      'scripts/hen.d.ts',
      'scripts/notes.txt',
      'scripts/.hen.ts',
      'scripts/new.ts',
      'scripts/link.ts',
      'scripts/inside/outside.ts',
      `scripts/up/${basename(root)}/outside.ts`,
      'scripts/hen.ts\0.ts',
      'scripts\\hen.ts',
      'games/trial/game.json',
      'games/trial/client/main.ts',
      'games/trial/maps/yard.tmj',
      'plugins/script/save.ts',
    ]) {
      await bench.later(10);
      expect(codeOf(await bench.call('script.open', { path })), path).toBe('script.unknown');
      expect(codeOf(await bench.call('script.save', { path, hash, text: 'x' })), path).toBe('script.unknown');
    }
    expect(await readFile(join(root, 'outside.ts'), 'utf8')).toBe(before);
  });

  it('are no longer than a script may be', async () => {
    await using bench = await startBench();
    const { hash } = await bench.open(post);
    const long = { path: post, hash, text: 'x'.repeat(256_001) };
    expect(codeOf(await bench.call('script.save', long))).toBe('script.too-long');
    expect(codeOf(await bench.call('script.save', { ...long, text: 'x'.repeat(262_145) }))).toBe('call.bad-params');
    expect(codeOf(await bench.call('script.save', { path: post, hash, text: '', range: [9, 3] }))).toBe(
      'call.bad-params',
    );
    expect(codeOf(await bench.call('script.save', { path: post, hash: 'latest', text: '' }))).toBe('call.bad-params');
    expect((await bench.open(post)).hash).toBe(hash);
  });
});
