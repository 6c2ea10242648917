/**
 * The corpus of attacks (`corpus/*.ts`), each run in a real sandbox beside a good object. Whatever it does, it ends as its
 * row says, nothing of the host was within reach, nobody else is blamed, and the world goes on.
 */
import { describe, expect, it } from 'vitest';
import type { ScriptReport } from '../../core/contract/link.ts';
import { readMessage } from '../../core/node/link-schema.ts';
import { toKinds } from '../../core/zone/kinds.ts';
import { type Isolate, programOf, startIsolate } from '../support/isolate.ts';
import { type Attack, lootFile } from './attack.ts';
import { hostCanary } from './canary.ts';
import { corpus } from './corpus.ts';

/** What stands beside an attack. The sum is of builtins: were one of them replaced, it would be another. */
const world = {
  'scripts/lib/loot.ts': lootFile,
  neighbour: `import { defineObject } from 'roost';
export default defineObject({
  state: { n: 0, sum: '' },
  on: {
    tick(self) {
      self.state.n++;
      self.state.sum = [3, 1, 2].sort().map((x) => x * 2).join() + JSON.stringify({ a: [1] }) + Math.max(1, 2) + 'abc'.replace('b', 'x') + new Map([[1, 2]]).get(1) + [...new Set('aab')].length + String(Object.keys({ k: 1 }));
      self.say('fine');
    },
  },
});`,
  asked:
    "import { defineObject } from 'roost';\nexport default defineObject({ body: { shape: 'circle', radius: 1 }, before: { push(self, { world }) { try { world.state.bag.evil = () => 1; } catch {} } } });",
  'asks-back':
    "import { defineObject } from 'roost';\nexport default defineObject({ body: { shape: 'circle', radius: 1 }, before: { push(self, { by }) { return by.push(1, 0) && by.push(1, 0); } } });",
  pebble: "import { defineObject } from 'roost';\nexport default defineObject({});",
  farmer: "import { defineObject } from 'roost';\nexport default defineObject({});",
  'zones/yard': "import { defineZone } from 'roost';\nexport default defineZone({ state: { bag: { a: 1 } } });",
};
const sum = '2,4,6{"a":[1]}2axc22k';
const objects = [
  { kind: 'attacker' },
  { kind: 'neighbour' },
  { kind: 'asked', x: 20 },
  { kind: 'asks-back', x: 22 },
  { kind: 'farmer', owner: 'guest:1', x: 12 },
];
const path = 'scripts/attacker.ts';

/** A world with the attack in it. A tick that hangs is stopped after a moment, and none that does not is near that. */
function open({ file, ends }: Attack, resting?: string): Isolate {
  return startIsolate({
    scripts: { ...world, attacker: file },
    objects,
    limits: { tickLimitMs: ends.kind === 'stopped' ? 150 : patienceMs, loadLimitMs: patienceMs },
    blame: new Int32Array(new SharedArrayBuffer(32)),
    ...(resting === undefined ? {} : { resting: { attacker: resting } }),
  });
}

/** The good object has ticked so often and is what it was to be. */
function expectWorld(isolate: Isolate, ticks: number): void {
  expect(isolate.state(2)).toEqual({ n: ticks, sum });
  expect(isolate.said()).toContain('fine');
}

/** Far more than any of them needs, also where the machine does much else. */
const patienceMs = 50_000;

/** Nothing is told of anybody but the attacker, in no file but its own. */
function expectBlame(reports: readonly ScriptReport[]): void {
  for (const report of reports)
    expect(report).toMatchObject({
      script: 'attacker',
      file: expect.stringMatching(/^scripts\/(attacker|lib\/loot)\.ts$/),
    });
}

/** What a worker says of the load is what its node lets it say: anything else would end the worker. */
function expectSpeech({ load }: Isolate): void {
  const loaded = {
    type: 'loaded',
    zone: 'test/yard',
    epoch: 1,
    tick: 0,
    objects: 1,
    kinds: toKinds(load.kinds),
    handlers: load.handlers,
  };
  expect(readMessage(loaded)).not.toHaveProperty('fault');
}

function attack(attack: Attack): void {
  const { file, ends } = attack;
  if (ends.kind === 'unread') {
    expect(() => programOf({ [path]: file, 'scripts/lib/loot.ts': lootFile }, path)).toThrow(ends.says);
    return;
  }
  if (ends.kind === 'deadly') return;
  using isolate = open(attack);
  if (ends.kind === 'stopped') {
    expect(isolate.load.reports).toEqual([]);
    expect(isolate.enter()).toMatchObject({ kind: 'fault', fault: { kind: 'timeout' } });
    using rest = open(attack, 'It was stopped.');
    rest.ticks(3);
    return expectWorld(rest, 3);
  }
  expectBlame(isolate.load.reports);
  expectSpeech(isolate);
  isolate.ticks(3);
  expectWorld(isolate, 3);
  expectBlame(isolate.reports);
  if (ends.kind === 'left') {
    expect(isolate.load.reports.map(({ message }) => message)).toEqual([expect.stringContaining(ends.says)]);
    return;
  }
  expect(isolate.load.reports).toEqual([]);
  if (ends.kind === 'undone') {
    expect(isolate.reports[0]).toMatchObject({ what: 'throw', handler: 'tick' });
    expect(isolate.reports[0]?.message).toContain(ends.says);
    return;
  }
  expect(isolate.reports.filter(({ what }) => what === 'throw')).toEqual([]);
  expect(isolate.state(1).found).toBe(ends.finds);
}

describe.each(Object.entries(corpus))('attacks: %s', (_, attacks) => {
  const rows = attacks.filter(({ ends }) => ends.kind !== 'deadly');
  it.each(rows.map((row) => [`${row.name} (${row.source})`, row] as const))('%s', (_, row) => {
    using _canary = hostCanary();
    attack(row);
  });
});
