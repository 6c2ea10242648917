/**
 * The board of a table: two seats, a turn clock, and the thread of words. What everybody sees is in `state`; the letters
 * are in `secret`, and each player is told his own when he asks.
 */
import { defineObject, list, maybe, type Player, type Self, type World } from 'roost';
import {
  begin,
  end,
  type Hidden,
  type Match,
  miss,
  type Open,
  play,
  type Refused,
  type Seat,
  swap,
} from './twine/match.ts';
import { think, wrenName } from './twine/wren.ts';

type Me = Self<Open, object, Hidden>;

/** Of a game that does not say. */
const usual = { turns: 7, turnSeconds: 45 };
/** Seconds that a turn has at least when the node comes back in the middle of it. */
const leastAfterRestart = 20;
/** Seconds that Wren thinks. */
const thinking = { least: 2, most: 5 };

export default defineObject({
  look: { shape: 'box', width: 2, height: 1, color: '#b98', label: 'Board' },
  every: 0.3,
  state: {
    phase: 'waiting' as Open['phase'],
    match: 0,
    seats: list<Seat | null>([null, null]),
    turn: 0,
    turns: 0,
    next: 0,
    ends: 0,
    clock: 0,
    thread: list<Open['thread'][number]>(),
    left: 0,
    note: maybe<NonNullable<Open['note']>>(),
    result: maybe<NonNullable<Open['result']>>(),
  },
  secret: {
    racks: list<string>(['', '']),
    bag: '',
    misses: list<number>([0, 0]),
    idle: 0,
    first: 0,
  },

  on: {
    load(self, { world, reason }) {
      // Nobody has to pay for the time that the node was away.
      if (reason === 'reload' || self.state.phase !== 'playing') return;
      self.state.ends = Math.max(self.state.ends, world.time + leastAfterRestart);
      setClock(self, world);
    },
    tick(self, { world }) {
      for (const seat of [0, 1]) follow(self, world, seat);
      if (self.state.phase === 'waiting') startWhenFull(self, world);
    },
  },

  timers: {
    clock(self, { world }) {
      if (self.state.phase !== 'playing') return;
      miss(matchOf(self, world));
      after(self, world);
    },
    think(self, { world }) {
      const { state, secret } = self;
      if (state.phase !== 'playing' || !state.seats[state.next]?.bot) return;
      const match = matchOf(self, world);
      const isFree = (word: string) => state.thread.every((link) => link.word !== word);
      const rack = secret.racks[state.next] ?? '';
      const word = think(state.thread.at(-1)?.word ?? '', rack, isFree, match.random);
      if (word !== null) play(match, state.next, word);
      else if (swap(match, state.next, rack.slice(0, 4)) !== null) swap(match, state.next, '');
      after(self, world);
    },
  },

  methods: {
    look: {
      label: 'Look at your letters',
      allow: 'view',
      handle: (self, { world, by }) => mine(self, seatOf(world, by)),
    },
    play: {
      label: 'Play a word',
      allow: 'view',
      durable: true,
      params: { word: 'string', turn: 'integer' },
      handle(self, { world, by, params: { word, turn } }) {
        const seat = seatOf(world, by);
        const wrong = whyNotNow(self, seat, turn);
        if (wrong) return wrong;
        const done = play(matchOf(self, world), seat, word);
        if ('no' in done) return done;
        after(self, world);
        return { ...mine(self, seat), word: done.word, knot: done.knot, score: done.score };
      },
    },
    swap: {
      label: 'Change letters',
      allow: 'view',
      durable: true,
      params: { letters: 'string', turn: 'integer' },
      handle(self, { world, by, params: { letters, turn } }) {
        const seat = seatOf(world, by);
        const wrong = whyNotNow(self, seat, turn) ?? swap(matchOf(self, world), seat, letters);
        if (wrong) return wrong;
        after(self, world);
        return mine(self, seat);
      },
    },
    resign: {
      label: 'Give up',
      allow: 'view',
      durable: true,
      handle(self, { world, by }) {
        const seat = seatOf(world, by);
        if (seat === -1) return refuse('not-seated', 'You do not sit at this table.');
        if (self.state.phase !== 'playing') return refuse('not-playing', 'No match is on.');
        end(matchOf(self, world), { winner: 1 - seat, why: 'resigned' });
        after(self, world);
        return mine(self, seat);
      },
    },
    again: {
      label: 'Play again',
      allow: 'view',
      durable: true,
      handle(self, { world, by }) {
        const seat = seatOf(world, by);
        const place = self.state.seats[seat];
        if (!place) return refuse('not-seated', 'You do not sit at this table.');
        if (self.state.phase !== 'over') return refuse('not-over', 'The match is not over.');
        place.again = true;
        startWhenFull(self, world);
        return mine(self, seat);
      },
    },
  },
});

function matchOf(self: Me, world: World): Match {
  return { open: self.state, hidden: self.secret, random: () => world.random(), time: world.time };
}

/** What only who sits there may know. */
function mine(self: Me, seat: number) {
  return { seat, match: self.state.match, turn: self.state.turn, rack: self.secret.racks[seat] ?? '' };
}

/** Seat of a character, -1 when he has none. */
function seatOf(world: World, by: Player): number {
  return world.state.places.findIndex((place) => place !== null && place.character === by.id);
}

function whyNotNow(self: Me, seat: number, turn: number): Refused | null {
  const { phase, next } = self.state;
  if (seat === -1) return refuse('not-seated', 'You do not sit at this table.');
  if (phase !== 'playing') return refuse('not-playing', 'No match is on.');
  if (next !== seat) return refuse('not-your-turn', 'It is not your turn.');
  if (turn !== self.state.turn) return refuse('turn-over', 'That turn is over.');
  return null;
}

/** Both are there, and after a match both want another one. */
function startWhenFull(self: Me, world: World): void {
  const { seats, phase } = self.state;
  const isReady = (seat: Seat | null) =>
    seat !== null && (seat.bot || (phase === 'waiting' ? !seat.away : seat.again && !seat.left));
  if (!seats.every(isReady)) return;
  const { turns, turnSeconds } = world.settings;
  begin(matchOf(self, world), { turns: Number(turns ?? usual.turns), clock: Number(turnSeconds ?? usual.turnSeconds) });
  after(self, world);
}

/** A turn, or the match, has just begun or ended. */
function after(self: Me, world: World): void {
  setClock(self, world);
  const { phase, seats, next } = self.state;
  if (phase === 'playing' && seats[next]?.bot) self.after(world.random(thinking.least, thinking.most), 'think');
}

function setClock(self: Me, world: World): void {
  if (self.state.phase === 'playing') self.after(Math.max(0.1, self.state.ends - world.time), 'clock');
  else self.cancel('clock');
}

/** The node says whose a seat is. Who gives his up in the middle of a match has lost it. */
function follow(self: Me, world: World, seat: number): void {
  const { state } = self;
  const place = world.state.places[seat];
  const known = state.seats[seat];
  if (!place) {
    if (!known || known.left) return;
    known.left = true;
    if (state.phase !== 'playing') return;
    end(matchOf(self, world), { winner: 1 - seat, why: 'left' });
    return after(self, world);
  }
  const away = !place.bot && world.get(place.character)?.connected !== true;
  if (!known) {
    const { bot } = place;
    state.seats[seat] = { name: bot ? wrenName : place.name, score: 0, away, bot, left: false, again: false };
  } else if (known.away !== away) known.away = away;
}

function refuse(no: string, text: string): Refused {
  return { no, text };
}
