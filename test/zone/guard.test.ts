import { describe, expect, it } from 'vitest';
import type { Program } from '../../core/contract/content.ts';
import type { CallOutcome, ScriptReport, ToNode } from '../../core/contract/link.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { handlerWord, shareWords } from '../../core/zone/blame.ts';
import { programOf, script } from '../support/isolate.ts';
import {
  content,
  emptySaved,
  mirror,
  nothing,
  row,
  startZone,
  type TestZone,
  type TestZoneOptions,
  tryZone,
} from './support.ts';

const farmer = '0001000000000001';
const hen = '0001000000000002';
const owner = 'guest:00112233445566aa';
const player = row(farmer, { kind: 'farmer', name: 'Fox', owner, x: 5, y: 5 });
const objects = [player, row(hen, { kind: 'hen', x: 12 }), row('0001000000000003', { kind: 'duck', x: 15 })];
const body = "body: { shape: 'circle', radius: 0.3 },";
const counting = `${body} state: { n: 0 }, on: { tick(self) { self.state.n++; } },`;
const looping = `${body} state: { n: 0 }, on: { tick(self) { self.state.n++; if (self.state.n > 3) for (;;); } },`;

/** Compiles bodies of `defineObject`, by kind. */
function compile(sources: Readonly<Record<string, string>>): readonly Program[] {
  const files = Object.fromEntries(
    Object.entries({ farmer: body, duck: counting, ...sources }).map(([kind, text]) => [
      `scripts/${kind}.ts`,
      script(text),
    ]),
  );
  return Object.keys(files).map((path) => programOf(files, path));
}

function options(sources: Readonly<Record<string, string>>, more: TestZoneOptions = {}): TestZoneOptions {
  return {
    ...{ createSandbox, programs: compile(sources), saved: { ...emptySaved, objects }, reason: 'recover' },
    ...{ words: shareWords(handlerWord), tickLimitMs: 150 },
    ...more,
  };
}

const start = (sources: Readonly<Record<string, string>>, more: TestZoneOptions = {}) =>
  startZone(options(sources, more));
const told = <T extends ToNode['type']>(test: TestZone, type: T) =>
  test.sent.filter((message): message is Extract<ToNode, { type: T }> => message.type === type);
const call = (n: number, object: string, method: string, durable = false) =>
  ({ type: 'call', call: n, owner, character: farmer, object, method, params: {}, durable }) as const;
const outcomes = (test: TestZone): readonly CallOutcome[] => test.frames().flatMap((frame) => frame.outcomes);
const stateOf = (test: TestZone, id: string) => mirror(test.frames()).get(id)?.state;
const duck = '0001000000000003';

describe('a tick that is stopped', () => {
  it('OBJ-13 convicts the handler that used the CPU: its script rests, the others go on as if nothing was', () => {
    const test = start({ hen: looping });
    test.pass(2);
    const [only, ...more] = told(test, 'convicted');
    expect(more).toEqual([]);
    expect(only?.report).toMatchObject({
      ...{ object: hen, kind: 'hen', script: 'hen', handler: 'tick', what: 'stopped' },
      ...{ file: 'scripts/hen.ts', line: 4, build: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
    // What the stopped tick did is undone, and the state stays.
    expect(stateOf(test, hen)?.n).toBe(3);
    expect(mirror(test.frames()).get(hen)).toMatchObject({ words: ['suspended'], body: { shape: 'circle' } });
    expect(stateOf(test, duck)?.n).toBeGreaterThan(30);
  });

  it('answers calls to what rests as suspended, and the others as ever', () => {
    const methods = `state: { on: false }, on: { tick(self) { while (self.state.on); } }, methods: {
      loop: { allow: 'view', handle(self) { self.state.on = true; } }, hi: { allow: 'view', handle: () => 'hi' } },`;
    const test = start({ hen: `${body} ${methods}`, duck: `${body} ${methods}` });
    test.pass(0.2);
    test.items(call(1, hen, 'loop'), call(2, duck, 'hi'));
    test.pass(0.5);
    expect(outcomes(test)).toMatchObject([
      { call: 1, ok: false, code: 'object.suspended' },
      { call: 2, ok: true, result: 'hi' },
    ]);
    test.items(call(3, hen, 'hi'));
    test.pass(0.2);
    expect(outcomes(test).at(-1)).toMatchObject({ call: 3, ok: false, code: 'object.suspended' });
  });

  it('for memory convicts at once: objects that hold each other', () => {
    const code = 'let last = null; for (;;) last = { last, list: [1, 2, 3] };';
    const eating = `${body} on: { tick(self) { if (self.x > 11.9) { ${code} } } },`;
    const test = start({ hen: eating }, { tickLimitMs: 5_000 });
    test.pass(1);
    expect(told(test, 'convicted')[0]?.report).toMatchObject({ script: 'hen', handler: 'tick', object: hen });
    expect(stateOf(test, duck)?.n).toBeGreaterThan(5);
  });

  it('by a new build of the file goes on', () => {
    const test = start({ hen: looping });
    test.pass(1);
    test.accept({ type: 'programs', programs: compile({ hen: counting }), way: 'new' });
    test.pass(1);
    expect(stateOf(test, hen)?.n).toBeGreaterThan(15);
    expect(mirror(test.frames()).get(hen)?.words).toEqual([]);
  });

  it('that nobody can be blamed for is run again, and pauses all scripts when it goes on', () => {
    const test = start({ hen: looping }, { words: new Int32Array(0) });
    test.pass(5);
    expect(told(test, 'convicted')).toEqual([]);
    test.items(call(1, duck, 'any'));
    test.pass(0.5);
    expect(outcomes(test)).toMatchObject([{ call: 1, ok: false, code: 'object.suspended' }]);
  });

  it.each([
    ['a second time within a minute convicts, though the handler used little', 30, 30, 1],
    ['again after more than a minute does not', 70, 30, 0],
    ['while the machine stalled and nobody used anything never does', 30, 10, 0],
  ])('%s', (_name, seconds, cpuMs, convictions) => {
    expect(stopTwice(seconds, cpuMs, {})).toHaveLength(convictions);
  });

  it('is laid to the kind that used most of it, not to the one that it ended with', () => {
    const said = { slot: 0, handler: 0, mostSlot: 1, mostHandler: 1, mostMs: 60, others: 65 };
    expect(stopTwice(30, 90, said)).toMatchObject([{ report: { script: 'hog', handler: 'tick', object: duck } }]);
    expect(stopTwice(30, 90, { ...said, mostMs: 20, others: 25 })).toMatchObject([{ report: { script: 'crate' } }]);
  });

  /** Whom two ticks convict that are stopped after so much CPU, and of which the words say this. */
  function stopTwice(seconds: number, cpuMs: number, said: Partial<Record<keyof typeof handlerWord, number>>) {
    const words = shareWords(handlerWord);
    const build = '00000000000a';
    const programs = ['crate', 'hog'].map(
      (name): Program => ({
        name,
        role: 'object',
        path: `scripts/${name}.ts`,
        build,
        code: '',
        files: [],
        handlers: [],
      }),
    );
    const handlers = programs.map(({ name }) => ({ script: name, build, handler: 'tick' }));
    const stops = [1_000_001, 1_000_001 + seconds];
    const test = startZone({
      ...{ programs, words, saved: { ...emptySaved, objects: [row(hen), row(duck, { kind: 'hog' })] } },
      createSandbox: () => ({
        boot: () => true,
        load: () => ({ kind: 'ok', out: { kinds: [], reports: [], migrated: [], scripts: [], handlers }, cpuMs: 0 }),
        tick({ time }) {
          if (time < (stops[0] ?? Number.POSITIVE_INFINITY))
            return { kind: 'ok', out: { ...nothing, restless: true }, cpuMs: 1 };
          stops.shift();
          words.fill(0);
          for (const [word, value] of Object.entries(said))
            words[handlerWord[word as keyof typeof handlerWord]] = value;
          return { kind: 'fault', fault: { kind: 'timeout', message: 'too long' }, cpuMs };
        },
        mind: () => ({ kind: 'ok', out: '', cpuMs: 0 }),
        heap: () => 0,
        dispose() {},
      }),
    });
    test.pass(100);
    expect(stops).toEqual([]);
    return told(test, 'convicted');
  }

  it('while scripts are loaded leaves out the one whose file never ends, and names it', () => {
    const files = { 'scripts/hen.ts': script(counting, 'for (;;);'), 'scripts/duck.ts': script(counting) };
    const programs = Object.keys(files).map((path) => programOf(files, path));
    const test = start({}, { programs });
    test.pass(0.5);
    expect(told(test, 'convicted')[0]?.report).toMatchObject({
      script: 'hen',
      handler: 'file',
      file: 'scripts/hen.ts',
    });
    expect(stateOf(test, duck)?.n).toBeGreaterThan(5);
  });

  it('in a migration while new programs are loaded leaves the old ones, and names it', () => {
    const test = start({ hen: counting });
    test.pass(0.3);
    const next = `version: 2, ${counting} migrate() { for (;;); },`;
    test.accept({ type: 'programs', programs: compile({ hen: next }), way: 'new' });
    const [swapped] = told(test, 'swapped');
    expect(swapped).toMatchObject({
      ok: false,
      reports: [{ script: 'hen', handler: 'migrate', object: hen, what: 'load' }],
    });
    test.pass(0.5);
    expect(stateOf(test, hen)?.n).toBeGreaterThan(12);
  });
});

describe('a new build', () => {
  const swap = (test: TestZone, sources: Readonly<Record<string, string>>) => {
    const programs = compile(sources);
    test.accept({ type: 'programs', programs, way: 'new' });
    return programs;
  };

  it('that goes well for its probation is good, and is told so once', () => {
    const test = start({ hen: counting });
    test.pass(1);
    const programs = swap(test, { hen: `${counting} every: 0.1,` });
    test.pass(5);
    const build = programs.find(({ name }) => name === 'hen')?.build;
    expect(told(test, 'judged')).toMatchObject([{ back: null, builds: [{ path: 'scripts/hen.ts', build }] }]);
  });

  it('that throws is taken back between two ticks: what was written stays, the timers are the same', () => {
    const timed = `timers: { cluck(self) { self.state.clucks++; } },`;
    const on = 'on: { create(self) { self.every(1, "cluck"); }, tick(self) { self.state.n++; } },';
    const good = `${body} state: { n: 0, clucks: 0 }, ${on} ${timed}`;
    const test = start(
      { hen: good },
      { saved: { ...emptySaved, objects: [player, row(hen, { kind: 'hen', x: 12 })] } },
    );
    test.pass(3.5);
    const before = stateOf(test, hen);
    const bad = good.replace(
      'self.state.n++;',
      'self.state.n += 1000; if (self.state.n > 3000) throw new Error("ouch");',
    );
    swap(test, { hen: bad });
    test.pass(0.3);
    const [judged] = told(test, 'judged');
    expect(judged?.back).toMatchObject({ object: hen, script: 'hen', handler: 'tick', line: 4, what: 'throw' });
    expect(judged?.kinds.find(({ kind }) => kind === 'hen')?.build).toBe(
      compile({ hen: good }).find(({ name }) => name === 'hen')?.build,
    );
    test.pass(3);
    const after = stateOf(test, hen);
    expect(after?.n).toBeGreaterThan(Number(before?.n) + 2000);
    expect(Number(after?.clucks) - Number(before?.clucks)).toBe(3);
    expect(test.saved().timers).toHaveLength(1);
  });

  it('that loops is taken back, and nobody is convicted', () => {
    const test = start({ hen: counting });
    test.pass(1);
    swap(test, { hen: looping });
    test.pass(1);
    expect(told(test, 'convicted')).toEqual([]);
    expect(told(test, 'judged')[0]?.back).toMatchObject({ script: 'hen', handler: 'tick', what: 'stopped' });
    expect(stateOf(test, hen)?.n).toBeGreaterThan(30);
  });

  it('proves nothing while its zone sleeps', () => {
    const test = start({ hen: counting });
    test.pass(1);
    swap(test, { hen: `${counting} every: 0.1,` });
    test.pass(1);
    test.accept({ type: 'sleep' });
    test.pass(60);
    test.accept({ type: 'wake' });
    test.pass(1.5);
    expect(told(test, 'judged')).toEqual([]);
    test.pass(1);
    expect(told(test, 'judged')).toMatchObject([{ back: null }]);
  });

  it('that throws for a player is taken back when it does for three', () => {
    const owners = [1, 2, 3].map((n) => `guest:000000000000000${n}`);
    const players = owners.map((each, n) => row(`000100000000001${n}`, { kind: 'farmer', owner: each, x: 5 + n * 2 }));
    const methods = (code: string) => `${body} methods: { poke: { allow: 'view', handle() { ${code} } } },`;
    const saved = { ...emptySaved, objects: [...players, row(hen, { kind: 'hen', x: 12 })] };
    const test = start({ hen: methods('') }, { saved });
    test.pass(1);
    swap(test, { hen: methods('throw new Error("ouch");') });
    const poke = (n: number) =>
      test.items({ ...call(n, hen, 'poke'), owner: owners[n % 3] ?? '', character: players[n % 3]?.id ?? '' });
    for (const n of [0, 3, 6]) poke(n);
    test.pass(0.3);
    expect(told(test, 'judged')).toEqual([]);
    for (const n of [1, 2]) poke(n);
    test.pass(0.3);
    expect(told(test, 'judged')[0]?.back).toMatchObject({ handler: 'methods.poke', what: 'throw' });
  });

  it('that hangs has less time than a proven one', () => {
    const test = start({ hen: counting }, { tickLimitMs: 500 });
    test.pass(1);
    // Not in its first tick, in which all that exists is loaded.
    const hangs = `${body} state: { n: 0 }, secret: { m: 0 }, on: { tick(self) { if (++self.secret.m > 3) for (;;); } },`;
    swap(test, { hen: hangs });
    test.pass(1);
    const back = told(test, 'judged')[0]?.back as ScriptReport;
    expect(back).toMatchObject({ script: 'hen', handler: 'tick', what: 'stopped' });
    expect(back.message).toContain('125 ms');
  });

  it('leaves all their time to those that only took long: what was stopped early is run again', () => {
    const words = shareWords(handlerWord);
    const crate = (build: string): Program => ({
      ...{ name: 'crate', role: 'object', path: 'scripts/crate.ts', build, code: '', files: [], handlers: [] },
    });
    const limits: (number | undefined)[] = [];
    let stops = 1;
    const test = startZone({
      ...{ programs: [crate('00000000000a')], words, saved: { ...emptySaved, objects: [row(hen)] } },
      createSandbox: () => ({
        boot: () => true,
        load: () => ({
          kind: 'ok',
          out: { kinds: [], reports: [], migrated: [], scripts: [], handlers: [] },
          cpuMs: 0,
        }),
        tick(_input, limitMs) {
          limits.push(limitMs);
          if (limitMs === undefined || stops-- <= 0)
            return { kind: 'ok', out: { ...nothing, restless: true }, cpuMs: 1 };
          return { kind: 'fault', fault: { kind: 'timeout', message: 'Script execution timed out.' }, cpuMs: 1 };
        },
        mind: () => ({ kind: 'ok', out: '{}', cpuMs: 0 }),
        heap: () => 0,
        dispose() {},
      }),
    });
    test.pass(0.5);
    test.accept({ type: 'programs', programs: [crate('00000000000b')], way: 'new' });
    test.pass(1);
    const hurried = limits.findIndex((limitMs) => limitMs !== undefined);
    expect(hurried).toBeGreaterThan(0);
    expect(limits.slice(hurried + 1).every((limitMs) => limitMs === undefined)).toBe(true);
    expect(test.sent.filter(({ type }) => type === 'judged' || type === 'convicted')).toEqual([]);
  });

  it('that costs a hundred times as much is taken back, and its dearest handler named where it is defined', () => {
    const work = (n: number) =>
      `${body}\nstate: { n: 0 },\non: {\n  tick(self) { let x = 0; for (let i = 0; i < ${n}; i++) x += i % 7; self.state.n = x; },\n},`;
    const test = start(
      { hen: work(20_000) },
      { tickLimitMs: 500, limits: { kindPercent: 100, zonePercent: 100, objectPercent: 100 } },
    );
    test.pass(3);
    swap(test, { hen: work(6_000_000) });
    test.pass(1.5);
    const back = told(test, 'judged')[0]?.back as ScriptReport;
    expect(back).toMatchObject({ script: 'hen', handler: 'tick', what: 'slow', file: 'scripts/hen.ts', line: 7 });
    expect(back.message).toMatch(
      /^hen spends [\d.]+ ms a tick here, more than ten times the [\d.]+ ms of the build before$/,
    );
  });

  it('whose migration is not proven yet has durable calls wait until it is', () => {
    const methods = `methods: { add: { allow: 'view', durable: true, handle(self) { return ++self.state.n; } } },`;
    const old = `${body} state: { n: 0 }, ${methods}`;
    const next = (more: string) =>
      `version: 2, ${body} state: { n: 0 }, ${more} ${methods} migrate(old) { return { ...old, state: { n: 100 } }; },`;
    const good = start({ hen: old });
    good.pass(0.5);
    swap(good, { hen: next('') });
    good.items(call(1, hen, 'add'));
    good.pass(1);
    expect(outcomes(good)).toEqual([]);
    good.pass(3);
    expect(outcomes(good)).toEqual([{ call: 1, ok: true, result: 101, durable: true }]);
    expect(good.saved().objects.find(({ id }) => id === hen)?.keep).not.toHaveProperty('before');

    const bad = start({ hen: old });
    bad.pass(0.5);
    swap(bad, {
      hen: next('timers: { pop() { throw new Error("late"); } }, on: { load(self) { self.after(1, "pop"); } },'),
    });
    bad.items(call(1, hen, 'add'));
    bad.pass(2);
    expect(told(bad, 'judged')[0]?.back).toMatchObject({ handler: 'timers.pop' });
    // The former build has done it: what is answered is never taken back.
    expect(outcomes(bad)).toEqual([{ call: 1, ok: true, result: 1, durable: true }]);
    expect(bad.saved().objects.find(({ id }) => id === hen)?.state).toEqual({ n: 1 });
  });

  it('that a zone is loaded with goes back to the proven one that came along', () => {
    const former = compile({ hen: counting }).filter(({ name }) => name === 'hen');
    const test = start({ hen: `${body} state: { n: 0 }, on: { tick() { throw new Error('no'); } },` }, { former });
    test.pass(1);
    expect(told(test, 'judged')[0]?.back).toMatchObject({ script: 'hen', what: 'throw' });
    expect(stateOf(test, hen)?.n).toBeGreaterThan(10);
  });
});

describe('caution', () => {
  /** What a trial answers in the end, and that no frame after the first told anybody anything. */
  function tried(given: TestZoneOptions) {
    const sent = tryZone(given);
    expect(sent.filter(({ type }) => type === 'frame' || type === 'reports' || type === 'judged').length).toBeLessThan(
      2,
    );
    return sent.at(-1);
  }

  it('a trial runs twenty ticks on a copy and tells what went wrong', () => {
    expect(tried(options({ hen: counting }))).toEqual({
      ...{ type: 'tried', zone: 'test/yard', epoch: 3, fault: null, reports: [] },
    });
    const late = `${body} state: { n: 0 }, on: { tick(self) { if (++self.state.n === 20) throw new Error('late'); } },`;
    expect(tried(options({ hen: late }))).toMatchObject({
      ...{ type: 'tried', fault: { script: 'hen', handler: 'tick', what: 'throw', line: 4 } },
    });
  });

  it.each([
    ['loops', looping, { handler: 'tick', what: 'stopped' }],
    [
      'migrates badly',
      `version: 2, ${counting} migrate() { throw new Error('bad'); },`,
      { handler: 'migrate', what: 'load' },
    ],
    [
      'loops in its migration',
      `version: 2, ${counting} migrate() { for (;;); },`,
      { handler: 'migrate', what: 'stopped' },
    ],
  ])('a trial refuses a build that %s', (_name, source, fault) => {
    const keep = { versions: { hen: 1 } };
    const saved = { ...emptySaved, objects: [row(hen, { kind: 'hen', keep })] };
    expect(tried(options({ hen: source }, { saved }))).toMatchObject({
      type: 'tried',
      fault: { script: 'hen', ...fault },
    });
  });

  it('a trial does not blame a new build for what an old script does', () => {
    const throwing = `${body} on: { tick() { throw new Error('ever'); } },`;
    const former = compile({ hen: `${counting} every: 0.1,`, duck: throwing });
    expect(tried(options({ hen: counting, duck: throwing }, { former }))).toMatchObject({ type: 'tried', fault: null });
  });

  it('a safe zone has its objects, but nothing runs and nothing moves', () => {
    const test = start({ hen: looping }, { caution: 'safe', content: content() });
    test.pass(1);
    expect(told(test, 'convicted')).toEqual([]);
    expect(mirror(test.frames()).get(hen)).toMatchObject({ kind: 'hen', words: ['suspended'], state: { n: 0 } });
    test.items(call(1, hen, 'any'));
    test.pass(0.3);
    expect(outcomes(test)).toMatchObject([{ call: 1, ok: false }]);
  });

  it('a careful zone tells of every handler for a hundred ticks, and is an ordinary one afterwards', () => {
    const lines: number[] = [];
    const blame = { careful: (_slot: number, handler: number) => void lines.push(handler) };
    const test = start({ hen: counting }, { caution: 'careful', blame });
    test.pass(4);
    const early = lines.length;
    expect(early).toBeGreaterThan(100);
    test.pass(1.1);
    const all = lines.length;
    test.pass(5);
    expect(lines.length).toBe(all);
    expect(stateOf(test, hen)?.n).toBeGreaterThan(195);
  });
});

describe('an isolate', () => {
  it('is made anew on a schedule, as by a reload: state and timers go on, and nobody is judged', () => {
    const on =
      'on: { create(self) { self.every(1, "cluck"); }, load(self, { reason }) { self.state.loads.push(reason); } },';
    const clock = `${body} state: { clucks: 0, loads: list() }, ${on} timers: { cluck(self) { self.state.clucks++; } },`;
    const test = start({ hen: clock }, { reason: 'start', tickLimitMs: 5_000, limits: { recycleMs: 2_000 } });
    test.pass(5.9);
    const state = stateOf(test, hen);
    expect(state?.loads).toEqual(['start', 'reload', 'reload']);
    expect(state?.clucks).toBe(5);
    expect(told(test, 'judged')).toEqual([]);
    expect(test.saved().timers).toHaveLength(1);
  });
});
