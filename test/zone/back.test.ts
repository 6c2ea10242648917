/** Going back to the builds before: in every state that a zone may be in, and as if the new build had never been. */
import { describe, expect, it } from 'vitest';
import type { Program } from '../../core/contract/content.ts';
import type { CallOutcome, ToNode } from '../../core/contract/link.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { handlerWord, shareWords } from '../../core/zone/blame.ts';
import { programOf, script } from '../support/isolate.ts';
import { emptySaved, mirror, row, startZone, type TestZone, type TestZoneOptions, tryZone } from './support.ts';

const farmer = '0001000000000001';
const hen = '0001000000000002';
const owner = 'guest:00112233445566aa';
const player = row(farmer, { kind: 'farmer', name: 'Fox', owner, x: 5, y: 5 });
const body = "body: { shape: 'circle', radius: 0.3 },";
const objects = [player, row(hen, { kind: 'hen', x: 12, keep: { versions: { hen: 1 } } })];

/** Compiles bodies of `defineObject`, by kind. */
function compile(sources: Readonly<Record<string, string>>): readonly Program[] {
  const files = Object.fromEntries(
    Object.entries({ farmer: body, ...sources }).map(([kind, text]) => [`scripts/${kind}.ts`, script(text)]),
  );
  return Object.keys(files).map((path) => programOf(files, path));
}

function start(sources: Readonly<Record<string, string>>, more: TestZoneOptions = {}): TestZone {
  return startZone({
    ...{ createSandbox, programs: compile(sources), saved: { ...emptySaved, objects }, reason: 'recover' },
    ...{ words: shareWords(handlerWord), tickLimitMs: 300 },
    ...more,
  });
}

const told = <T extends ToNode['type']>(test: TestZone, type: T) =>
  test.sent.filter((message): message is Extract<ToNode, { type: T }> => message.type === type);
const outcomes = (test: TestZone): readonly CallOutcome[] => test.frames().flatMap((frame) => frame.outcomes);
const stateOf = (test: TestZone, id: string) => mirror(test.frames()).get(id)?.state;
const henOf = (programs: readonly Program[]) => programs.filter(({ name }) => name === 'hen');
const swap = (test: TestZone, sources: Readonly<Record<string, string>>) =>
  test.accept({ type: 'programs', programs: compile(sources), way: 'new' });
const call = (n: number, object: string, method: string, durable = false) =>
  ({ type: 'call', call: n, owner, character: farmer, object, method, params: {}, durable }) as const;

describe('a trial', () => {
  it.each([
    ['refuses no build because the machine was slow once', 1, null],
    ['refuses it when it was stopped twice', 2, { what: 'stopped' }],
  ])('%s', (_name, stops, fault) => {
    const words = shareWords(handlerWord);
    let left = stops;
    const sent = tryZone({
      ...{ programs: compile({ hen: `${body} on: { tick() {} },` }), saved: { ...emptySaved, objects }, words },
      createSandbox(options) {
        const real = createSandbox(options);
        const tick: typeof real.tick = (...input) => {
          if (left-- <= 0) return real.tick(...input);
          words[handlerWord.handler] = 0;
          return { kind: 'fault', fault: { kind: 'timeout', message: 'too long' }, cpuMs: 1 };
        };
        return { ...real, tick };
      },
    });
    expect(sent.at(-1)).toMatchObject({ type: 'tried', fault });
  });
});

describe('a build on probation goes back', () => {
  it('also when something was born under its version', () => {
    const old = `${body} state: { n: 0 }, on: { tick(self) { self.state.n++; } },`;
    const test = start({ hen: old });
    test.pass(0.5);
    swap(test, {
      hen: `version: 2, ${body} state: { n: 0, m: 7 },
        migrate(old) { return { state: { n: old.state.n + 1000, m: 1 } }; },
        on: { load(self, { world }) { self.after(1, 'pop'); world.spawn('hen', { at: { x: 20, y: 20 }, state: { n: 50 } }); } },
        timers: { pop() { throw new Error('late'); } },`,
    });
    test.pass(2);
    const [judged] = told(test, 'judged');
    expect(told(test, 'convicted')).toEqual([]);
    expect(judged?.back).toMatchObject({ handler: 'timers.pop' });
    const all = [...mirror(test.frames()).values()].filter(({ kind }) => kind === 'hen');
    expect(all.map(({ words }) => words)).toEqual([[], []]);
    expect(Number(stateOf(test, hen)?.n)).toBeLessThan(100);
  });

  it('also when its version rose without a migration: what was written since stays', () => {
    const old = `${body} state: { n: 0 }, on: { tick(self) { self.state.n++; } },`;
    const test = start({ hen: old });
    test.pass(0.5);
    const pop = `on: { load(self) { self.after(1, 'pop'); } }, timers: { pop(self) { throw new Error('late'); } },`;
    swap(test, { hen: `version: 2, ${body} state: { n: 0 }, ${pop}` });
    test.pass(2);
    expect(told(test, 'judged')).toMatchObject([{ back: { handler: 'timers.pop' } }]);
    expect(stateOf(test, hen)?.n).toBeGreaterThan(25);
    expect(test.saved().objects.find(({ id }) => id === hen)?.keep).toEqual({ versions: { hen: 1 } });
  });

  it('keeps the timers that only the build before has a handler for', () => {
    const old = `${body} state: { clucks: 0 }, on: { create(self) { self.every(1, 'cluck'); } },
      timers: { cluck(self) { self.state.clucks++; } },`;
    const test = start({ hen: old }, { saved: { ...emptySaved, objects: [player, row(hen, { kind: 'hen', x: 12 })] } });
    test.pass(2.5);
    const before = Number(stateOf(test, hen)?.clucks);
    swap(test, {
      hen: `${body} state: { clucks: 0 }, on: { load(self) { self.after(2, 'pop'); } }, timers: { pop() { throw new Error('late'); } },`,
    });
    test.pass(2.3);
    expect(told(test, 'judged')[0]?.back).toMatchObject({ handler: 'timers.pop' });
    test.pass(5);
    expect(Number(stateOf(test, hen)?.clucks) - before).toBeGreaterThan(4);
  });

  it.each([
    ['its file throws', `${body} state: { n: 0 }, bogus: 1,`, 'file'],
    ['its migration throws', `version: 2, ${body} state: { n: 0 }, migrate() { throw new Error('no'); },`, 'migrate'],
    ['its version is lower than what is stored', `${body} state: { n: 0 }`, 'version'],
  ])('when a zone is loaded with it and %s', (_name, source, handler) => {
    const good = handler === 'version' ? 'version: 2,' : '';
    const proven = `${good} ${body} state: { n: 0 }, on: { tick(self) { self.state.n++; } },`;
    const version = handler === 'version' ? 2 : 1;
    const saved = {
      ...emptySaved,
      objects: [player, row(hen, { kind: 'hen', x: 12, keep: { versions: { hen: version } } })],
    };
    const test = start({ hen: source }, { saved, former: henOf(compile({ hen: proven })) });
    test.pass(4);
    expect(told(test, 'judged')).toMatchObject([{ back: { script: 'hen', handler } }]);
    expect(stateOf(test, hen)?.n).toBeGreaterThan(20);
  });

  it('and a durable call is made by the build that stays, whatever way the programs came', () => {
    const methods = `methods: { add: { allow: 'view', durable: true, handle(self) { return ++self.state.n; } } },`;
    const old = `${body} state: { n: 0 }, ${methods}`;
    const test = start({ hen: old });
    test.pass(0.5);
    swap(test, { hen: `version: 2, ${body} state: { n: 0 }, ${methods} migrate: () => ({ state: { n: 100 } }),` });
    test.items(call(1, hen, 'add'));
    test.pass(1);
    swap(test, { hen: old });
    test.pass(5);
    expect(outcomes(test)).toEqual([{ call: 1, ok: true, result: 1, durable: true }]);
    expect(stateOf(test, hen)?.n).toBe(1);
  });

  it('also when stopped ticks name nobody again and again, and says which build it was', () => {
    const old = `${body} state: { n: 0 }, on: { tick(self) { self.state.n++; } },`;
    let faults = 0;
    const test = start(
      { hen: old },
      {
        createSandbox: (options) => {
          const real = createSandbox(options);
          const tick: typeof real.tick = (...input) =>
            faults-- > 0
              ? { kind: 'fault', fault: { kind: 'timeout', message: 'too long' }, cpuMs: 1 }
              : real.tick(...input);
          return { ...real, tick };
        },
      },
    );
    test.pass(0.5);
    swap(test, { hen: `${old} look: { label: 'x' },` });
    faults = 1;
    test.pass(1);
    expect(told(test, 'judged')).toEqual([]);
    faults = 2;
    test.pass(0.5);
    expect(told(test, 'judged')).toMatchObject([{ back: { script: 'hen', what: 'stopped', file: 'scripts/hen.ts' } }]);
  });
});
