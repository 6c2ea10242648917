import { afterEach, describe, expect, it } from 'vitest';
import { type Compiler, createCompiler } from '../../core/content/compiler.ts';
import { findTooDeep } from '../../core/content/nesting.ts';
import { readWorld, type ScriptFile } from '../../core/content/world.ts';
import { temporaryRoot } from './temporary.ts';

const sound = `import { defineObject } from 'roost';\nexport default defineObject({ version: 1 });\n`;
const files = {
  'scripts/hen.ts': sound,
  'scripts/wrong.ts': 'const a = 1;\nconst b = = 2;\n',
  'scripts/hangs.ts': `let x = ${'<T>('.repeat(26)}1${')'.repeat(26)}`,
  'scripts/deep.ts': `let x =\n ${'['.repeat(500)}`,
  'games/farm/game.json': '{ "character": "farmer", "zones": { "den": { "map": "maps/den.tmj" } } }',
  'games/farm/maps/den.tmj':
    '{ "type": "map", "width": 8, "height": 8, "tilewidth": 16, "tileheight": 16, "tilesets": [], "layers": [] }',
};

let compiler: Compiler | undefined;
afterEach(() => compiler?.close());

function open(root: string, deadlineMs?: number): { compiler: Compiler; script: (name: string) => ScriptFile } {
  compiler = createCompiler({ roots: [root], ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  const { shared } = readWorld([root]);
  const script = (name: string) => {
    const found = shared.find((file) => file.name === name);
    if (!found) throw new Error(`no script ${name}`);
    return found;
  };
  return { compiler, script };
}

describe('the compiler', () => {
  it('compiles scripts, and reads maps and games', async () => {
    using made = temporaryRoot(files);
    const { compiler, script } = open(made.folder);
    expect(await compiler.script(script('hen'))).toMatchObject({
      kind: 'program',
      program: { name: 'hen', role: 'object', path: 'scripts/hen.ts', build: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
    expect(await compiler.game(made.folder, 'games/farm')).toMatchObject({ kind: 'game', game: { name: 'farm' } });
    expect(await compiler.map(made.folder, 'games/farm', 'games/farm/maps/den.tmj')).toMatchObject({
      kind: 'map',
      map: { width: 8 },
    });
  });

  it('locates faults', async () => {
    using made = temporaryRoot(files);
    const { compiler, script } = open(made.folder);
    const { kind, ...rest } = await compiler.script(script('wrong'));
    expect(kind).toBe('faults');
    expect(rest).toMatchObject({ faults: [{ file: 'scripts/wrong.ts', line: 2, column: 11 }] });
  });

  it('C-3 removes the types of a file for browsers, and outlives one that traps it', async () => {
    using made = temporaryRoot(files);
    const { compiler } = open(made.folder, 500);
    expect(await compiler.page('export const n: number = 1;', 'main.ts')).toMatch(/^export const n\s+= 1;$/);
    await expect(compiler.page(files['scripts/deep.ts'], 'deep.ts')).rejects.toThrow(/deep.ts:2:.*nested deeper/);
    await expect(compiler.page(files['scripts/hangs.ts'], 'hangs.ts')).rejects.toThrow(/longer than 0.5 s/);
    await expect(compiler.page('a = = b', 'wrong.ts')).rejects.toThrow(/^wrong.ts:1:5: /);
    expect(await compiler.page('let a: 1', 'a.ts')).toContain('let a');
  });

  it('C-3 S1 S2 outlives what hangs or traps it: the next job is served', async () => {
    using made = temporaryRoot(files);
    const { compiler, script } = open(made.folder, 500);
    const [hangs, deep, next] = await Promise.all(
      ['hangs', 'deep', 'wrong'].map((name) => compiler.script(script(name))),
    );
    expect(hangs).toMatchObject({
      faults: [{ file: 'scripts/hangs.ts', line: 0, message: 'the compiler took longer than 0.5 s' }],
    });
    expect(deep).toMatchObject({
      faults: [{ file: 'scripts/deep.ts', message: expect.stringMatching(/deeper than 200/) }],
    });
    expect(next).toMatchObject({ faults: [{ file: 'scripts/wrong.ts', line: 2 }] });
  });

  it('reads nothing but the scripts and games of its roots', async () => {
    using secret = temporaryRoot({ 'scripts/secret.ts': sound });
    using made = temporaryRoot(files);
    const { compiler } = open(made.folder);
    const outcome = await compiler.script({
      root: secret.folder,
      path: 'scripts/secret.ts',
      name: 'secret',
      role: 'object',
    });
    expect(outcome).toMatchObject({
      kind: 'faults',
      faults: [{ message: expect.stringMatching(/ERR_ACCESS_DENIED/) }],
    });
  });

  it('answers what waits when it is closed, and everything after', async () => {
    using made = temporaryRoot(files);
    const { compiler, script } = open(made.folder);
    const waiting = compiler.script(script('hangs'));
    compiler.close();
    compiler.close();
    const closed = { kind: 'faults', faults: [{ message: 'the compiler is closed' }] };
    expect(await waiting).toMatchObject(closed);
    expect(await compiler.script(script('wrong'))).toMatchObject(closed);
  });
});

describe('nesting', () => {
  it('counts brackets of code and not of text', () => {
    const many = '('.repeat(201);
    expect(findTooDeep(`\n${many}`)).toEqual({ line: 2, column: 201 });
    expect(findTooDeep('('.repeat(200) + ')'.repeat(200) + '('.repeat(200))).toBeNull();
    expect(findTooDeep(`"${many}" '${many}' // ${many}\n /* ${many}\n${many} */ "\\"${many}"`)).toBeNull();
  });
});
