import { readFileSync } from 'node:fs';
import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';
import { knotOf, scoreOf, without } from '../client/rules.ts';
import { fill, fullBag } from './twine/bag.ts';
import { commonWith, isWord } from './twine/words.ts';
import { think } from './twine/wren.ts';

const board = 'games/wordgame/scripts/board.ts';

/** Does what the zone's script does when the node tells it about a seat. */
const usher = {
  kind: 'usher',
  script: `import { defineObject } from 'roost';
export default defineObject({
  messages: { seat(self, { world, data }) { world.state.places[data.seat] = data.place; } },
});`,
};
const world = { places: [null, null] };

async function lay(settings: Record<string, number> = {}) {
  const table = await simulate(board, { kinds: [usher], world, settings });
  const thing = table.place('board', { x: 10, y: 10 });
  const desk = table.place('usher', { x: 1, y: 1 });
  const seat = (at: number, place: object | null) => {
    table.send(desk, 'seat', { seat: at, place } as never);
    table.seconds(0.5);
  };
  return { table, board: thing, seat, [Symbol.dispose]: () => table[Symbol.dispose]() };
}

const placeOf = ({ id, name }: { readonly id: string; readonly name: string }) => ({ character: id, name, bot: false });

/** Ann and Ben at a table, about to play. */
async function sitDown(settings: Record<string, number> = {}) {
  const game = await lay(settings);
  const players = [game.table.join('Ann', { x: 9, y: 10 }), game.table.join('Ben', { x: 11, y: 10 })] as const;
  for (const at of [0, 1] as const) game.seat(at, placeOf(players[at]));
  return { ...game, players };
}

type Game = Awaited<ReturnType<typeof sitDown>>;
type Answer = { readonly no?: string; readonly rack: string; readonly score: number };

const act = ({ table, board, players }: Game, seat: number, method: string, params: object = {}) =>
  table.call(players[seat as 0 | 1], board, method, params as never) as Answer;

/** A word that the player whose turn it is can lay. */
function wordFor({ board }: Game): string | undefined {
  const { next, thread } = board.state;
  const last = thread.at(-1).word as string;
  const rack = board.secret.racks[next] as string;
  for (let knot = last.length - 1; knot > 0; knot--)
    for (let length = 3; length <= 9; length++)
      for (const word of commonWith(last.slice(-knot), length, 5000))
        if (knotOf(last, word) === knot && without(rack, word.slice(knot)) !== null) return word;
  return undefined;
}

/** The player whose turn it is does what he can. */
function move(game: Game): Answer {
  const { next, turn } = game.board.state;
  const word = wordFor(game);
  return word === undefined ? act(game, next, 'swap', { letters: '', turn }) : act(game, next, 'play', { word, turn });
}

describe('the rules', () => {
  it('tie words by as many letters as they have in common, never by all of either', () => {
    expect(knotOf('garden', 'nest')).toBe(1);
    expect(knotOf('garden', 'estate')).toBe(0);
    expect(knotOf('garden', 'denial')).toBe(3);
    expect(knotOf('banana', 'anagram')).toBe(3);
    expect(knotOf('garden', 'gardens')).toBe(0);
    expect(knotOf('ten', 'ten')).toBe(0);
  });

  it('count letters times the knot, and a bonus for seven letters at once', () => {
    expect(scoreOf('nest', 1)).toBe(4);
    expect(scoreOf('quiz', 2)).toBe(42);
    expect(scoreOf('nestling', 1)).toBe(10 + 20);
  });

  it('take from a rack only what is in it, as often as it is there', () => {
    expect(without('aab', 'ab')).toBe('a');
    expect(without('aab', 'bb')).toBeNull();
  });

  it('know some seventy thousand words', () => {
    for (const word of ['ace', 'zoo', 'garden', 'colour', 'color', 'zygotes', 'aardvark', 'abandoned'])
      expect(isWord(word)).toBe(true);
    for (const word of ['', 'a', 'xqz', 'zzz', 'aaa', 'aardvarkz', 'abandonedly', 'ace act'])
      expect(isWord(word)).toBe(false);
    expect(commonWith('qu', 4, 100)).toEqual(['quad', 'quay', 'quip', 'quit', 'quiz']);
  });

  it('have no word that only hurts, and Wren says none that people would not say to a child', () => {
    const barred = readFileSync('games/wordgame/words/left-out.txt', 'utf8').trim().split('\n');
    expect(barred.length).toBeGreaterThan(100);
    expect(barred.filter(isWord)).toEqual([]);
    // These letters make SHIT, which is a word, and nothing else that Wren knows behind an S.
    expect(isWord('shit')).toBe(true);
    expect(
      think(
        'gas',
        'hit',
        (word) => word === 'shit',
        () => 0,
      ),
    ).toBeNull();
    expect(
      think(
        'gas',
        'hip',
        (word) => word === 'ship',
        () => 0,
      ),
    ).toBe('ship');
  });

  it('have a hundred letters', () => {
    expect(fullBag).toHaveLength(100);
    expect(fill('ab', 'cd', () => 0)).toEqual({ rack: 'abcd', bag: '' });
  });
});

describe('the board', () => {
  it('begins when both sit, shows no letters, and tells each player his own', async () => {
    using game = await sitDown();
    const { state, secret } = game.board;
    expect(state).toMatchObject({ phase: 'playing', turn: 0, turns: 14, left: 86, clock: 45, match: 1 });
    expect(state.thread).toMatchObject([{ seat: -1, score: 0 }]);
    for (const seat of [0, 1]) expect(act(game, seat, 'look')).toMatchObject({ seat, rack: secret.racks[seat] });
    const stranger = game.table.join('Eve', { x: 10, y: 11 });
    expect(game.table.call(stranger, game.board, 'look')).toMatchObject({ seat: -1, rack: '' });
    for (const method of ['resign', 'again'])
      expect(game.table.call(stranger, game.board, method)).toMatchObject({ no: 'not-seated' });
    expect(game.table.call(stranger, game.board, 'play', { word: 'yes', turn: 0 })).toMatchObject({ no: 'not-seated' });
    expect(JSON.stringify(state)).not.toContain(secret.racks[0]);
  });

  it('takes a word of the list that is tied, of letters one has, in turn, once', async () => {
    using game = await sitDown();
    const { state } = game.board;
    const { next } = state;
    const word = wordFor(game) as string;
    expect(act(game, 1 - next, 'play', { word, turn: 0 })).toMatchObject({ no: 'not-your-turn' });
    expect(act(game, next, 'play', { word, turn: 1 })).toMatchObject({ no: 'turn-over' });
    expect(act(game, next, 'play', { word: 'a b', turn: 0 })).toMatchObject({ no: 'word-letters' });
    expect(act(game, next, 'play', { word: 'ab', turn: 0 })).toMatchObject({ no: 'word-length' });
    const end = state.thread[0].word.at(-1);
    expect(act(game, next, 'play', { word: end === 'z' ? 'yes' : 'zap', turn: 0 })).toMatchObject({ no: 'no-knot' });
    expect(act(game, next, 'play', { word: `${end}zzzzz`, turn: 0 })).toMatchObject({ no: 'letters-missing' });
    const rack = game.board.secret.racks[next] as string;
    expect(act(game, next, 'play', { word: `${end}${rack}`, turn: 0 })).toMatchObject({ no: 'word-unknown' });
    const done = act(game, next, 'play', { word, turn: 0 });
    expect(done).toMatchObject({ word, score: scoreOf(word, knotOf(state.thread[0].word, word)) });
    expect(done.rack).toHaveLength(7);
    expect(game.board.state).toMatchObject({ turn: 1, next: 1 - next });
    expect(game.board.state.seats[next].score).toBe(done.score);
    expect(act(game, next, 'play', { word, turn: 0 })).toMatchObject({ no: 'not-your-turn' });
  });

  it('is over after seven turns each; nothing is played then, and who wants plays again with the other beginning', async () => {
    using game = await sitDown();
    const first = game.board.state.next;
    for (let turn = 0; turn < 14; turn++) move(game);
    const { phase, result, seats } = game.board.state;
    expect(phase).toBe('over');
    const [ann, ben] = seats as { score: number }[];
    expect(result).toEqual({
      why: 'turns',
      winner: ann?.score === ben?.score ? null : Number((ann?.score ?? 0) < (ben?.score ?? 0)),
    });
    expect(act(game, 0, 'play', { word: 'yes', turn: 14 })).toMatchObject({ no: 'not-playing' });
    act(game, 0, 'again');
    expect(game.board.state.phase).toBe('over');
    act(game, 1, 'again');
    expect(game.board.state).toMatchObject({ phase: 'playing', match: 2, turn: 0, next: 1 - first });
  });

  it('lets a turn run out once; the second time in a row the match is lost', async () => {
    using game = await sitDown();
    const { next } = game.board.state;
    game.table.seconds(46);
    expect(game.board.state).toMatchObject({ turn: 1, next: 1 - next, note: { what: 'miss', seat: next } });
    for (const turn of [0, 1])
      expect(act(game, next, 'play', { word: 'yes', turn })).toMatchObject({ no: 'not-your-turn' });
    move(game);
    game.table.seconds(46);
    expect(game.board.state).toMatchObject({ phase: 'over', result: { why: 'clock', winner: 1 - next } });
  });

  it('changes letters, and begins the thread anew when neither lays a word', async () => {
    using game = await sitDown();
    const { next } = game.board.state;
    const rack = game.board.secret.racks[next] as string;
    expect(act(game, next, 'swap', { letters: '?', turn: 0 })).toMatchObject({ no: 'letters-missing' });
    expect(act(game, next, 'swap', { letters: rack.slice(0, 3), turn: 0 }).rack).toHaveLength(7);
    expect(game.board.state).toMatchObject({ left: 86, note: { what: 'swap', seat: next, count: 3 } });
    act(game, 1 - next, 'swap', { letters: '', turn: 1 });
    expect(game.board.state.thread).toMatchObject([{ seat: -1 }, { seat: -1 }]);
    const all = [...game.board.secret.racks, game.board.secret.bag].join('');
    expect([...all].sort()).toEqual([...fullBag].sort());
  });

  it('keeps a match over a restart, and gives the seat to who the node says has it', async () => {
    using game = await sitDown();
    const { thread } = game.board.state;
    const [rack] = game.board.secret.racks;
    game.table.leave(game.players[0]);
    game.seat(0, { character: '', name: 'Ann', bot: false });
    expect(game.board.state).toMatchObject({ phase: 'playing', seats: [{ away: true }, { away: false }] });
    game.table.restart();
    const ann = game.table.join('Ann2', { x: 10, y: 9 });
    game.seat(0, placeOf(ann));
    expect(game.table.call(ann, game.board, 'look')).toMatchObject({ seat: 0, rack });
    expect(game.board.state).toMatchObject({ thread, phase: 'playing', seats: [{ away: false }, {}] });
  });

  it('gives who comes back after a restart of the node time for the turn', async () => {
    using game = await sitDown();
    game.table.seconds(44);
    game.table.restart();
    game.table.seconds(10);
    expect(game.board.state).toMatchObject({ turn: 0, phase: 'playing' });
    game.table.seconds(12);
    expect(game.board.state).toMatchObject({ turn: 1, note: { what: 'miss' } });
  });

  it('is won by who stays when the other gives the seat up, and has no other match then', async () => {
    using game = await sitDown();
    game.table.connect(game.players[1], false);
    game.table.seconds(1);
    expect(game.board.state).toMatchObject({ phase: 'playing', seats: [{ away: false }, { away: true }] });
    game.seat(1, null);
    expect(game.board.state).toMatchObject({
      phase: 'over',
      result: { why: 'left', winner: 0 },
      seats: [{}, { left: true }],
    });
    act(game, 0, 'again');
    expect(game.board.state.phase).toBe('over');
  });

  it('is lost by who gives up', async () => {
    using game = await sitDown();
    act(game, 1, 'resign');
    expect(game.board.state).toMatchObject({ phase: 'over', result: { why: 'resigned', winner: 0 } });
    expect(act(game, 1, 'resign')).toMatchObject({ no: 'not-playing' });
  });

  it('has Wren play to the end when the node gives it a seat', async () => {
    using game = await lay();
    const ann = game.table.join('Ann', { x: 9, y: 10 });
    game.seat(0, placeOf(ann));
    expect(game.board.state.phase).toBe('waiting');
    game.seat(1, { character: '', name: 'Bot', bot: true });
    expect(game.board.state.seats[1]).toMatchObject({ name: 'Wren', bot: true, away: false });
    const together = { ...game, players: [ann, ann] as const };
    for (let round = 0; game.board.state.phase === 'playing' && round < 20; round++) {
      if (game.board.state.next === 0) move(together);
      game.table.seconds(6);
    }
    expect(game.board.state).toMatchObject({ phase: 'over', result: { why: 'turns' } });
    expect(game.board.state.thread.filter(({ seat }: { seat: number }) => seat === 1).length).toBeGreaterThan(2);
    act(together, 0, 'again');
    expect(game.board.state).toMatchObject({ phase: 'playing', match: 2 });
  });
});

describe('the table', () => {
  it('has one board, and is told by the node alone who sits there', async () => {
    using table = await simulate({ game: 'wordgame', zone: 'table' });
    expect(table.find('board')).toHaveLength(1);
    const eve = table.join('Eve');
    const seat = {
      match: 'm',
      mode: 'duel',
      seats: 2,
      seat: 0,
      name: 'Eve',
      character: eve.id,
      bot: false,
      open: false,
    };
    table.call(eve, 'zone', 'seat', seat);
    expect(table.world.places).toEqual([null, null]);
  });
});
