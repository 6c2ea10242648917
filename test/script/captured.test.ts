/** The runtime uses nothing that a script could have replaced: a rule over its sources, and the proof that it is enough. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturedFaults, globalsOf } from '../support/captured.ts';
import { script, startIsolate } from '../support/isolate.ts';

const top = join(import.meta.dirname, '../..');
const folder = 'core/script/inside';
const paths = [
  ...readdirSync(join(top, folder)).map((file) => `${folder}/${file}`),
  'core/contract/body.ts',
  'core/contract/object.ts',
  'core/contract/driver.ts',
];
const sources = new Map(paths.map((path) => [path, readFileSync(join(top, path), 'utf8')]));

/** Used once, before the first script: what scripts never get. */
const atBoot = new Map([[`${folder}/runtime.ts`, ['Int32Array', 'Float64Array']]]);

describe('the runtime', () => {
  it('names only globals that are there for scripts too, and that none can replace', () => {
    const named = [...sources].flatMap(([path, source]) =>
      [...globalsOf(source)].filter((name) => !atBoot.get(path)?.includes(name)),
    );
    expect(named).toContain('JSON');
    using isolate = startIsolate({
      scripts: {
        spy: script(`state: { out: '' }, on: { tick(self) {
          self.state.out = ${JSON.stringify([...new Set(named)])}.filter((name) => {
            const found = Object.getOwnPropertyDescriptor(globalThis, name);
            return !found || found.writable || found.configurable || found.get;
          }).join();
        } }`),
      },
      objects: [{ kind: 'spy' }],
    });
    isolate.tick();
    expect(isolate.reports).toEqual([]);
    expect(isolate.state(1).out).toBe('');
  });

  it('uses no method of a value that a script gave', () => {
    expect(capturedFaults(sources)).toEqual([]);
  });
});

describe('the rule can fail', () => {
  it.each([
    ['Date', 'export function now() { return Date.now(); }'],
    ['Promise', 'const later = (f) => Promise.resolve().then(f);'],
    ['performance', 'export const clock = () => performance.now();'],
    ['structuredClone', 'export function copy(a) { const b = structuredClone(a); return b; }'],
  ])('%s is seen', (name, source) => {
    expect([...globalsOf(source)]).toContain(name);
  });

  it('what a file declares, and names of properties, are no globals', () => {
    const source = `import { a, b as c } from './x.ts';
      class D { e() {} }
      function f(g: number, { h, i: [j] }: X, ...k: never[]) { try { a.m(c, D, g, h, j, k); } catch (n) { throw n; } }
      const o: Record<string, number> = { p: 1 };
      f(o.q);`;
    expect([...globalsOf(source)]).toEqual([]);
  });

  it.each([
    'function f(list: unknown) { return Array.isArray(list) ? list.slice(0, 9).map(open) : []; }',
    'function f(list: unknown) { for (const one of list as unknown[]) use(one); }',
    'function f(list: unknown) { return [...(list as unknown[])]; }',
    'function f(list: unknown) { return list.items.map(open); }',
    'function f(wanted: unknown) { const { ignore } = wanted as At; return ignore.slice(0, 9); }',
    'function f(given: unknown) { return (given as () => void)(); }',
    'class A { f(value: unknown = 1) { return (value as object)?.toString(); } }',
  ])('%s', (source) => {
    expect(capturedFaults(new Map([['core/script/inside/a.ts', source]]))).toHaveLength(1);
  });

  it.each([
    "function f(text: unknown) { if (typeof text !== 'string') throw new TypeError(); return text.slice(0, 9); }",
    'function f(value: unknown) { const list = plain(value); return list.map(open); }',
    'function f(list: readonly string[]) { return list.slice(0, 9); }',
    'function f(...values: unknown[]) { return values.slice(0, 9); }',
  ])('%s is fine', (source) => {
    expect(capturedFaults(new Map([['core/script/inside/a.ts', source]]))).toEqual([]);
  });
});

describe('a list with methods of its own', () => {
  it('gets nothing of the runtime', () => {
    using isolate = startIsolate({
      scripts: {
        thief: script(`state: { out: '' }, on: { create(self, { world }) {
          const list = [self];
          const stolen = [];
          const steal = (...given) => { stolen.push(...given); return list; };
          for (const name of ['slice', 'map', 'filter']) Object.defineProperty(list, name, { value: steal });
          const own = (name, value) => Object.defineProperty(list, name, { value });
          own(Symbol.iterator, function* () { stolen.push('asked'); });
          world.spawn('egg', { at: self, ignore: list });
          self.sayOneOf(Object.defineProperty(['a'], 'map', { value: steal }));
          world.pick(list);
          self.state.out = String(stolen.length);
        } }`),
        egg: script(''),
      },
      objects: [{ kind: 'thief' }],
    });
    isolate.tick();
    expect(isolate.reports).toEqual([]);
    expect(isolate.state(1).out).toBe('0');
  });

  it('what is thrown cannot act any more while it is read', () => {
    using isolate = startIsolate({
      scripts: {
        bad: script(`on: { tick(self) {
          throw new Proxy({}, { getOwnPropertyDescriptor() { self.say('still here'); }, getPrototypeOf() { self.say('still here'); return null; } });
        } }`),
      },
      objects: [{ kind: 'bad' }],
    });
    isolate.tick();
    expect(isolate.reports).toMatchObject([{ message: 'something was thrown that is no error' }]);
    expect(isolate.said()).toEqual([]);
  });
});
