/**
 * Everything that a script can get at while a handler runs, walked: prototypes, properties, symbols, what getters give,
 * what functions of the world give back, what the runtime throws.
 */
import { describe, expect, it } from 'vitest';
import { script, startIsolate } from '../support/isolate.ts';

/** Collects what can be reached from some values; getters are called, functions are not. Names of the way are kept. */
const walk = `
function walk(roots) {
  const seen = new Map();
  const open = Object.entries(roots);
  while (open.length > 0) {
    const [way, at] = open.pop();
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || seen.has(at) || way.length > 300) continue;
    seen.set(at, way);
    open.push([way + '.__proto__', Object.getPrototypeOf(at)]);
    for (const key of Reflect.ownKeys(at)) {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(at, key);
      const name = way + '.' + String(key);
      open.push([name, value], [name + '<get>', get], [name + '<set>', set]);
      for (const its of [at, roots.self, roots.other, roots.event]) if (get) try { open.push([name + '()', Reflect.apply(get, its, [])]); } catch (e) { open.push([name + '!', e]); }
    }
    for (const key of ['constructor', 'caller', 'arguments', 'callee']) try { open.push([way + '.' + key, at[key]]); } catch (e) { open.push([way + '!' + key, e]); }
    if (at instanceof Map || at instanceof Set) for (const each of at.values()) open.push([way + '<entry>', each]);
  }
  return seen;
}
const thrown = (...all) => all.map((f) => { try { return f(); } catch (e) { return e; } });
function reach(self, event, names) {
  const { world } = event;
  const other = self.around(50)[0];
  const given = {
    found: self.around(50), all: world.find(), players: world.players(), nearest: self.nearest('cow', 50), area: world.area('pond'),
    here: world.area('pond').random(), got: world.get(self.id), touching: self.touching(), contents: self.contents(), dice: world.roll('1d6'),
    spawned: thrown(() => world.spawn('egg', { at: self }), () => self.create('egg')), list: names.list(), maybe: names.maybe(), definition: names.defineObject({}),
  };
  const errors = thrown(() => self.say(), () => world.spawn(1), () => self.state.none.x, () => null.x, () => self.x(), () => other.say('x'),
    () => world.roll('x'), () => self.send(1), () => Reflect.get(Object.getPrototypeOf(self), 'id', {}), () => new names.distance(), () => 'x'.repeat(1e9),
    () => Array.from({ length: 1e9 }), () => self.memory(other), () => names.babble(1), () => { 'use strict'; undefinedName; }, () => JSON.parse('x'), () => new RegExp('('),
    () => { const f = () => f() + 1; f(); });
  return { given, errors, roots: { self, other, event, world, given, errors, names, globalThis, own: self.own, secret: self.secret, state: self.state } };
}
`;

const source = (handler: string) => `import * as names from 'roost';
import { defineObject } from 'roost';
${walk}
export default defineObject({
  state: { out: '', n: 0, bag: { deep: [1, { a: 2 }] } }, own: { o: [1] }, secret: { s: { k: 1 } },
  look: { shape: 'circle', label: 'H' }, contains: { max: 99 },
  on: { tick(self, event) { ${handler} } },
});`;

function run(handler: string): string {
  using isolate = startIsolate({
    scripts: { hen: source(handler), cow: source(''), egg: script('') },
    objects: [
      { kind: 'hen', look: { shape: 'box' } },
      { kind: 'cow', words: ['big'] },
      { kind: 'farmer', owner: 'guest:1' },
    ],
    areas: [{ name: 'pond', x: 5, y: 5, width: 2, height: 2 }],
    settings: { deep: { list: [1] } },
  });
  isolate.tick();
  expect(isolate.reports).toEqual([]);
  return String(isolate.state(1).out);
}

describe('what a script can reach', () => {
  it('is the world’s handles, plain values and frozen builtins: nothing of the host or of the runtime', () => {
    const out = run(`
      const { roots } = reach(self, event, names);
      const seen = walk(roots);
      const bad = [];
      // Fields of the runtime's own records: an object as the isolate knows it, a script, a group, the zone.
      const inner = ['sort', 'keep', 'slot', 'drafts', 'told', 'layout', 'byId', 'bySlot', 'intents', 'reporter', 'handlers', 'evalSync', 'applySync', 'derefInto', 'copyInto', 'faults'];
      for (const [at, way] of seen) {
        for (const key of inner) if (at !== Array.prototype && Object.hasOwn(at, key)) bad.push('runtime ' + way + ' ' + key);
        const tag = Object.prototype.toString.call(at);
        if (!/^\\[object (Object|Function|Array|Error|Math|JSON|Map|Set|String|Number|Boolean|Symbol|RegExp|Reflect|Proxy|WeakMap|WeakSet|Iterator|GeneratorFunction|AsyncGeneratorFunction|AsyncFunction|Generator|AsyncGenerator|Array Iterator|Map Iterator|Set Iterator|String Iterator|RegExp String Iterator|Iterator Helper|Iterator Wrap Helper|Wrap For Valid Iterator|global|.* Iterator|Iterator.*)\\]$/.test(tag)) bad.push('strange ' + way + ' ' + tag);
        if (typeof at === 'function' && /Function$/.test(at.name) && /native/.test(Function_text(at))) bad.push('maker ' + way + ' ' + at.name);
        if (typeof at === 'function') try { const made = at('return 7'); if (typeof made === 'function' && made() === 7) bad.push('code ' + way); } catch {}
      }
      function Function_text(f) { try { return Reflect.apply(Object.getPrototypeOf(() => {}).toString, f, []); } catch { return ''; } }
      self.state.out = seen.size > 500 ? bad.slice(0, 10).join('\\n') : 'only ' + seen.size;`);
    expect(out).toBe('');
  });

  it('is frozen, save what was made for this handler', () => {
    const out = run(`
      const { roots } = reach(self, event, names);
      const { self: me, other, event: given, given: made, errors, own, secret, state, ...lasting } = roots;
      const bad = [];
      for (const [at, way] of walk(lasting)) if (!Object.isFrozen(at) && !/^world\\.state\\(\\)/.test(way) && !/!|^globalThis.*<(get|set)>\\(\\)/.test(way)) bad.push(way);
      for (const view of [other, made.nearest, made.got]) {
        const lasting = { proto: Object.getPrototypeOf(view), words: view.words, look: view.look, state: view.state };
        for (const [at, way] of walk(lasting)) if (!Object.isFrozen(at) && !/!/.test(way)) bad.push('view ' + way);
      }
      for (const proto of [Object.getPrototypeOf(self), Object.getPrototypeOf(self.words), Object.getPrototypeOf(self.body), Object.getPrototypeOf(state)])
        if (!Object.isFrozen(proto)) bad.push('prototype ' + Reflect.ownKeys(proto).map(String).join());
      self.state.out = bad.slice(0, 10).join('\\n');`);
    expect(out).toBe('');
  });

  it('no way to make code or wait is left on any function', () => {
    const out = run(`
      const found = [];
      for (const f of [() => {}, function () {}, function* () {}, class {}, [].map, self.say, names.distance, world_of(event).spawn, Reflect.getOwnPropertyDescriptor(Object.getPrototypeOf(self), 'own').get])
        for (let at = f; at; at = Object.getPrototypeOf(at)) { const made = at.constructor; if (typeof made === 'function' && made !== Object) found.push(String(made)); }
      function world_of(e) { return e.world; }
      self.state.out = found.join();`);
    expect(out).toBe('');
  });
});

describe('kinds share nothing that can be changed', () => {
  /** Two kinds in one zone: one writes wherever it can, the other looks. */
  it('whatever one kind writes into, no other kind sees it', () => {
    const both = (handler: string) => `import * as names from 'roost';
import { defineObject } from 'roost';
${walk}
export default defineObject({
  state: { out: '', bag: { deep: [1] } }, look: { label: 'x' },
  on: { tick(self, event) { ${handler} }, hear(self, event) { ${handler} } },
  timers: { ring(self, event) { ${handler} } },
  messages: { hi(self, event) { ${handler} } },
});`;
    const write = `const { roots } = reach(self, event, names); roots.data = event.data;
      for (const at of walk(roots).keys()) {
        try { at.stain = 1; } catch {}
        try { Object.defineProperty(at, 'stain', { value: 1, configurable: true }); } catch {}
        try { if (Array.isArray(at)) at.push('stain'); } catch {}
        try { if (at instanceof Map) at.set('stain', 1); } catch {}
      }
      // Its own state everybody may see.
      self.state.bag = { deep: [1] };`;
    const look = `const { roots } = reach(self, event, names); roots.data = event.data;
      const bad = [];
      for (const [at, way] of walk(roots)) if (Object.hasOwn(at, 'stain') || (Array.isArray(at) && at.includes('stain'))) bad.push(way);
      if (bad.length) self.state.out = bad.slice(0, 5).join('\\n');`;
    using isolate = startIsolate({
      scripts: { cow: both(write), hen: both(look), egg: script('') },
      objects: [
        { kind: 'cow', scripts: [], look: { shape: 'box' } },
        { kind: 'hen', look: { shape: 'box' } },
        { kind: 'farmer', owner: 'guest:1' },
      ],
      areas: [{ name: 'pond', x: 5, y: 5, width: 2, height: 2 }],
      settings: { deep: { list: [1] } },
      timers: [1, 2].map((n) => ({
        ...{ object: `000100000000000${n}`, script: n === 1 ? 'cow' : 'hen', name: 'ring' },
        ...{ due: 1_000_000, every: null, data: { list: [1] } },
      })),
    });
    for (let i = 0; i < 3; i++) {
      isolate.tick();
      expect(String(isolate.state(2).out)).toBe('');
    }
    expect(isolate.reports.filter(({ script: name }) => name === 'hen')).toEqual([]);
  });

  it('two scripts of one object are given the same data, and neither can change it', () => {
    const listener = (field: string) =>
      script(
        `own: { ${field}: '' }, messages: { hi(self, { data }) { try { data.list.push(2); } catch {} self.own.${field} = JSON.stringify(data); } }`,
      );
    using isolate = startIsolate({
      scripts: {
        hen: listener('a'),
        badge: listener('b'),
        cow: script(
          'on: { create(self, { world }) { const data = { list: [1] }; self.send(world.find("hen")[0], "hi", data); data.list.push("late"); } }',
        ),
      },
      objects: [{ kind: 'hen', scripts: ['badge'] }, { kind: 'cow' }],
    });
    isolate.ticks(2);
    expect(isolate.row(1).own).toEqual({ a: '{"list":[1]}', b: '{"list":[1]}' });
  });
});
