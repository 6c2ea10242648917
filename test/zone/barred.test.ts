/** Players are no off-switch: what a call stops is stopped for the caller. */
import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../core/contract/link.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { handlerWord, shareWords } from '../../core/zone/blame.ts';
import { programOf, script } from '../support/isolate.ts';
import { emptySaved, mirror, row, startZone, type TestZone } from './support.ts';

const hen = '0001000000000020';
const owners = [1, 2, 3].map((n) => `guest:000000000000000${n}`);
const players = owners.map((owner, n) => row(`000100000000001${n}`, { kind: 'farmer', owner, x: 5 + n * 2 }));
const body = "body: { shape: 'circle', radius: 0.3 },";

const henText = (more = '') => `${body} ${more} state: { n: 0 }, on: { tick(self) { self.state.n++; } }, methods: {
  work: { allow: 'view', params: { n: 'number' }, handle(_self, { params }) { for (let i = 0; i < params.n; i++); return 'done'; } },
},`;

function compile(text: string) {
  const files = { 'scripts/farmer.ts': script(body), 'scripts/hen.ts': script(text) };
  return Object.keys(files).map((path) => programOf(files, path));
}

function start(): TestZone {
  const saved = { ...emptySaved, objects: [...players, row(hen, { kind: 'hen', x: 12 })] };
  const options = { createSandbox, reason: 'recover', words: shareWords(handlerWord), tickLimitMs: 150 } as const;
  return startZone({ ...options, programs: compile(henText()), saved });
}

const work = (test: TestZone, call: number, player: number, n: number) => {
  const [owner, character] = [owners[player] ?? '', players[player]?.id ?? ''];
  test.items({ type: 'call', call, owner, character, object: hen, method: 'work', params: { n }, durable: false });
};
const outcomes = (test: TestZone): readonly CallOutcome[] => test.frames().flatMap((frame) => frame.outcomes);
const count = (test: TestZone) => Number(mirror(test.frames()).get(hen)?.state.n);
const told = (test: TestZone) => test.sent.filter(({ type }) => type === 'convicted' || type === 'judged');

describe('a call that stops a tick', () => {
  it('H-4 fails, and the script does not run for its caller for a while; it goes on for everybody else', () => {
    const test = start();
    test.pass(0.5);
    work(test, 1, 0, 1e12);
    work(test, 2, 1, 10);
    test.pass(0.3);
    expect(outcomes(test)).toMatchObject([
      { call: 1, ok: false, code: 'object.failed' },
      { call: 2, ok: true, result: 'done' },
    ]);
    const before = count(test);
    work(test, 3, 0, 10);
    work(test, 4, 1, 10);
    test.pass(1);
    expect(outcomes(test).slice(2)).toMatchObject([
      { call: 3, ok: false, code: 'object.suspended' },
      { call: 4, ok: true },
    ]);
    expect(count(test)).toBeGreaterThan(before + 15);
    test.pass(10);
    work(test, 5, 0, 10);
    test.pass(0.2);
    expect(outcomes(test).at(-1)).toMatchObject({ call: 5, ok: true });
    expect(told(test)).toEqual([]);
  });

  it('H-4 convicts the script when three players have done it', () => {
    const test = start();
    test.pass(0.5);
    for (const n of [0, 1, 2]) {
      work(test, n + 1, n, 1e12);
      test.pass(0.3);
    }
    expect(told(test)).toMatchObject([{ type: 'convicted', report: { script: 'hen', handler: 'methods.work' } }]);
  });

  it('H-4 takes no new build back, until three players have done it', () => {
    const test = start();
    test.pass(0.5);
    test.accept({ type: 'programs', programs: compile(henText('every: 0.05,')), way: 'new' });
    for (const n of [0, 1]) {
      work(test, n + 1, n, 1e12);
      test.pass(0.3);
    }
    expect(told(test)).toEqual([]);
    work(test, 3, 2, 1e12);
    test.pass(0.3);
    expect(told(test)).toMatchObject([{ type: 'judged', back: { script: 'hen', handler: 'methods.work' } }]);
  });
});
