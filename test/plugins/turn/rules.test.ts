/** The rule book by itself, with a clock by hand: what a front door could not wait for, and thousands of interleavings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Relay } from '../../../plugins/turn/_relay.ts';
import type { Answered, From, Limits, Note, Outcome, Player, Started, Watcher } from '../../../plugins/turn/_rules.ts';

const usual: Limits = {
  ...{ waiting: 200, matches: 100, waitingPerAddress: 4, matchesPerAddress: 8 },
  ...{ silentS: 25, exchangeS: 30 },
};
const here: From = { address: '127.0.0.1', free: true, watcher: null };
const at = (address: string): From => ({ address, free: false, watcher: null });

function createTable(limits: Partial<Limits> = {}) {
  let keys = 0;
  const told: { readonly watcher: Watcher; readonly note: Note }[] = [];
  const relay = new Relay({
    limits: () => ({ ...usual, ...limits }),
    newKey: () => `k${keys++}`,
    tell: (watcher, note) => told.push({ watcher, note }),
  });
  let nowS = 1_000;
  return {
    relay,
    told,
    pass: (seconds: number) => {
      nowS += seconds;
    },
    get now() {
      return nowS;
    },
    register(name: string, wants: string | null = null, from = here, patient = false): string {
      const outcome = relay.register({ name, wants, patient, once: null }, from, nowS);
      if (outcome.kind !== 'registered') throw new Error(outcome.kind === 'refused' ? outcome.why : outcome.kind);
      return outcome.key;
    },
    pair: (key: string) => word(relay.pair(key, here, nowS)),
    load: (key: string) => word(relay.load(key, here, nowS)),
    ready: (key: string) => relay.ready(key, here, nowS),
    send: (key: string, counter: number, text?: string, read?: number) =>
      relay.update(key, { counter, text, read }, here, nowS),
    /** Two players in a match, by the keys of their seats. */
    match(one = 'Ann', two = 'Bob'): readonly [string, string] {
      const [a, b] = [this.register(one), this.register(two)];
      this.pair(a);
      for (const key of [a, b]) {
        this.load(key);
        this.ready(key);
      }
      return [startOf(this.ready(b)), startOf(this.ready(a))];
    },
  };
}

/** @param asked  Who has asked for a partner and was told to wait. */
function carryOut(table: Table, what: string, key: string | undefined, asked: Set<string>): void {
  if (key === undefined) return;
  if (what === 'silence') table.pass(10);
  else if (what === 'unregister') table.relay.unregister(key, table.now);
  else if (what === 'load') table.load(key);
  else if (what === 'ready') table.ready(key);
  else if (table.pair(key) === 'waiting') asked.add(key);
  const states = new Map(table.relay.players().map((player) => [player.key, player.state]));
  // Who lost his partner has to ask anew.
  for (const one of [...asked]) if (states.get(one) !== 'waiting') asked.delete(one);
}

/** What is not as it has to be. */
function faultsOf(players: readonly Player[], asked: ReadonlySet<string>): readonly string[] {
  const byKey = new Map(players.map((player) => [player.key, player]));
  const paired = players.filter(({ state }) => ['paired', 'loading', 'ready', 'playing'].includes(state));
  const wrong = paired.filter((player) => {
    const partner = byKey.get(player.partner ?? '');
    if (!partner || partner === player || partner.partner !== player.key || partner.role === player.role) return true;
    return player.wants === null
      ? partner.wants !== null
      : player.wants !== partner.name || partner.wants !== player.name;
  });
  const waiting = players.filter(({ key, state }) => state === 'waiting' && asked.has(key));
  const starving = waiting.filter((one) => waiting.some((other) => one !== other && suit(one, other)));
  return [...wrong.map(({ key }) => `${key} is wrongly paired`), ...starving.map(({ key }) => `${key} starves`)];
}

function suit(one: Player, other: Player): boolean {
  if (one.wants !== null || other.wants !== null) return one.wants === other.name && other.wants === one.name;
  return !one.avoided.includes(other.name) && !other.avoided.includes(one.name);
}

function startOf(outcome: Outcome): string {
  if (outcome.kind !== 'started') throw new Error(JSON.stringify(outcome));
  return outcome.key;
}

function word(outcome: Outcome): string {
  if (outcome.kind === 'refused') return outcome.why;
  if (outcome.kind === 'paired') return `${outcome.role} ${outcome.partner}`;
  if (outcome.kind === 'loading') return `loading ${outcome.role}`;
  return outcome.kind;
}

function textsOf(outcome: Outcome): readonly string[] {
  if (outcome.kind !== 'answer') throw new Error(JSON.stringify(outcome));
  return [...outcome.fresh, ...outcome.later, ...outcome.news].map(({ text }) => text);
}

describe('pairing', () => {
  it('pairs in order of arrival, and a place that came free hides nobody', () => {
    const table = createTable();
    const [first, second, third] = [table.register('Ann'), table.register('Bob', 'Zoe'), table.register('Cid')];
    table.relay.unregister(first, table.now);
    expect(table.pair(second)).toBe('waiting');
    expect(table.pair(third)).toBe('waiting');
    const fourth = table.register('Dan');
    expect(table.pair(fourth)).toBe('server Cid');
    expect(table.pair(third)).toBe('client Dan');
  });

  it('pairs who name each other, and nobody else with them', () => {
    const table = createTable();
    const [bob, eve] = [table.register('Bob', 'Ann'), table.register('Eve')];
    expect(table.pair(eve)).toBe('waiting');
    expect(table.pair(bob)).toBe('waiting');
    const mallory = table.register('Ann');
    expect(table.pair(mallory)).toBe('server Eve');
    const ann = table.register('Ann', 'Bob');
    expect(table.pair(ann)).toBe('server Bob');
    expect(table.pair(bob)).toBe('client Ann');
  });

  it('sends a random player back to his place in the queue, and a named one away, when the partner falls silent', () => {
    const table = createTable();
    const [ann, bob] = [table.register('Ann'), table.register('Bob')];
    const [cat, dog] = [table.register('Cat', 'Dog'), table.register('Dog', 'Cat')];
    table.pair(ann);
    table.pair(cat);
    table.pass(20);
    table.load(ann);
    table.load(cat);
    table.pass(6);
    expect([table.pair(bob), table.pair(dog)]).toEqual(['not-registered', 'not-registered']);
    expect([table.load(ann), table.load(cat)]).toEqual(['partner-gone', 'named-gone']);
    expect(table.load(cat)).toBe('named-gone');
    const [again, other] = [table.register('Bob'), table.register('Eve')];
    expect([table.pair(ann), table.pair(again)]).toEqual(['server Eve', 'waiting']);
    expect(table.pair(other)).toBe('client Ann');
  });

  it('goes through the handshake once, however often each step is asked for', () => {
    const table = createTable();
    const [ann, bob] = [table.register('Ann'), table.register('Bob')];
    const twice = (step: (key: string) => string, key: string) => [step(key), step(key)];
    expect(twice(table.load, ann)).toEqual(['waiting', 'waiting']);
    expect(word(table.ready(ann))).toBe('waiting');
    expect(twice(table.pair, ann)).toEqual(['server Bob', 'server Bob']);
    expect(word(table.ready(ann))).toBe('server Bob');
    expect(twice(table.load, ann)).toEqual(['loading server', 'loading server']);
    expect([word(table.ready(ann)), word(table.ready(ann))]).toEqual(['partner-loading', 'partner-loading']);
    expect(table.load(ann)).toBe('loading server');
    expect(twice(table.pair, bob)).toEqual(['client Ann', 'client Ann']);
    expect(table.load(bob)).toBe('loading client');
    const started = table.ready(bob) as Started;
    expect(started).toMatchObject({ seat: 0, names: ['Bob', 'Ann'] });
    expect(table.ready(bob)).toEqual(started);
    expect(table.ready(ann)).toMatchObject({ kind: 'started', seat: 1, match: started.match });
    expect([table.pair(ann), table.load(ann)]).toEqual(['server Bob', 'loading server']);
  });

  it('holds the limits of the node and of an address, and gives places back', () => {
    const table = createTable({ waiting: 6, matches: 1 });
    const far = at('203.0.113.7');
    const keys = [1, 2, 3, 4].map((n) => table.register(`P${n}`, `Q${n}`, far));
    expect(() => table.register('P5', null, far)).toThrow('address-full');
    table.register('Ann');
    table.register('Bob');
    expect(() => table.register('Cid')).toThrow('full');
    table.relay.unregister(keys[0] as string, table.now);
    const [cid] = [table.register('Cid')];
    table.pass(26);
    expect(table.pair(cid)).toBe('not-registered');
    const [a] = table.match();
    const [d, e] = [table.register('Dan'), table.register('Eve')];
    table.pair(d);
    for (const key of [d, e]) table.load(key);
    table.ready(d);
    expect(word(table.ready(e))).toBe('matches-full');
    table.relay.quit(a, undefined, undefined, table.now);
    expect(word(table.ready(e))).toBe('started');
  });

  it('takes a registration once, where it can be told', () => {
    const { relay } = createTable();
    const ann = { name: 'Ann', wants: null, patient: false, once: '0123456789abcdef' };
    const first = relay.register(ann, here, 1);
    expect(relay.register(ann, here, 2)).toEqual(first);
    expect(relay.register({ ...ann, once: 'fedcba9876543210' }, here, 2)).not.toEqual(first);
    expect(relay.players()).toHaveLength(2);
  });

  it('whatever they do: pairs are pairs, names are kept to, and no two who suit are left waiting', () => {
    const names = fc.constantFrom('Ann', 'Bob', 'Cid');
    const happening = fc.oneof(
      { weight: 3, arbitrary: fc.record({ what: fc.constant('register'), name: names, wants: fc.option(names) }) },
      {
        weight: 9,
        arbitrary: fc.record({
          what: fc.constantFrom('pair', 'pair', 'load', 'ready', 'unregister', 'silence'),
          who: fc.nat(9),
        }),
      },
    );
    const property = fc.property(fc.array(happening, { maxLength: 80 }), (happenings) => {
      const table = createTable();
      const keys: string[] = [];
      const asked = new Set<string>();
      for (const one of happenings) {
        if ('name' in one) keys.push(table.register(one.name, one.wants));
        else carryOut(table, one.what, keys[one.who % Math.max(1, keys.length)], asked);
        expect(faultsOf(table.relay.players(), asked)).toEqual([]);
      }
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('gives whoever asked for it more time', () => {
    const table = createTable();
    const [slow, usualOne] = [table.register('Ann', 'Zoe', here, true), table.register('Bob', 'Zoe')];
    table.pass(170);
    expect([table.pair(slow), table.pair(usualOne)]).toEqual(['waiting', 'not-registered']);
  });
});

describe('a match', () => {
  it('is dropped when nothing was exchanged for 30 s, unless both say that they are there', () => {
    const table = createTable();
    const [a, b] = table.match();
    table.pass(29);
    table.send(a, 0, 'x');
    table.pass(2);
    expect(word(table.send(a, 1, 'y'))).toBe('no-match');
    const [c, d] = table.match();
    table.pass(29);
    for (const key of [c, d]) table.relay.keep(key, here, table.now);
    table.pass(29);
    expect(textsOf(table.send(c, 0, 'x'))).toEqual([]);
    expect(textsOf(table.send(d, 0, 'y'))).toEqual(['x']);
    expect(word(table.send(b, 0, 'z'))).toBe('no-match');
  });

  it('goes on while somebody is given texts, by whichever answer', () => {
    const table = createTable();
    const [a, b] = table.match();
    table.send(a, 0, 'x');
    for (let counter = 0; counter < 4; counter++) {
      table.pass(20);
      table.send(b, counter, `${counter}`);
      expect(textsOf(table.send(a, 0, 'x'))).toContain(`${counter}`);
    }
    table.pass(31);
    expect(word(table.send(a, 0, 'x'))).toBe('no-match');
  });

  it('tells whoever asks by the same counter that he is alone, when there is nothing to give him again', () => {
    const table = createTable();
    const [a, b] = table.match();
    expect(word(table.send(b, 0, 'x'))).toBe('answer');
    table.relay.quit(a, undefined, 'bye', table.now);
    expect(textsOf(table.send(b, 0, 'x'))).toEqual(['bye']);
    expect(textsOf(table.send(b, 0, 'x'))).toEqual(['bye']);
    const [c, d] = table.match();
    table.send(d, 0, 'x');
    table.relay.quit(c, undefined, undefined, table.now);
    expect(word(table.send(d, 0, 'x'))).toBe('alone');
  });

  it('grows what is not acknowledged up to the limit, then says so with what there was, and loses nothing', () => {
    const table = createTable();
    const [a, b] = table.match();
    table.send(a, 0, 'first');
    const block = 'x'.repeat(16_000);
    let counter = 0;
    let outcome: Outcome = { kind: 'waiting' };
    for (let sent = 0; sent < 12; sent++) {
      table.send(b, counter++, `${sent}${block}`);
      outcome = table.send(a, 0, 'first');
      if (outcome.kind === 'refused') break;
    }
    expect(outcome).toMatchObject({ kind: 'refused', why: 'cache-full' });
    const last = (outcome as { last: Answered }).last;
    expect(textsOf(last)).toHaveLength(8);
    expect(textsOf(table.send(a, 1))).toEqual([`8${block}`]);
    expect(textsOf(table.send(b, counter))).toEqual([]);
  });

  it('takes no more for somebody who reads nothing than he may keep', () => {
    const table = createTable();
    const [a] = table.match();
    let counter = 0;
    while (word(table.send(a, counter, 'x'.repeat(16_383))) === 'answer') counter += 1;
    expect(counter).toBe(8);
    expect(word(table.send(a, counter, 'x'.repeat(16_383)))).toBe('partner-full');
    expect(word(table.send(a, counter, ''))).toBe('partner-full');
    expect(word(table.send(a, counter))).toBe('answer');
  });

  it('ends with a quit that the other one hears of after all that was written', () => {
    const table = createTable();
    const [a, b] = table.match();
    table.send(a, 0, 'one');
    table.relay.quit(a, undefined, 'bye', table.now);
    expect(word(table.relay.quit(a, undefined, undefined, table.now))).toBe('quit');
    expect(word(table.send(a, 1, 'more'))).toBe('no-match');
    expect(textsOf(table.send(b, 0, 'x'))).toEqual(['one', 'bye']);
    expect(textsOf(table.send(b, 0, 'x'))).toEqual(['one', 'bye']);
    expect(word(table.send(b, 1, 'y'))).toBe('alone');
    table.pass(31);
    expect(word(table.send(b, 1, 'y'))).toBe('no-match');
  });

  it('has as many seats as it was opened with', () => {
    const table = createTable();
    const sitters = ['Ann', 'Bob', 'Cid'].map((name) => ({ name, address: null, watcher: { user: name } }));
    const [a, b, c] = (table.relay.open(sitters, 60, table.now) ?? []).map(({ key }) => key) as [
      string,
      string,
      string,
    ];
    table.send(a, 0, 'hello');
    table.send(b, 0, 'hi');
    expect(table.send(c, 0)).toMatchObject({
      fresh: [
        { n: 1, from: 0, text: 'hello' },
        { n: 2, from: 1, text: 'hi' },
      ],
    });
    table.relay.quit(a, undefined, undefined, table.now);
    expect(textsOf(table.send(b, 1, 'still there'))).toEqual([]);
    expect(textsOf(table.send(c, 1))).toEqual(['still there']);
    expect(table.told.filter(({ note }) => note.what === 'quit')).toHaveLength(2);
  });

  it('TRN-20 goes on without one of three who is silent for too long: his texts are in the way of nobody', () => {
    const table = createTable();
    const sitters = ['Ann', 'Bob', 'Cid'].map((name) => ({ name, address: null, watcher: { user: name } }));
    const opened = table.relay.open(sitters, 60, table.now) ?? [];
    const [a, b, c] = opened.map(({ key }) => key) as [string, string, string];
    const text = 'x'.repeat(16_000);
    const talk = (counter: number) => [a, b].map((key) => word(table.send(key, counter, text)));
    for (let counter = 0; counter < 4; counter++) expect(talk(counter)).toEqual(['answer', 'answer']);
    expect(talk(4)).toEqual(['partner-full', 'partner-full']);
    table.pass(50);
    table.relay.keep(b, here, table.now);
    expect(textsOf(table.send(a, 4))).toEqual([text]);
    table.pass(11);
    expect([word(table.send(a, 5, text)), word(table.send(b, 4, text)), word(table.send(c, 0))]).toEqual([
      ...['answer', 'answer', 'no-match'],
    ]);
    const heard = table.told
      .filter(({ note }) => note.what !== 'text')
      .map(({ watcher, note }) => [watcher, note.what]);
    expect(heard).toEqual([
      [{ user: 'Ann' }, 'quit'],
      [{ user: 'Bob' }, 'quit'],
      [{ user: 'Cid' }, 'over'],
    ]);
  });

  it('goes on in another build', () => {
    const table = createTable();
    const [a, b] = table.match();
    table.send(a, 0, 'before');
    const waits = table.register('Zoe');
    const next = createTable();
    next.relay.restore(JSON.parse(JSON.stringify(table.relay.save())));
    expect(textsOf(next.send(b, 0, 'after'))).toEqual(['before']);
    expect(textsOf(next.send(a, 1))).toEqual(['after']);
    expect(next.pair(waits)).toBe('waiting');
  });

  it('goes on without what the other build had from a former life', () => {
    const [table, next] = [createTable(), createTable()];
    const [a] = table.match();
    // Keys count up in both tables: this one is none of the other's.
    const stale = ['P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W'].map((name) => next.register(name)).at(-1) as string;
    next.relay.restore(table.relay.save());
    expect([next.pair(stale), word(next.send(a, 0, 'x'))]).toEqual(['not-registered', 'answer']);
  });
});

describe('exactly once, in order, unchanged', () => {
  /** What may become of one request of a player, or of the player. */
  const ways = [
    'send',
    'send',
    'ask',
    'request lost',
    'answer lost',
    'sent twice',
    'late',
    'begins again',
    'new build',
  ] as const;
  const happening = fc.record({
    who: fc.constantFrom(0, 1),
    way: fc.constantFrom(...ways),
    text: fc.oneof(fc.string({ maxLength: 12, unit: 'binary' }), fc.constantFrom(',', '|', '\n', 'a,b|c/d', '')),
  });

  it.each([
    ['counters alone', false],
    ['counters and what was read', true],
  ])('by %s, whatever is lost, repeated, late or begun again: thousands of ways through', (_name, exact) => {
    const many = fc.array(happening, { minLength: 1, maxLength: 60 });
    const property = fc.property(many, (happenings) => {
      let table = createTable();
      const [one, two] = table.match().map((key) => createPlayer(key, exact)) as [Model, Model];
      for (const { who, way, text } of happenings) {
        if (way === 'new build') table = takeOver(table);
        else [one, two][who]?.act(table, way, text);
      }
      // Both ask until nothing is on its way any more.
      for (let round = 0; round < 3; round++) for (const player of [one, two]) player.act(table, 'ask', '');
      expect(two.read).toEqual(one.written);
      expect(one.read).toEqual(two.written);
    });
    fc.assert(property, { numRuns: 3_000 });
  });
});

type Table = ReturnType<typeof createTable>;
type Model = ReturnType<typeof createPlayer>;
type Asked = { readonly counter: number; readonly text: string | undefined; readonly read: number | undefined };

function takeOver(table: Table): Table {
  const next = createTable();
  next.relay.restore(JSON.parse(JSON.stringify(table.relay.save())));
  return next;
}

/**
 * A player as a client keeps it: what it writes once and reads once, over a line that loses, doubles and delays.
 * @param exact  It says what it has read. Without that it has to read every answer that it has not given up on.
 */
function createPlayer(key: string, exact: boolean) {
  const written: string[] = [];
  const read: string[] = [];
  let counter = 0;
  /** The request that was not answered yet; on disk, as it were: a client that begins again has it. */
  let open: Asked | null = null;
  let lastRead = 0;
  /** What the last answer held, and to which counter. */
  let seen = { counter: -1, texts: 0 };
  /** One that arrives when nobody waits for its answer any more. */
  let late: Asked | null = null;

  const send = (table: Table, asked: Asked) => table.send(key, asked.counter, asked.text, asked.read);

  function take(outcome: Outcome): void {
    if (outcome.kind !== 'answer') throw new Error(JSON.stringify(outcome));
    const texts = [...outcome.fresh, ...outcome.later, ...outcome.news];
    if (outcome.counter !== seen.counter) seen = { counter: outcome.counter, texts: 0 };
    // Without numbers an answer to the same counter is the former one, and longer.
    const news = exact ? texts.filter(({ n }) => n > lastRead) : texts.slice(seen.texts);
    for (const { n, text } of news) {
      expect(n).toBe(lastRead + 1);
      lastRead = n;
      read.push(text);
    }
    seen = { counter: outcome.counter, texts: texts.length };
  }

  function arriveLate(table: Table): void {
    if (late === null) return;
    const outcome = send(table, late);
    expect(['answer', 'behind']).toContain(word(outcome));
    if (!exact && outcome.kind === 'answer') take(outcome);
  }

  return {
    written,
    read,
    act(table: Table, way: string, text: string): void {
      if (way === 'late') return arriveLate(table);
      // All that it knows then is what it asked last and what it has read: it asks that again.
      if (way === 'begins again') return open === null ? undefined : take(send(table, open));
      if (open === null) {
        open = { counter, text: way === 'ask' ? undefined : text, read: exact ? lastRead : undefined };
        if (open.text !== undefined) written.push(open.text);
      }
      const request = open;
      if (way === 'request lost') return;
      const outcome = send(table, request);
      if (way === 'answer lost') return;
      take(outcome);
      if (way === 'sent twice') take(send(table, request));
      late = request;
      open = null;
      counter += 1;
    },
  };
}
