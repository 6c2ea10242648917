/**
 * One-liners that pass an engine's limits, each in a process of its own. Whatever a script does, one of these happens: its
 * handler fails alone, its tick is stopped, or the watchdog ends the process with the script's handler as its last word
 * and memory never far above the cap. The tests' ids are those of the project's list of escapes.
 */
import { describe, expect, it } from 'vitest';
import { cage } from '../support/cage.ts';
import { script, startIsolate } from '../support/isolate.ts';

/** Cap of a worker, and how far it may be passed, in megabytes. */
const most = 512 + 200;

type Row = readonly [id: string, code: string];

/** Milliseconds: far more than any of these needs. */
const patience = 10_000;

async function contained(code: string, tickLimitMs?: number) {
  const end = await cage(code, tickLimitMs);
  expect(end.rssMb).toBeLessThan(most);
  if (end.kind === 'ended' && end.reason !== 'engine') {
    expect(['hangs', 'memory']).toContain(end.reason);
    expect(end.handler).toBe('tick');
  }
  return end;
}

/** A text that no guard has seen grow. */
const doubled = (text: string, times: number) =>
  `let s = ${JSON.stringify(text)}; for (let i = 0; i < ${times}; i++) s += s;`;

describe('memory in one tick', () => {
  it.each<Row>([
    ['M1', 'const a = []; for (;;) a.push(new Array(1000).fill(1));'],
    ['M2', 'const a = []; for (;;) a.push(new Array(1000).slice());'],
    ['M10', 'const o = {}; for (let i = 0; ; i++) o["k" + i] = i;'],
    ['M13', `${doubled('a', 27)} Array.from(s);`],
    ['M14', 'let a = [1, 2, 3, 4]; for (;;) a = [...a, ...a];'],
    ['M16', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, i);'],
    ['M16 of sets', 'const m = new Set(); for (let i = 0; ; i++) m.add("k" + i);'],
    ['M18', `${doubled('x', 29)} s[5]; for (;;);`],
  ])('%s %s', async (_, code) => {
    expect(['stopped', 'ended', 'undone']).toContain((await contained(code)).kind);
  });

  it.each<Row>([
    ['M3', 'Math.max.apply(null, { length: 1e8 });'],
    ['M5', 'new Array(2 ** 27 - 3).fill(1);'],
    ['M6', 'Array.from({ length: 1e8 });'],
    ['M7', 'Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 0);'],
    ['M13 split', `${doubled('a', 27)} s.split("");`],
    ['M14 concat', 'let a = [1, 2, 3, 4]; for (;;) a = a.concat(a);'],
    ['M15 upper case', `${doubled('\u0390', 26)} s.toUpperCase();`],
    ['M15 normalize', `${doubled('\ufdfa', 23)} s.normalize("NFKD");`],
    ['M15 encode', `${doubled('\uffff', 25)} encodeURIComponent(s);`],
    ['M15 replace', `${doubled('a', 25)} s.replace(/a/g, "b");`],
    ['M17', 'new Array(3.2e7).fill(1);'],
    ['M18 join', 'const s = "x".repeat(1e6); Array(1e7).join(s);'],
    ['M19 repeat', 'throw new Error("x".repeat(5e8));'],
  ])('%s %s is refused by name, with the bound', async (_, code) => {
    expect(await contained(code, patience)).toMatchObject({
      kind: 'undone',
      message: expect.stringMatching(/^RangeError: .* at most \d+$/),
    });
  });

  it.each<Row>([
    ['M8 keys', `${doubled('x', 26)} Object.keys(s);`],
    ['M8 entries', `${doubled('x', 25)} Object.entries(s);`],
    ['M8 descriptors', `${doubled('x', 24)} Object.getOwnPropertyDescriptors(s);`],
    ['M19', `${doubled('x', 28)} throw new Error(s);`],
    ['M19 text', `${doubled('x', 28)} throw s;`],
    ['M19 returned', `${doubled('x', 28)} return s;`],
  ])('%s %s', async (_, code) => {
    await contained(code);
  });
});

describe('memory that no limit counts', () => {
  it.each<Row>([
    ['L1', 'const b = new ArrayBuffer(1 << 23, { maxByteLength: 1 << 23 }); keep.push(b);'],
    ['L2', 'const b = new ArrayBuffer(0, { maxByteLength: 1 << 23 }); b.resize(1 << 23); keep.push(b);'],
    ['L3', 'const b = new SharedArrayBuffer(1 << 20, { maxByteLength: 1 << 23 }); b.grow(1 << 23); keep.push(b);'],
    ['L4', 'keep.push(new WebAssembly.Memory({ initial: 128 }));'],
    ['L6', 'for (;;) keep.push(new ArrayBuffer(1 << 20));'],
    ['M8 views', 'Reflect.ownKeys(new Uint8Array(3e7));'],
    ['M11', 'for (;;) keep.push(new WeakRef({}));'],
    ['T7', 'let x = BigInt(2) ** BigInt(1 << 24); for (;;) x = x * x;'],
    ['T8', '((BigInt(1) << BigInt(1 << 26)) - BigInt(1)).toString();'],
    ['T10', 'BigInt(3) ** BigInt(1 << 26);'],
    ['Intl', 'keep.push(new Intl.Collator());'],
  ])('%s has no name to make it with', (_, code) => {
    using isolate = startIsolate({
      scripts: { bad: script(`on: { tick() { ${code} } }`, 'const keep = [];') },
      objects: [{ kind: 'bad' }],
    });
    isolate.tick();
    expect(isolate.reports).toMatchObject([{ message: expect.stringMatching(/^ReferenceError: \w+ is not defined$/) }]);
  });

  it('T7 whole numbers without end are not written either', () => {
    expect(() => startIsolate({ scripts: { bad: script('', 'let x = 2n ** 16777216n;') } })).toThrow('BigInt');
  });
});

describe('builtins that do not look at the timeout', () => {
  it.each<Row>([
    ['T1', 'new Array(2 ** 32 - 1).indexOf(1);'],
    ['T2 sort', 'new Array(2 ** 32 - 1).sort();'],
    ['T2 slice', 'new Array(2 ** 32 - 1).slice();'],
    ['T2 flat', 'new Array(2 ** 32 - 1).flat();'],
    ['T3', 'const a = new Array(2 ** 32 - 1); a[0] = 1; a.reverse();'],
    ['T4', 'new Array(2 ** 32 - 1).toReversed();'],
    ...['indexOf', 'includes', 'lastIndexOf', 'reverse', 'copyWithin', 'shift', 'splice', 'unshift', 'join'].map(
      (name): Row => [`T5 ${name}`, `Array.prototype.${name}.call({ length: 2 ** 53 - 1 }, 1);`],
    ),
  ])('%s %s is refused by name, with the bound', async (_, code) => {
    expect(await contained(code, patience)).toMatchObject({
      kind: 'undone',
      message: expect.stringMatching(/^RangeError: .* entries: at most \d+$/),
    });
  });

  it.each<Row>([
    ['T5 forEach', 'Array.prototype.forEach.call({ length: 2 ** 53 - 1 }, Math.abs);'],
    ['T5 every', 'Array.prototype.every.call({ length: 2 ** 53 - 1 }, Boolean);'],
    [
      'T5 past the guard',
      'let n = 0; Array.prototype.indexOf.call({ get length() { return n++ ? 2 ** 53 - 1 : 1; } }, 1);',
    ],
    ['T12', 'new RegExp("[" + "\\\\p{L}".repeat(1e4) + "]", "u").test("a"); for (;;);'],
    ['T14', 'const a = []; for (let i = 0; i < 1e6; i++) a.push("k" + (i * 7919) % 1e6); a.sort(); for (;;);'],
  ])('%s %s', async (_, code) => {
    expect(['stopped', 'ended']).toContain((await contained(code)).kind);
  });
});

describe('contained for the record', () => {
  it.each<Row>([
    ['endless loop', 'for (;;);'],
    ['finally', 'for (;;) try { for (;;); } finally { continue; }'],
    ['backtracking', '/^(a+)+$/.test("a".repeat(40) + "b");'],
    ['generators', 'function* g() { for (;;) try { for (;;) yield; } finally { continue; } } for (const _ of g());'],
  ])('%s is stopped', async (_, code) => {
    expect(await contained(code, 1_000)).toMatchObject({ kind: 'stopped', fault: 'timeout' });
  });

  it.each<Row>([
    ['recursion', 'const f = () => f() + 1; f();'],
    ['spread', 'const a = []; a[1e7] = 1; Math.max(...a);'],
    ['deep JSON', 'JSON.parse("[".repeat(1e6) + "]".repeat(1e6));'],
    ['deep text', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; String(a);'],
    ['text doubling', 'let s = "x"; for (;;) s += s;'],
  ])('%s takes nothing but its own tick', async (_, code) => {
    expect((await contained(code, patience)).kind).not.toBe('ended');
  });
});
