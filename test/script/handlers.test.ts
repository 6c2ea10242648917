/** A report names a handler by its definition's line: read from the source, before anything of it has run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileScript } from '../../core/script/compile.ts';
import { startIsolate } from '../support/isolate.ts';

type Files = Readonly<Record<string, string>>;

/** `name file:line:column` of every handler found; the script's own file is left out. */
function places(files: Files | string, role: 'object' | 'zone' = 'object'): string[] {
  const all: Files = typeof files === 'string' ? { 'scripts/hen.ts': files } : files;
  const compiled = compileScript({ path: 'scripts/hen.ts', role, name: 'hen', read: (path) => all[path] ?? null });
  if (compiled.kind !== 'ok') throw new Error(compiled.faults[0]?.message);
  return compiled.program.handlers.map(
    ({ name, file, line, column }) => `${name} ${file === 'scripts/hen.ts' ? '' : file}:${line}:${column}`,
  );
}

describe('where handlers are defined', () => {
  it('handlers of every table are found at their names, methods at `handle`', () => {
    const found = places(`import { defineObject } from 'roost';

export default defineObject({
  state: { n: 0 as number },
  on: {
    create(self) {},
    tick: (self) => { self.state.n++; },
  },
  before: { take() { return 'no'; } },
  timers: { 'long name'() {} },
  messages: { bite: function (self) {} },
  answers: { yes() {} },
  methods: {
    feed: {
      allow: 'view',
      handle(self) {},
    },
  },
  migrate(old) { return old; },
});
`);
    expect(found).toEqual([
      'create :6:5',
      'tick :7:5',
      'before.take :9:13',
      'timers.long name :10:13',
      'messages.bite :11:15',
      'answers.yes :12:14',
      'methods.feed :16:7',
      'migrate :19:3',
    ]);
  });

  it('names are followed to functions of the same file and of imported ones', () => {
    const found = places({
      'scripts/hen.ts': `import { defineObject } from 'roost';
import peck, { walk as step, timers } from './lib/a.ts';
import * as lib from './lib/a.ts';

function create() {}
const tick = () => {};
const on = { create, tick, load: step, hear: lib.walk, touch: peck, part: lib.more.part };

export default defineObject({ on, timers, messages: { a: lib.far } });
`,
      'scripts/lib/a.ts': `export * from './b.ts';
export function walk() {}
export const timers = { cluck() {} };
export default function peck() {}
`,
      'scripts/lib/b.ts': `export const more = {
  part() {},
};
export { far };
const far = function () {};
`,
    });
    expect(found).toEqual([
      'create :5:1',
      'tick :6:14',
      'load scripts/lib/a.ts:2:8',
      'hear scripts/lib/a.ts:2:8',
      'touch scripts/lib/a.ts:4:16',
      'part scripts/lib/b.ts:2:7',
      'timers.cluck scripts/lib/a.ts:3:25',
      'messages.a scripts/lib/b.ts:5:13',
    ]);
  });

  it.each([
    ['export default made;\nconst made = defineObject({ on: { tick() {} } });', ['tick :3:35']],
    ['const made = defineObject({ on: { tick() {} } });\nexport { made as default };', ['tick :2:35']],
    ['const spec = { on: { tick() {} } };\nexport default defineObject(spec);', ['tick :2:22']],
  ])('%s', (text, found) => {
    expect(places(`import { defineObject } from 'roost';\n${text}`)).toEqual(found);
  });

  it.each([
    'const rest = { tick() {} };\nexport default defineObject({ on: { ...rest } });',
    "export default defineObject({ on: { ['ti' + 'ck']() {} } });",
    'const make = () => ({ on: { tick() {} } });\nexport default defineObject(make());',
    'let a = b, b = a;\nexport default defineObject({ on: a });',
    'const a = b.on, b = { on: a };\nexport default defineObject({ on: a });',
  ])('what only running would tell is left out: %s', (text) => {
    expect(places(`import { defineObject } from 'roost';\n${text}`)).toEqual([]);
  });

  it('a function made elsewhere is found at the name it is given', () => {
    expect(
      places(`import { defineObject } from 'roost';
const every = (n: number) => () => n;
export default defineObject({ on: { tick: every(2) } });`),
    ).toEqual(['tick :3:37']);
  });

  it('a zone’s script has its handlers too', () => {
    expect(
      places("import { defineZone } from 'roost';\nexport default defineZone({ on: { enter() {} } });", 'zone'),
    ).toEqual(['enter :2:35']);
  });

  it.each([
    'chicken',
    'egg',
    'gate',
    'portal',
    'ball',
  ])('%s: all that the runtime finds is found in the source', (kind) => {
    const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
    const path = `scripts/${kind}.ts`;
    const compiled = compileScript({ path, role: 'object', name: kind, read });
    if (compiled.kind !== 'ok') throw new Error(compiled.faults[0]?.message);
    const { files, handlers } = compiled.program;
    using isolate = startIsolate({ scripts: Object.fromEntries(files.map((file) => [file.path, read(file.path)])) });
    const found = isolate.load.handlers.filter((each) => each.script === kind).map((each) => each.handler);
    expect(found.length).toBeGreaterThan(0);
    expect(handlers.map((each) => each.name).sort()).toEqual(found.sort());
  });
});
