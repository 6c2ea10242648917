/** Checked by `tsc` alone: what an editor must know inside `defineObject({ … })`, and what it must refuse. */
import { babble, defineObject, defineZone, distance, list, maybe } from 'roost';
import { expect, it } from 'vitest';

const hen = defineObject({
  version: 2,
  look: { shape: 'circle', color: '#f2e6c9', label: 'Hen' },
  body: { shape: 'circle', radius: 0.3, density: 1 },
  every: 0.2,
  near: { radius: 4, kinds: ['farmer', 'fox'] },
  state: { mood: 'calm', eggs: 0, friend: maybe<string>(), bag: list<string>() },
  own: { pin: 0 },
  secret: { lastFed: 0 },
  on: {
    create(self) {
      self.every(30, 'cluck');
      self.state.friend = self.id;
      self.state.friend = null;
      self.state.bag.push('worm');
      self.state.bag = [];
      self.state.mood = 'scared';
      self.own.pin += 1;
      // @ts-expect-error a number field takes no text
      self.state.eggs = 'many';
      // @ts-expect-error a list of text takes no numbers
      self.state.bag.push(1);
      // @ts-expect-error not declared
      self.state.age = 1;
      // @ts-expect-error secret fields are not state
      self.state.lastFed = 1;
      // @ts-expect-error ids do not change
      self.id = '';
    },
    tick(self, { world }) {
      if (self.state.mood === 'calm') self.wander(0.5);
      const night: boolean = world.state.night === true;
      const status: 'there' | 'going' | 'stuck' = self.walkTo({ x: 1, y: 2 }, night ? 1 : 2);
      if (status === 'there') self.secret.lastFed = world.time;
      world.state.score = 3;
    },
    near(self, { other }) {
      if (other.kind === 'fox') self.flee(other, 4);
      // @ts-expect-error other objects are read only
      other.name = 'x';
      // @ts-expect-error other objects have no secret
      other.secret;
    },
    activate(self, { by }) {
      self.tell(by, `${self.name} looks at you.`);
      if (self.distance(by) > distance(self, by)) return { text: 'odd' };
      return 'Cluck.';
    },
    // @ts-expect-error no such event
    explode(self) {
      self.destroy();
    },
  },
  timers: {
    cluck(self, { missed }) {
      if (missed > 0) self.sayOneOf(['Cluck.', 'Bawk?']);
    },
  },
  messages: {
    bite(self, { from, data }) {
      self.drop('feathers');
      self.state.eggs -= data.damage;
      if (from) self.flee(from);
    },
  },
  answers: {
    start(self, { by, choice }) {
      const memory = self.memory<{ step: number }>(by);
      if (choice === 'Yes') memory.step = (memory.step ?? 0) + 1;
    },
  },
  before: {
    take(_self, { holder }) {
      if (!holder.isPlayer) return 'Only people carry hens.';
    },
  },
  methods: {
    feed: {
      label: 'Feed',
      allow: 'reach',
      reach: 1.5,
      params: { amount: 'number', note: 'string?' },
      durable: true,
      handle(self, { by, params, world }) {
        if (!by.take('grain')) return 'You have no grain.';
        self.state.eggs += params.amount;
        const note: string | undefined = params.note;
        self.secret.lastFed = world.time;
        self.memory(by).fed = true;
        // @ts-expect-error params are what was declared
        params.other;
        // @ts-expect-error a number is no text
        const wrong: string = params.amount;
        return (note ?? wrong) + world.babble('hello') + babble('hello');
      },
    },
    pet: {
      handle(self) {
        self.say('Purr.');
      },
    },
  },
  migrate(old, from) {
    return { ...old, state: { ...old.state, eggs: from < 2 ? 0 : (old.state.eggs ?? 0) } };
  },
});

const bare = defineObject({
  on: {
    tick(self) {
      // @ts-expect-error nothing was declared
      self.state.anything;
    },
  },
});

const meadow = defineZone({
  state: { night: false, score: [0, 0] },
  on: {
    create(world) {
      world.every(60, 'dusk');
    },
    enter(world, { who }) {
      world.emit('hello', { name: who.name });
    },
  },
  timers: {
    dusk(world, { missed }) {
      world.state.night = !world.state.night;
      // @ts-expect-error a switch takes no number
      world.state.night = missed;
    },
  },
  methods: {
    reset: {
      params: { team: 'integer' },
      handle(world, { params }) {
        world.state.score[params.team] = 0;
      },
    },
  },
});

// @ts-expect-error `allow` is one of three words
const wrong = defineObject({ methods: { open: { allow: 'everybody', handle() {} } } });

it('the helpers of roost run anywhere', () => {
  expect(hen).toMatchObject({ role: 'object', script: { version: 2, state: { friend: null, bag: [] } } });
  expect([bare.role, meadow.role, wrong.role]).toEqual(['object', 'zone', 'object']);
  expect(distance({ x: 0, y: 0 }, { x: 3, y: 4 })).toBe(5);
});

it('OBJ-17 babble keeps vowels vowels, consonants consonants, and case', () => {
  const text = 'Hello, World! Ünder 12 ÿ';
  const other = babble(text);
  const sort = (char: string) =>
    /[aeiou]/i.test(char) ? 'vowel' : /[a-z]/i.test(char) ? 'consonant' : `other ${char}`;
  const shape = (line: string) => [...line].map((char) => `${sort(char)} ${char === char.toLowerCase()}`);
  expect(other).not.toBe(text);
  expect(shape(other)).toEqual(shape(text));
  expect(babble(text)).toBe(other);
});
