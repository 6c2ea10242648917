/** Designers' files become programs, or faults with file, line and column. */
import { describe, expect, it } from 'vitest';
import { compileScript } from '../../core/script/compile.ts';
import { startIsolate } from '../support/isolate.ts';

type Files = Readonly<Record<string, string>>;

function compile(files: Files, path = 'scripts/hen.ts') {
  return compileScript({ path, role: 'object', name: 'hen', read: (file) => files[file] ?? null });
}

/** `line:column message` of the one fault, in the script unless it says otherwise. */
function fault(files: Files | string): string {
  const compiled = compile(typeof files === 'string' ? { 'scripts/hen.ts': files } : files);
  if (compiled.kind === 'ok') return 'ok';
  const [{ file, line, column, message } = { file: '', line: 0, column: 0, message: '' }] = compiled.faults;
  return `${file === 'scripts/hen.ts' ? '' : `${file}:`}${line}:${column} ${message}`;
}

/** Runs modules and gives what the script put into `state.out`. */
function run(files: Files): unknown {
  using isolate = startIsolate({ scripts: files, objects: [{ kind: 'hen' }] });
  if (isolate.load.reports[0]) throw new Error(isolate.load.reports[0].message);
  isolate.tick();
  if (isolate.reports[0]) throw new Error(isolate.reports[0].message);
  return isolate.state(1).out;
}

const define = (out: string) =>
  `export default defineObject({ state: { out: null as unknown }, on: { create(self) { self.state.out = ${out}; } } });\n`;

describe('modules', () => {
  it('imports and exports of every form have the right values', () => {
    const out = run({
      hen: `import { defineObject } from 'roost';
import whole, { one, two as zwei, type Kind } from './lib/a.ts';
import * as all from './lib/a.ts';
import { three, four } from './lib/b.ts';
import './lib/b.ts';
${define('[whole.name, one, zwei(), Object.keys(all).sort(), three, four.one, new all.Five().five, hoisted()]')}
function hoisted() { return 'late'; }
type Unused = Kind;
`,
      'scripts/lib/a.ts': `export const one = 1, { x: six = 6, ...rest } = { y: 7 } as { x?: number; y: number };
export function two(): number { return 2; }
export class Five { five = 5; }
export default { name: 'whole' };
export interface Kind { a: string }
let changed = 1; export { changed as 'odd name' }; changed = 2;
`,
      'scripts/lib/b.ts': `export * from './a.ts'; export * as four from './a.ts'; export { one as three } from './a.ts'`,
    });
    expect(out).toEqual(['whole', 1, 2, ['Five', 'default', 'odd name', 'one', 'rest', 'six', 'two'], 1, 1, 5, 'late']);
  });

  it.each([
    ['function', 'export default function () { return 1; }\n[1].length', 'value()'],
    ['named function', 'export default function one() { return 1; }\nexport const two = one() + 0', 'value()'],
    ['class', 'export default class { n = 1 }\n', 'new value().n'],
    ['expression without semicolon', 'const a = 1\nexport default a\n', 'value'],
    ['arrow', 'export default () => 1\n', 'value()'],
  ])('export default %s', (_, source, use) => {
    const files = {
      'scripts/lib/a.ts': source,
      hen: `import { defineObject } from 'roost'\nimport value from './lib/a.ts'\n${define(use)}`,
    };
    expect(run(files)).toBe(1);
  });

  it('an import without semicolon does not join lines', () => {
    const source = `import { defineObject } from 'roost'\nlet n = 1\nimport * as lib from './lib/a.ts'\n;(() => { n = lib.one })()\n${define('n')}`;
    expect(run({ hen: source, 'scripts/lib/a.ts': 'export const one = 5' })).toBe(5);
  });

  it('imported names are constants', () => {
    const source = `import { defineObject } from 'roost';\nimport { one } from './lib/a.ts';\none = 2;\n${define('one')}`;
    expect(() => run({ hen: source, 'scripts/lib/a.ts': 'export const one = 1' })).toThrow('constant');
  });

  it('the build is the hash of all sources: it changes with a helper, not with the order', () => {
    const files = (n: number) => ({
      'scripts/hen.ts': `import { a } from './lib/a.ts';\nexport default a;`,
      'scripts/lib/a.ts': `export const a = ${n};`,
    });
    const build = (n: number) => {
      const compiled = compile(files(n));
      return compiled.kind === 'ok' ? compiled.program.build : '';
    };
    expect(build(1)).toMatch(/^[0-9a-f]{12}$/);
    expect(build(1)).toBe(build(1));
    expect(build(1)).not.toBe(build(2));
  });
});

describe('faults name file, line and column', () => {
  it.each([
    ['const a = 1;\nlet x = ;\n', '2:9 Expression expected'],
    ['enum A { B }', '1:1 TypeScript enum is not supported in strip-only mode'],
    ['import { a } from "./gone.ts";', '1:19 there is no file scripts/gone.ts'],
    ['import { a } from "./a";', "1:19 an import ends in .ts: './a'"],
    ['import fs from "node:fs";', "1:16 scripts import 'roost' and files beside them ('./…'), not 'node:fs'"],
    ['import { a } from "/etc/x.ts";', "1:19 scripts import 'roost' and files beside them ('./…'), not '/etc/x.ts'"],
    ['import { a } from "../../x.ts";', "1:19 '../../x.ts' is outside of the root"],
    ['\nimport { nope } from "roost";', "2:10 'roost' exports no nope (for a type write: import type)"],
    ['const f = async () => 1;', '1:11 async functions are not available: use timers and messages'],
    ['\n  await 1;', '2:3 await is not available: use timers and messages'],
    ['async function* f() {}', '1:1 async functions are not available: use timers and messages'],
    ['const o = { async m() {} };', '1:20 async functions are not available: use timers and messages'],
    ['const a = import("./a.ts");', '1:11 import() is not available: import at the top of the file'],
    ['const a = import.meta.url;', '1:11 import.meta is not available'],
    ['const a = eval("1");', '1:11 eval is not available'],
    ['const a = 1n;', '1:11 BigInt is not available: whole numbers are exact up to 9007199254740991'],
    ['const a = 1;\nconst a = 2;', "2:7 Identifier 'a' has already been declared"],
    ['export const a = 1;', '1:1 it needs export default defineObject({ … })'],
    ['return 1;', '1:1 Return statement is not allowed here'],
    ['x<!--y', '1:2 Legacy comments cannot be used in module code'],
  ])('%j: %s', (source, expected) => {
    const line = fault(
      source.includes('export') || source.includes('return') ? source : `${source}\nexport default 1;`,
    );
    expect(line.replace(/‘|’/g, "'")).toBe(expected);
  });

  it('in imported files, circles and missing exports', () => {
    const main = `import { a } from './a.ts';\nexport default a;`;
    expect(fault({ 'scripts/hen.ts': main, 'scripts/a.ts': 'let b = 1;\nexport const a = (;' })).toContain(
      'scripts/a.ts:2:',
    );
    expect(fault({ 'scripts/hen.ts': main, 'scripts/a.ts': `import './hen.ts';\nexport const a = 1;` })).toBe(
      'scripts/a.ts:1:8 imports go round in a circle: scripts/hen.ts → scripts/a.ts → scripts/hen.ts',
    );
    expect(fault({ 'scripts/hen.ts': main, 'scripts/a.ts': 'export const b = 1;' })).toBe("1:10 './a.ts' exports no a");
    const deep = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`scripts/d${i}.ts`, `import './d${i + 1}.ts';`]),
    );
    expect(fault({ 'scripts/hen.ts': `import './d0.ts';\nexport default 1;`, ...deep })).toContain(
      'nested deeper than 8',
    );
    expect(fault(`export default '${'x'.repeat(300_000)}';`)).toContain('longer than');
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`scripts/m${i}.ts`, 'export {};']));
    const imports = Object.keys(many)
      .map((path) => `import './${path.slice(8)}';`)
      .join('\n');
    expect(fault({ 'scripts/hen.ts': `${imports}\nexport default 1;`, ...many })).toContain('at most 64 files');
  });

  it('a file cannot break out of its function', () => {
    const breakout = '0<!--x; /*\n*/ }, 0], () => globalThis.hit = 1); (() => { /* */\nexport default 1;';
    expect(fault(breakout)).not.toBe('ok');
    expect(fault('}]); hit(); ([() => {\nexport default 1;')).not.toBe('ok');
  });

  it('reading may refuse with a reason', () => {
    const compiled = compileScript({
      path: 'scripts/hen.ts',
      role: 'object',
      name: 'hen',
      read: (path) => {
        if (path === 'scripts/hen.ts') return `import './a.ts';\nexport default 1;`;
        throw new Error('it is a link to the outside');
      },
    });
    expect(compiled).toMatchObject({
      faults: [{ line: 1, column: 8, message: 'cannot read scripts/a.ts: it is a link to the outside' }],
    });
  });
});

describe('definitions', () => {
  it.each([
    ['defineObject({ onn: {} })', "defineObject has no 'onn'"],
    ['defineObject({ on: { tik() {} } })', "on has no 'tik'"],
    ['defineObject({ body: { shape: "circle" } })', 'body.radius'],
    ['defineObject({ body: { shape: "circle", radius: 60 } })', 'body.radius is a number from 0.05 to 50'],
    ['defineObject({ body: { shape: "circle", radius: 1, friction: -1 } })', 'body: friction is -1'],
    ['defineObject({ body: { shape: "star" } })', 'body.shape'],
    ['defineObject({ every: -1 })', 'every is a number'],
    ['defineObject({ version: 1.5 })', 'version is a whole number'],
    ['defineObject({ state: { "a b": 1 } })', 'a field is named'],
    ['defineObject({ state: { f: () => {} } })', 'state.f is a function'],
    ['defineObject({ methods: { a: { params: { x: "text" }, handle() {} } } })', 'methods.a.params.x'],
    ['defineObject({ methods: { a: { allow: "all", handle() {} } } })', 'methods.a.allow'],
    ['defineObject({ methods: { a: {} } })', 'methods.a is a function'],
    [
      "defineObject({ timers: Object.fromEntries(Array.from({ length: 257 }, (_, i) => ['t' + i, () => {}])) })",
      'it has more than 256 handlers',
    ],
    ['defineObject({ timers: { ["x".repeat(65)]() {} } })', 'timers: a name is 1 to 64'],
    ['defineObject({ messages: { "half \\ud800"() {} } })', 'messages: a name is 1 to 64'],
    ['defineObject({ methods: { "a\\0b": { handle() {} } } })', 'methods: a name is 1 to 64'],
    ['defineZone({})', 'it needs export default defineObject'],
    ['42', 'it needs export default defineObject'],
    ['(() => { throw new Error("top"); })()', 'Error: top'],
  ])('%s is a fault of the load', (source, message) => {
    using isolate = startIsolate({
      scripts: { hen: `import { defineObject, defineZone } from 'roost';\nexport default (${source}) as unknown;` },
      objects: [{ kind: 'hen' }],
    });
    expect(isolate.load.reports).toMatchObject([
      { what: 'load', script: 'hen', message: expect.stringContaining(message) },
    ]);
    isolate.tick();
    expect(isolate.rows.size).toBe(1);
  });
});
