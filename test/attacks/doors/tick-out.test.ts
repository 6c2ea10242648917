/**
 * What an isolate gives back is a claim: one that was taken over says anything. Real outcomes of real ticks are changed at
 * random; the zone throws nothing, and whatever it tells its node after that is what a node lets its worker say.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CreateSandbox, Entered, LoadOut, TickOut } from '../../../core/contract/driver.ts';
import type { IdBlock, InboxItem, ObjectRow, ToNode } from '../../../core/contract/link.ts';
import { encodeFrame } from '../../../core/link/pipe.ts';
import { Claims } from '../../../core/node/claims.ts';
import { readMessage } from '../../../core/node/link-schema.ts';
import { createSandbox } from '../../../core/script/sandbox.ts';
import { mutation, runs } from '../../support/fuzz.ts';
import { programOf, script } from '../../support/isolate.ts';
import { emptySaved, row, startZone, type TestZone } from '../../zone/support.ts';

const busy = script(
  `body: { shape: 'circle', radius: 0.3 }, look: { shape: 'circle', label: 'Hen' },
   state: { n: 0, bag: { list: [1, { a: 'x' }] } }, own: { mine: 1 }, secret: { s: 0 },
   on: {
     create(self) { self.every(0.1, 'cluck', { a: [1] }); self.create('egg'); },
     tick(self, { world }) {
       self.state.n++; self.state.bag.list.push(self.state.n); self.secret.s++; self.own.mine++;
       self.velocity(1, 0.5); if (self.state.n % 3 === 1) self.say('Hello ' + self.state.n); self.effect('puff', { a: 1 }); world.emit('bell', [1, 2]);
       self.name = 'Hen ' + self.state.n; self.words.add('w' + (self.state.n % 5)); self.look = { shape: 'box', label: 'x' };
       self.send(self, 'hi', { n: self.state.n }); self.log('a line');
       for (const who of world.players()) { self.tell(who, 'psst'); self.ask(who, 'q', 'Well?', ['yes', 'no']); self.memory(who).seen = true; if (self.state.n === 8) world.goto(who, 'test/hall', 'gate'); }
       self.push(0, 1);
       if (self.state.n % 4 === 1) world.spawn('egg', { at: self, life: 0.1, state: {} }); else if (self.state.n % 4 === 2) self.drop('egg');
       self.walkTo({ x: 20, y: 20 }, 1);
     },
     activate: () => 'Cluck.',
   },
   timers: { cluck(self) { self.face; self.teleport(6, 6); self.body.solid = false; } },
   messages: { hi(self) { self.cooldown('x', 1); if (self.state.n === 3) throw new Error('on purpose'); } },
   answers: { q() {} },
   methods: { feed: { allow: 'view', params: { n: 'number' }, durable: true, handle(self, { by, params, world }) { if (params.n === 2) throw new Error('not two'); by.give('egg', 1); world.goto(by, 'test/hall', 'gate'); return { fed: params.n }; } } },`,
);
const files = { 'scripts/hen.ts': busy, 'scripts/egg.ts': script(''), 'scripts/farmer.ts': script('') };
const programs = Object.keys(files).map((path) => programOf(files, path));
const hen = '0001000000000001';
const farmer = '0001000000000002';
const owner = 'guest:00000000000000aa';
const objects: readonly ObjectRow[] = [
  row(hen, { kind: 'hen', x: 10, y: 10 }),
  row(farmer, { kind: 'farmer', owner, x: 12, y: 10 }),
];
const saved = { ...emptySaved, objects };
/** A guest who was in a zone that starts is not there any more; in one that comes back it is. */
const reason = 'recover';
const block: IdBlock = { first: '0001000000001000', count: 1024 };

/** What the real isolate of such a zone said, in order. */
type Said = { readonly load: LoadOut; readonly ticks: readonly TickOut[] };

function listen(): Said {
  const loads: LoadOut[] = [];
  const ticks: TickOut[] = [];
  const listening: CreateSandbox = (options) => {
    const real = createSandbox({ ...options, loadLimitMs: 20_000, tickLimitMs: 20_000 });
    const keep = <T extends LoadOut | TickOut>(list: T[], entered: Entered<T>) => {
      if (entered.kind === 'ok') list.push(structuredClone(entered.out));
      return entered;
    };
    return {
      ...real,
      load: (input) => keep(loads, real.load(input)),
      tick: (input, limitMs) => keep(ticks, real.tick(input, limitMs)),
    };
  };
  const zone = startZone({ createSandbox: listening, programs, saved, reason });
  play(zone);
  zone.zone.dispose();
  expectBelieved(zone.sent);
  return { load: loads[0] as LoadOut, ticks };
}

function play(zone: TestZone): void {
  zone.items(input, call);
  zone.pass(0.2);
  zone.items({ ...call, call: 2, params: { n: 2 } }, input);
  zone.pass(0.4);
  zone.saved();
}

/** An isolate that says the same again, save that all but its first tick is changed. */
function lying({ load, ticks }: Said, change: (value: unknown) => unknown): CreateSandbox {
  return () => {
    let at = 0;
    return {
      boot: () => true,
      load: () => ({ kind: 'ok', out: structuredClone(load), cpuMs: 0 }),
      tick() {
        const out = ticks[Math.min(at, ticks.length - 1)];
        // As it would come: text that is read again.
        const said = at++ === 0 ? out : JSON.parse(JSON.stringify(change(out)) ?? 'null');
        return { kind: 'ok', out: structuredClone(said), cpuMs: 0 };
      },
      mind: () => ({ kind: 'ok', out: '', cpuMs: 0 }),
      heap: () => 0,
      dispose() {},
    };
  };
}

/** A node that has given the zone what it has: anything it would not believe is a fault. */
function expectBelieved(sent: readonly ToNode[]): void {
  const claims = new Claims({ objects, blocks: [block], objectsMost: 5_000 });
  claims.admit(owner, farmer);
  for (const message of sent) {
    const frame = encodeFrame(message);
    expect(frame).not.toBeNull();
    const read = readMessage(JSON.parse(JSON.stringify(message)));
    if ('fault' in read) expect(`${message.type} ${read.fault}`).toBe('believed');
    if ('message' in read && read.message.type === 'frame') expect(claims.apply(read.message)).toBeNull();
  }
}

const call: Extract<InboxItem, { type: 'call' }> = {
  type: 'call',
  call: 1,
  owner,
  character: farmer,
  object: hen,
  method: 'feed',
  params: { n: 1 },
  durable: true,
};
const input: InboxItem = { type: 'input', owner, character: farmer, seq: 1, input: { x: 1, y: 0 } };

it('whatever an isolate gives back, the zone lives and says nothing its node would not believe', () => {
  const said = listen();
  expect(said.ticks.length).toBeGreaterThan(8);
  fc.assert(
    fc.property(mutation, (change) => {
      const zone = startZone({ createSandbox: lying(said, change), programs, saved, reason });
      play(zone);
      zone.zone.dispose();
      expectBelieved(zone.sent);
    }),
    runs(200),
  );
});

/** Where a value lies in what was said: positions in lists do not count, verbs do. */
function eachField(value: unknown, path: string, change: (path: string, value: unknown) => unknown): unknown {
  const changed = change(path, value);
  if (changed !== value || typeof value !== 'object' || value === null) return changed;
  if (Array.isArray(value)) return value.map((one) => eachField(one, `${path}/${one?.verb ?? ''}`, change));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, eachField(one, `${path}.${key}`, change)]));
}

const everyVerb = [
  ...[
    'ask',
    'destroy',
    'effect',
    'emit',
    'goto',
    'hold',
    'log',
    'place',
    'push',
    'say',
    'send',
    'set',
    'spawn',
    'tell',
  ],
  ...['velocity', 'walk'],
];

it('an object that is neither number nor text is survived in every field of what an isolate gives back', () => {
  const said = listen();
  const paths = new Set<string>();
  const note = (path: string, value: unknown) => {
    paths.add(path);
    return value;
  };
  for (const out of said.ticks) eachField(out, '', note);
  const verbs = new Set(said.ticks.flatMap(({ intents }) => intents.map(({ verb }) => verb)));
  expect([...verbs].sort()).toEqual(everyVerb);
  for (const path of paths) {
    const change = (out: unknown) =>
      eachField(out, '', (at, value) => (at === path ? { toString: false, valueOf: 0 } : value));
    const zone = startZone({ createSandbox: lying(said, change), programs, saved, reason });
    expect(() => play(zone), path).not.toThrow();
    zone.zone.dispose();
    expectBelieved(zone.sent);
  }
});
