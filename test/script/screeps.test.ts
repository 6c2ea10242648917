/**
 * What another scriptable world learned from hostile players within a few days (Screeps, commits 429440b … 0281b41 of
 * December 2023): one test for each of its nine lessons. The ninth, that the runtime itself must use nothing that can be
 * replaced, is held by a rule over its sources: captured.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { script, startIsolate } from '../support/isolate.ts';

const measure = { measure: { handlers: true, part: 0, of: 1 } };

/** Runs `code` at the top of a file and `tick` in a handler, beside a neighbour; nothing of the zone may be touched. */
function attack(code: string, tick = '') {
  using isolate = startIsolate({
    scripts: {
      attacker: script(
        `state: { out: '' }, on: { tick(self, { world }) { ${tick} } }`,
        `const tried = [];\nconst attempt = (f) => { try { f(); tried.push('did'); } catch (e) { tried.push(e.name); } };\n${code}`,
      ),
      neighbour: script('state: { n: 0 }, on: { tick(self) { self.state.n++; for (let i = 0; i < 1e5; i++); } }'),
    },
    objects: [{ kind: 'attacker' }, { kind: 'neighbour' }],
  });
  const out = isolate.tick(measure);
  expect(isolate.load.reports).toEqual([]);
  expect(isolate.state(2).n).toBe(1);
  return { out, isolate, tried: String(isolate.state(1).out) };
}

const report = 'self.state.out = tried.join();';

describe('Screeps, December 2023', () => {
  it('1 replacing Math.ceil gives no free time', () => {
    const { out, tried } = attack(
      'attempt(() => { Math.ceil = () => 0; }); attempt(() => { Math.max = () => 0; });',
      report,
    );
    expect(tried).toBe('TypeError,TypeError');
    const [attacker, neighbour] = ['attacker', 'neighbour'].map((kind) =>
      out.costs.kinds.find((each) => each.kind === kind),
    );
    expect([attacker?.calls, neighbour?.calls]).toEqual([1, 1]);
    expect(neighbour?.ms).toBeGreaterThan(0);
  });

  it('2 replacing Object.create or JSON corrupts nothing that goes out', () => {
    const { out, tried } = attack(
      'attempt(() => { JSON.stringify = () => "{}"; }); attempt(() => { Object.create = () => ({}); }); attempt(() => { globalThis.JSON = null; }); attempt(() => { Object.entries = () => []; });',
      report,
    );
    expect(tried).toBe('TypeError,TypeError,TypeError,TypeError');
    expect(out.changes.map((change) => change.id)).toHaveLength(2);
  });

  it('3 names like __proto__ lead out of no table', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    using isolate = startIsolate({
      scripts: {
        farmer: script(''),
        hen: script(`state: { out: '' }, methods: { ok: { allow: 'view', params: { n: 'number?' }, handle: () => 1 } },
          on: { tick(self, { world }) {
            const found = ${JSON.stringify(names)}.flatMap((name) => [world.get(name), world.area(name), world.count(name), self.nearest(name, 50), Object.hasOwn(world.settings, name), self.is(name), world.find({ state: { [name]: 1 } }).length]);
            self.state.out = JSON.stringify(found.filter((each) => each));
            try { self.after(1, '__proto__'); } catch (e) { self.state.out += e.message; }
          } }`),
      },
      objects: [{ kind: 'hen' }, { kind: 'farmer', owner: 'guest:1' }],
    });
    isolate.tick();
    expect(isolate.state(1).out).toBe('[]hen has no timers.__proto__');
    for (const name of names) {
      expect(isolate.call(2, 1, name)).toMatchObject({ code: 'object.unknown-method' });
      const params = JSON.parse(`{"${name}":1}`);
      expect(isolate.call(2, 1, 'ok', params)).toMatchObject({ code: 'object.bad-params' });
    }
    using odd = startIsolate({ scripts: { a: script("state: { ['__proto__']: 1 }") } });
    expect(odd.load.reports).toMatchObject([{ what: 'load', message: expect.stringContaining('state.__proto__') }]);
  });

  it('4 what a script asks for is a claim: it carries the object it runs on, whatever it says', () => {
    const { out, tried } = attack(
      '',
      `const other = self.around(50)[0];
       for (const f of [() => self.say.call(other, 'forged'), () => self.destroy.call(other), () => self.destroy.call({ id: other.id, __proto__: self }), () => { other.state.n = 9; }, () => Reflect.set(self, 'id', other.id)])
         try { tried.push(f() === false ? 'false' : 'did'); } catch (e) { tried.push(e.name); }
       self.say('own'); ${report}`,
    );
    expect(tried).toBe('TypeError,TypeError,TypeError,TypeError,false');
    expect(out.intents).toMatchObject([{ verb: 'say', id: '0001000000000001', text: 'own' }]);
  });

  it('5 costs are counted where no script gets', () => {
    const { out, tried } = attack(
      `attempt(() => { Object.defineProperty(Object.prototype, 'ms', { get: () => 0, set() {} }); });
       attempt(() => { Object.defineProperty(Object.prototype, 'attacker', { get: () => 0 }); });
       attempt(() => { Map.prototype.get = () => ({ ms: 0, calls: 0 }); });
       attempt(() => { Array.prototype.map = () => []; });`,
      `for (let i = 0; i < 1e6; i++); ${report}`,
    );
    expect(tried).toBe('TypeError,TypeError,TypeError,TypeError');
    expect(out.costs.kinds.map((each) => each.kind).sort()).toEqual(['attacker', 'neighbour']);
    expect(out.costs.objects).toHaveLength(2);
  });

  it('6 the names a file is given cannot be made into others', () => {
    const { tried } = attack(
      `import * as names from 'roost';
       for (const key of Object.keys(names)) attempt(() => { names[key] = null; });
       attempt(() => { Object.defineProperty(names, 'defineObject', { value: 1 }); });
       attempt(() => { globalThis.defineObject = 1; });
       attempt(() => { globalThis.undefined = 1; });
       attempt(() => { delete globalThis.Math; });
       attempt(() => { names.babble.x = 1; });`,
      'self.state.out = [...new Set(tried)].join();',
    );
    expect(tried).toBe('TypeError');
  });

  it('7 nothing stops the isolate or its clock from inside', () => {
    const words = ['halt', 'isolate', 'context', 'clock', 'dispose', 'ivm', 'boot', 'blame', 'exports', 'module', '$0'];
    const { tried } = attack(
      '',
      `self.state.out = ${JSON.stringify(words)}.filter((word) => word in globalThis).join() + typeof this + typeof arguments.callee_;`.replace(
        ' + typeof arguments.callee_',
        '',
      ),
    );
    expect(tried).toMatch(/^(object|undefined)$/);
  });

  it('8 what a file imports is its own module, and roost: no container of the engine', () => {
    const { tried } = attack(
      "import * as names from 'roost';",
      'self.state.out = [Object.getPrototypeOf(names), Object.isFrozen(names), ...Object.keys(names).map((key) => typeof names[key])].filter((each) => each !== "function").join();',
    );
    expect(tried).toMatch(/^(\[object Object\])?,true$/);
  });

  it('9 what replaces prototypes of what the runtime makes finds them closed', () => {
    const { tried } = attack(
      '',
      `const { state } = self;
       for (const each of closed()) attempt(() => Object.setPrototypeOf(each, { evil: 1 }));
       function closed() { return [Object.getPrototypeOf(self), state, Object.getPrototypeOf(state), world, Object.getPrototypeOf(self.words), Object.prototype, Map.prototype, () => {}]; }
       state.out = tried.join();`,
    );
    expect(tried.split(',')).toEqual([...Array(7).fill('TypeError'), 'did']);
  });
});
